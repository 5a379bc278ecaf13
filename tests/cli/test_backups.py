"""`nexus backup` and `nexus restore` as processes: beside a server, after a crash, and killed half-way."""

import json
import shutil
import signal
import sqlite3
import stat
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.command import COMMAND, environment, nexus, serving
from tests.cli.test_serve import ask, greeted

strace = pytest.mark.skipif(shutil.which("strace") is None, reason="`make system` installs strace")

PASSWORD = "correct horse battery"


def one(database: Path, query: str) -> object:
    """The one value that a query gives."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchone()[0]


def posted(database: Path) -> list[str]:
    """The texts of a database's messages."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM events WHERE kind = 1 ORDER BY id")]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A backup made beside a server, which took one more message afterwards and was then killed."""
    with serving(cwd=tmp_path) as server, greeted("Ann", server.told("Open")) as ann:
        ask(ann, type="register", name="Ann", password=PASSWORD)
        ask(ann, type="join", room="garden")
        ask(ann, type="post", room="garden", text="before")
        told = nexus("backup", "--to", "copy.db", cwd=tmp_path)
        assert (told.returncode, told.stderr) == (0, "")
        ask(ann, type="post", room="garden", text="after")
        server.process.kill()
        server.process.communicate()
    return tmp_path / "copy.db"


def test_a_copy_made_beside_a_server_is_private_and_has_what_was_stored(copy: Path) -> None:
    assert posted(copy) == ["before"]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert {path.name for path in copy.parent.iterdir()} == {"nexus-data", "copy.db"}


def test_without_a_name_it_lies_beside_the_data_directory(copy: Path) -> None:
    assert nexus("backup", cwd=copy.parent).returncode == 0
    (made,) = (copy.parent / "nexus-data-backups").iterdir()

    assert posted(made) == ["before", "after"]


def test_a_backup_and_a_restore_answer_in_json(copy: Path) -> None:
    made = nexus("backup", "--to", "second.db", "--json", cwd=copy.parent)
    put = nexus("restore", "copy.db", "--json", cwd=copy.parent)

    assert json.loads(made.stdout) == {"file": "second.db"}
    aside = str(Path("nexus-data", "nexus.db.replaced-1"))
    assert json.loads(put.stdout) == {"file": "copy.db", "replaced": aside, "logins": False}


def test_a_server_whose_accounts_are_damaged_says_so_and_starts_with_a_backup(copy: Path) -> None:
    database = copy.parent / "nexus-data" / "nexus.db"
    nexus("user", "list", cwd=copy.parent)  # folds what the killed server left in its log
    root = one(database, "SELECT rootpage FROM sqlite_schema WHERE name = 'accounts'")
    size = one(database, "PRAGMA page_size")
    assert isinstance(root, int)
    assert isinstance(size, int)
    with database.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)

    told = nexus("serve", "--port", "0", cwd=copy.parent)
    assert (told.returncode, "Traceback" in told.stderr) == (1, False), told.stderr
    assert "The database is damaged (SQLITE_CORRUPT). `nexus doctor` says what to do." in told.stderr
    assert nexus("restore", "copy.db", cwd=copy.parent).returncode == 0
    with serving(cwd=copy.parent) as server, greeted("Bo", server.told("Open")):
        pass


def test_a_backup_replaces_nothing(copy: Path) -> None:
    told = nexus("backup", "--to", "copy.db", cwd=copy.parent)

    assert (told.returncode, posted(copy)) == (1, ["before"])
    assert "is there already" in told.stderr


def test_a_restore_ends_logins_has_a_new_epoch_and_keeps_what_was_there(copy: Path) -> None:
    told = nexus("restore", "copy.db", cwd=copy.parent)
    data = copy.parent / "nexus-data"

    assert (told.returncode, told.stderr) == (0, "")
    assert "All logins, sessions, invitations and reset links have ended." in told.stdout
    assert posted(data / "nexus.db") == ["before"]
    assert posted(data / "nexus.db.replaced-1") == ["before", "after"]
    assert one(data / "nexus.db", "SELECT count(*) FROM logins") == 0
    assert one(data / "nexus.db", "SELECT epoch FROM meta") != one(copy, "SELECT epoch FROM meta")
    with serving(cwd=copy.parent) as server, greeted("Bo", server.told("Open")) as bo:
        ask(bo, type="join", room="garden")
        events = ask(bo, type="history", room="garden")["events"]
    assert [event["text"] for event in events if event["type"] == "posted"] == ["before"]


def test_logins_stay_where_that_is_asked_for(copy: Path) -> None:
    assert nexus("restore", "copy.db", "--keep-logins", cwd=copy.parent).returncode == 0

    restored = copy.parent / "nexus-data" / "nexus.db"
    assert one(restored, "SELECT count(*) FROM logins") == one(copy, "SELECT count(*) FROM logins")
    assert one(restored, "SELECT key FROM meta") == one(copy, "SELECT key FROM meta")


def test_a_running_server_keeps_its_database(copy: Path) -> None:
    with serving(cwd=copy.parent):
        told = nexus("restore", "copy.db", cwd=copy.parent)

    assert (told.returncode, told.stdout) == (3, "")
    assert "is in use by process" in told.stderr
    assert posted(copy.parent / "nexus-data" / "nexus.db") == ["before", "after"]


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100, None], ids=["empty", "foreign", "missing"])
def test_what_is_no_backup_changes_nothing(copy: Path, content: bytes | None) -> None:
    copy.unlink()
    if content is not None:
        copy.write_bytes(content)

    told = nexus("restore", "copy.db", cwd=copy.parent)

    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert posted(copy.parent / "nexus-data" / "nexus.db") == ["before", "after"]


def killed_at(call: str, number: int, *arguments: str, cwd: Path) -> int:
    """Run a command that is killed at its nth call of the system."""
    inject = f"inject={call}:signal=SIGKILL:when={number}"
    words = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject, *COMMAND, *arguments]
    return subprocess.run(words, cwd=cwd, env=environment(), capture_output=True, timeout=60, check=False).returncode


@strace
@pytest.mark.parametrize(("call", "number"), [("fsync", 1), ("fsync", 2), ("link", 1), ("fsync", 3), ("rename", 1)])
def test_a_restore_killed_half_way_leaves_one_of_the_two_and_can_be_repeated(
    copy: Path, call: str, number: int
) -> None:
    code = killed_at(call, number, "restore", "copy.db", cwd=copy.parent)
    database = copy.parent / "nexus-data" / "nexus.db"

    assert code in (-signal.SIGKILL, 128 + signal.SIGKILL)
    assert posted(database) in (["before"], ["before", "after"])
    assert nexus("restore", "copy.db", cwd=copy.parent).returncode == 0
    assert posted(database) == ["before"]


@strace
def test_a_backup_killed_half_way_has_no_name_and_can_be_repeated(copy: Path) -> None:
    killed_at("rename", 1, "backup", "--to", "second.db", cwd=copy.parent)
    assert not (copy.parent / "second.db").exists()

    assert nexus("backup", "--to", "second.db", cwd=copy.parent).returncode == 0
    assert posted(copy.parent / "second.db") == ["before", "after"]
