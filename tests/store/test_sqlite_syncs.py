"""Syncs that fail, as a kernel reports them: strace answers every second or third with EIO and syncs nothing."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nexus.protocol.kinds import text_of
from nexus.store.sqlite import SqliteStore

POSTING = """
import sys
from pathlib import Path
from nexus.core.changes import MakeRoom
from nexus.core.log import Record
from nexus.protocol.events import Posted
from nexus.ports import Unavailable
from nexus.store.sqlite import SqliteStore

def post(number):
    try:
        event = Posted(room="garden", seq=0, at=1000, by="Cy", guest=True, text=str(number))
        store.commit([Record(1, -7, event, f"n{number}")], [])
        print("told", event.seq, event.text, flush=True)
        return True
    except Unavailable as why:
        assert "SQLITE_IOERR_FSYNC" in str(why), why
        assert str(number) not in [one.event.text for one in store.page(1, after=0, before=999, limit=999, newest=True)]
        print("refused", number, flush=True)
        return False

store = SqliteStore.open(Path(sys.argv[1]))
store.commit([], [MakeRoom("garden", "garden", 1)])
assert all(post(number) for number in range(30))
refused = [number for number in range(30, 60) if not post(number)]
for _ in range(20):
    refused = [number for number in refused if not post(number)]
assert not refused
if sys.argv[2] == "close":
    store.close()
"""
# The first 31 commits make at least 31 syncs, opening the file some thirty more, all before the first that fails.
FAILING = "inject=fdatasync,fsync:error=EIO:when=78+"


def check_syncs_that_fail(directory: Path, every: int, end: str) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    trace = ["strace", "-f", "-o", str(directory / "trace"), "-e", "trace=fdatasync,fsync", "-e", f"{FAILING}{every}"]
    child = [sys.executable, "-c", POSTING, str(directory), end]
    ended = subprocess.run([*trace, *child], env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert "refused" in ended.stdout
    told = {int(seq): text for seq, text in re.findall(r"^told (\d+) (\d+)$", ended.stdout, re.MULTILINE)}
    store = SqliteStore.open(directory)
    records = store.page(1, after=0, before=999, limit=999, newest=False)
    store.close()
    stored = {record.event.seq: text_of(record.event) for record in records}
    assert stored == told
    assert sorted(map(int, stored.values())) == list(range(60))


if shutil.which("strace") and subprocess.run(["strace", "true"], capture_output=True, check=False).returncode == 0:

    @pytest.mark.parametrize("end", ["close", "crash"])
    @pytest.mark.parametrize("every", [2, 3])
    def test_a_group_whose_sync_failed_is_not_there_and_can_be_sent_again(tmp_path: Path, every: int, end: str) -> None:
        check_syncs_that_fail(tmp_path, every, end)
