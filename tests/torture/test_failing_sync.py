"""The disk fails to write or to sync now and then: that group is refused, never believed, and the next one goes on."""

from pathlib import Path

import pytest

from tests.live.server import Server
from tests.torture.load import Load
from tests.torture.scale import SEED, scaled
from tests.torture.sender import FINAL
from tests.torture.tracing import count_failures, failing, made_to_fail, need_strace
from tests.torture.verdict import settle

SYNCS = "fsync,fdatasync"

FAULTS = [
    (SYNCS, "EIO", "5+20", FINAL | {"unavailable"}),
    *scaled(
        [],
        [
            (SYNCS, "EIO", "5+20", FINAL),
            (SYNCS, "EIO", "4+2", FINAL),
            (SYNCS, "ENOSPC", "9+9", FINAL | {"unavailable"}),
            ("pwrite64", "EIO", "20+307", FINAL | {"unavailable"}),
            ("pwrite64", "ENOSPC", "40+211", FINAL),
        ],
    ),
]


@pytest.mark.parametrize(("calls", "error", "when", "final"), FAULTS)
def test_a_group_that_the_disk_did_not_take_is_refused_and_never_believed(
    tmp_path: Path, calls: str, error: str, when: str, final: frozenset[str]
) -> None:
    """Those whose senders give up are nowhere in the history, the others are there once."""
    need_strace()
    data, trace = tmp_path / "data", tmp_path / "trace"
    server = Server(data)
    with server, Load(server.ws, SEED, final=final, senders=scaled(2, 5), file=tmp_path / "load.jsonl") as load:
        load.more(20)
        faults = failing(calls, error, when, [data / "nexus.db-wal", data / "nexus.db"])
        with made_to_fail(server, trace, faults):
            load.more(scaled(400, 2000), within=600)
        assert count_failures(trace) >= scaled(3, 5)
        settle(load, server)


def test_a_kill_right_after_a_sync_that_failed_leaves_what_was_acknowledged(tmp_path: Path) -> None:
    """The log has a group then that was refused, and that its senders ask about again."""
    need_strace()
    data, trace = tmp_path / "data", tmp_path / "trace"
    with Server(data) as server, Load(server.ws, SEED + 1, senders=scaled(2, 5), file=tmp_path / "load.jsonl") as load:
        for number in range(scaled(1, 20)):
            load.more(20)  # so everyone is in: a newcomer has to be stored too
            refused = load.log.counts["refused"]
            faults = failing(SYNCS, "EIO", f"{1 + number}+1", [data / "nexus.db-wal"])
            with made_to_fail(server, trace, faults):
                load.until(refused=refused + 10)
                server.kill()
            server.start()
        settle(load, server)
