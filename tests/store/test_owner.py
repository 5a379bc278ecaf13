"""What root does to the data of a server that runs as a user of its own leaves that server its files."""

import os
from pathlib import Path

import pytest

from nexus.store import StoreError
from nexus.store.lock import hold
from nexus.store.owner import make_folder
from nexus.store.sqlite import SqliteStore
from nexus.store.sqlite.backup import back_up, put_back

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act for another user")

USER, GROUP = 12345, 12346


def owners(folder: Path) -> set[tuple[int, int]]:
    """Whose a folder and all in it are."""
    return {(found.stat().st_uid, found.stat().st_gid) for found in (folder, *folder.iterdir())}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data directory of another user, with a database that root made."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    os.chown(folder, USER, GROUP)
    with hold(folder):
        SqliteStore.open(folder).close()
    return folder


def test_what_root_makes_in_a_data_directory_belongs_to_its_owner(data: Path) -> None:
    assert {path.name for path in data.iterdir()} >= {"lock", "nexus.db", "session.key"}
    assert owners(data) == {(USER, GROUP)}


def test_a_backup_that_root_restores_belongs_to_the_owner_and_one_of_its_own_to_root(
    data: Path, tmp_path: Path
) -> None:
    back_up(data / "nexus.db", tmp_path / "copy.db")
    with hold(data):
        put_back(tmp_path / "copy.db", data / "nexus.db", keep_logins=False)

    assert (data / "nexus.db.replaced-1").exists()
    assert owners(data) == {(USER, GROUP)}
    assert (tmp_path / "copy.db").stat().st_uid == 0


def test_the_folder_of_the_copies_belongs_to_the_owner_of_the_data(data: Path, tmp_path: Path) -> None:
    make_folder(tmp_path / "data-backups", data)
    back_up(data / "nexus.db", tmp_path / "data-backups" / "copy.db")

    assert owners(tmp_path / "data-backups") == {(USER, GROUP)}


def test_a_lock_that_leads_elsewhere_is_not_followed(data: Path, tmp_path: Path) -> None:
    (data / "lock").unlink()
    (tmp_path / "precious").write_text("kept")
    (data / "lock").symlink_to(tmp_path / "precious")

    with pytest.raises(StoreError, match="cannot be used"):
        hold(data)
    assert (tmp_path / "precious").read_text() == "kept"
