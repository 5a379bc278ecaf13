"""Each check of `nexus doctor` on its own: what it sees, and what it says to do."""

import errno
import os
import shutil
import sqlite3
import time
import tomllib
from contextlib import closing
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from nexus.cli import descriptors
from nexus.cli.checks import database, disk, lock, machine, port, tls, trust
from nexus.settings import Accounts, Limits, Metrics, Settings, Tls
from nexus.settings.fields import Backup
from nexus.store.lock import hold
from nexus.store.sqlite import SqliteStore
from tests.cli.command import CERTIFICATES, ROOT


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory with a database that nobody has open."""
    SqliteStore.open(tmp_path).close()
    return tmp_path


def listing(directory: Path) -> dict[str, bytes]:
    """Every file and what is in it."""
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def test_an_intact_database_reports_its_schema_and_epoch(data: Path) -> None:
    before = listing(data)
    store = SqliteStore.open(data)
    store.close()

    check = database.check(data)

    assert check.state == "ok"
    assert f"epoch {store.epoch}." in check.sentence
    assert listing(data).keys() == before.keys()


def test_what_is_not_in_the_file_yet_but_in_its_log_is_read_too(data: Path) -> None:
    with closing(SqliteStore.open(data)) as store:
        assert (data / "nexus.db-wal").exists()
        assert store.epoch in database.check(data).sentence


def test_no_database_yet_is_well(tmp_path: Path) -> None:
    assert database.check(tmp_path).state == "ok"
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_database_fails(data: Path) -> None:
    with closing(sqlite3.connect(data / "nexus.db")) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    with (data / "nexus.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 8192)

    check = database.check(data)

    assert check.state == "FAIL"
    assert "restore a backup, and keep this one." in check.sentence


@pytest.mark.parametrize("content", [b"", b"not a database, but long enough to be looked at" * 40])
def test_a_file_that_is_no_database_fails(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "nexus.db").write_bytes(content)

    assert database.check(tmp_path).state == "FAIL"


def test_a_newer_database_fails(data: Path) -> None:
    with closing(sqlite3.connect(data / "nexus.db")) as connection:
        connection.execute("PRAGMA user_version = 999")

    check = database.check(data)

    assert check.state == "FAIL"
    assert "written by a newer Nexus: it has schema 999" in check.sentence


def test_a_database_too_large_to_look_through_in_time_is_a_warning(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE", -1.0)
    monkeypatch.setattr(database, "STEPS", 1)

    assert database.check(data).state == "warn"


def test_the_lock_names_its_owner_and_is_not_taken(tmp_path: Path) -> None:
    assert lock.check(tmp_path)[1] is False
    with hold(tmp_path):
        written = listing(tmp_path)
        check, held = lock.check(tmp_path)
        assert held
        assert f"process {os.getpid()} on " in check.sentence
        assert listing(tmp_path) == written

    assert lock.check(tmp_path)[1] is False
    with hold(tmp_path):
        pass


def test_a_lock_that_cannot_be_read_fails(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to("lock")

    assert lock.check(tmp_path)[0].state == "FAIL"


def test_a_directory_that_can_be_written_is_left_as_it_is(tmp_path: Path) -> None:
    assert [check.state for check in disk.check(tmp_path)] == ["ok", "ok", "ok"]
    assert [check.state for check in disk.check(tmp_path / "a" / "b")] == ["ok", "ok", "ok"]
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    assert disk.check(tmp_path / "file")[0].sentence.endswith("is a file; choose a directory with --data.")
    assert disk.check(tmp_path / "file" / "data")[0].sentence.endswith("/file is a file.")


def test_a_directory_that_takes_no_file_fails() -> None:
    check = disk.check(Path("/proc/nexus-data"))[0]

    assert check.state == "FAIL"
    assert check.sentence.startswith("/proc/nexus-data cannot be made, because /proc cannot be written (")


@pytest.mark.parametrize(("free", "state"), [(1 << 20, "FAIL"), (512 << 20, "warn"), (2 << 30, "ok")])
def test_low_disk_space_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)

    assert {check.name: check.state for check in disk.check(tmp_path)}["space"] == state


def test_fewer_descriptors_than_connections_is_a_warning_with_the_number_to_allow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(descriptors, "allowed", lambda: 1024)
    settings = Settings(limits=Limits(connections=5000))

    check = machine.check_descriptors(settings)

    assert check.state == "warn"
    assert f"allow {descriptors.needed(settings)} (`ulimit -n`" in check.sentence
    assert machine.check_descriptors(Settings(limits=Limits(connections=100))).state == "ok"


def test_a_database_from_the_future_means_that_the_clock_was_set_back(data: Path) -> None:
    assert machine.check_clock(data).state == "ok"

    tomorrow = time.time() + 86400
    os.utime(data / "nexus.db", (tomorrow, tomorrow))

    assert machine.check_clock(data).state == "warn"


def test_the_versions_are_those_of_all_that_the_project_depends_on() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}

    assert {canonicalize_name(name) for name in machine.PACKAGES} == wanted
    assert [check.state for check in machine.check_versions()] == ["ok", "ok", "ok"]


def test_a_package_that_is_not_there_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(machine.PACKAGES, "gardening", "gardening")

    check = machine.check_versions()[-1]

    assert check.state == "FAIL"
    assert "gardening (No module named 'gardening')" in check.sentence


@pytest.mark.parametrize(
    ("certificate", "key", "state", "part"),
    [
        ("", "", "ok", "TLS is off"),
        ("good.pem", "good.key", "ok", "more days."),
        ("good.pem", "other.key", "FAIL", "other.key does not belong to the first certificate in "),
        ("good.pem", "secret.key", "FAIL", "secret.key has a passphrase"),
        ("good.pem", "none.key", "FAIL", "which cannot be read (No such file or directory)"),
        ("good.key", "good.pem", "FAIL", "are not a certificate and its key, each in PEM form"),
        ("expired.pem", "good.key", "FAIL", "expired.pem has expired; renew it."),
    ],
)
def test_certificates_and_keys(certificate: str, key: str, state: str, part: str) -> None:
    files = [str(CERTIFICATES / name) if name else "" for name in (certificate, key)]

    check = tls.check(Tls(*files))

    assert check.state == state
    assert part in check.sentence


def test_a_certificate_that_ends_soon_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tls, "SOON", 200 * 365 * 86400)
    files = Tls(str(CERTIFICATES / "good.pem"), str(CERTIFICATES / "good.key"))

    assert tls.check(files).state == "warn"


def test_an_address_of_another_machine_fails() -> None:
    check = port.check(Settings(host=("192.0.2.1",)), running=False)

    assert check.state == "FAIL"
    assert check.sentence.startswith("192.0.2.1 is not an address of this machine")


def test_files_that_others_can_open_are_a_warning(tmp_path: Path) -> None:
    for name in ("nexus.db", "session.key"):
        (tmp_path / name).touch(mode=0o600)
    assert trust.check_files(Settings(data=str(tmp_path))).state == "ok"
    tmp_path.chmod(0o755)
    (tmp_path / "nexus.db").chmod(0o640)

    found = trust.check_files(Settings(data=str(tmp_path)))

    assert (found.state, "nexus.db" in found.sentence, "session.key" in found.sentence) == ("warn", True, False)
    tmp_path.chmod(0o700)
    assert trust.check_files(Settings(data=str(tmp_path))).state == "ok", "Nobody else gets into the directory."


@pytest.mark.parametrize(
    ("proxies", "state"),
    [(("127.0.0.1", "10.0.0.0/8", "fd00::/32"), "ok"), (("0.0.0.0/0",), "FAIL"), (("::/0",), "FAIL")],
)
def test_who_is_believed_to_be_a_proxy(proxies: tuple[str, ...], state: str) -> None:
    assert trust.check_proxies(Settings(proxies=proxies)).state == state


def test_a_name_with_tls_that_is_open_without_it_is_a_warning() -> None:
    assert trust.check_names(Settings(hosts=("chat.example.org",), host=("0.0.0.0",))).state == "warn"
    assert trust.check_names(Settings(hosts=("chat.example.org",))).state == "ok"
    assert trust.check_names(Settings(host=("0.0.0.0",))).state == "ok"


def test_what_is_open_to_strangers_is_told() -> None:
    others = Settings(host=("0.0.0.0",), metrics=Metrics(token="secret"))
    told = (
        "without TLS, so that anyone on the way can read along; everyone may come in as a guest; everyone may register"
    )
    assert trust.check_open(others) == ("open", "warn", f"Open to anyone who can reach the server: {told}.")
    assert trust.check_open(Settings()).state == "ok"
    named = Settings(hosts=("chat.example.org",), guests="none", accounts=Accounts(register="invited"))
    assert trust.check_open(named).sentence.endswith("server: everyone may read /metrics.")
    assert trust.check_open(Settings(metrics=Metrics(listen="0.0.0.0:9100"))).state == "warn"


def test_copies_that_are_late_are_a_warning(tmp_path: Path) -> None:
    settings = Settings(backup=Backup(every=24, folder=str(tmp_path)))
    assert "no copy yet" in trust.check_backups(settings).sentence
    copy = tmp_path / "nexus-20261122T120000000000Z.db"
    copy.touch()
    assert trust.check_backups(settings).state == "ok"
    os.utime(copy, (86400, 86400))
    assert trust.check_backups(settings).state == "warn"


@pytest.mark.parametrize(
    ("version", "told"), [((3, 40, 1), True), ((3, 50, 7), False), ((3, 51, 2), True), ((3, 51, 3), False)]
)
def test_sqlite_with_the_fault_of_the_log_is_told(
    version: tuple[int, ...], told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    found = next(check for check in machine.check_versions() if check.name == "sqlite")
    assert (found.state, "WAL-reset" in found.sentence) == ("ok", told)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can have files of another user")
def test_a_file_that_the_server_cannot_open_since_root_made_it_is_named(data: Path) -> None:
    os.chown(data, 12345, 12345)

    found = trust.check_files(Settings(data=str(data)))

    assert found.state == "warn"
    assert f"{data / 'nexus.db'}" in found.sentence
    assert f"belong to another user than {data}" in found.sentence


def test_a_full_disk_is_not_said_to_need_a_backup_or_another_directory(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def fails(*_: object, **__: object) -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
        raise error

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    monkeypatch.setattr("sqlite3.connect", fails)
    (space,) = disk.check(data)

    assert (space.name, "is full; make room" in space.sentence) == ("space", True)
    assert "look at the disk first" in database.check(data).sentence
