"""`nexus move` as a person calls it: from a data directory to PostgreSQL and back, with a client that goes on."""

from pathlib import Path

import pytest

from tests.cli.command import environment, nexus, serving
from tests.cli.test_serve import ask, greeted
from tests.postgres import Postgres


def test_a_chat_is_moved_and_goes_on_there_and_back(postgres: Postgres, tmp_path: Path) -> None:
    url = postgres.new()
    with serving(cwd=tmp_path) as server, greeted("Ann", server.told("Open")) as ann:
        ask(ann, type="join", room="garden")
        ask(ann, type="post", room="garden", text="in the directory")

    told = nexus("move", "--to", url, cwd=tmp_path)
    assert (told.returncode, told.stderr) == (0, "")
    assert "rooms: 1 row, the same on both sides." in told.stdout
    assert nexus("user", "list", cwd=tmp_path).returncode == 1  # nothing of it is there any more

    there = environment(NEXUS_STORE_URL=url)
    with serving(cwd=tmp_path, environ=there) as server, greeted("Bo", server.told("Open")) as bo:
        ask(bo, type="join", room="garden")
        ask(bo, type="post", room="garden", text="in the database")
        refused = nexus("move", "--to", "back", cwd=tmp_path, environ={"NEXUS_STORE_URL": url})
        assert (refused.returncode, "A server uses" in refused.stderr) == (1, True)

    back = nexus("move", "--to", "back", cwd=tmp_path, environ={"NEXUS_STORE_URL": url})
    assert (back.returncode, back.stderr) == (0, "")
    with serving("--data", "back", cwd=tmp_path) as server, greeted("Cy", server.told("Open")) as cy:
        page = ask(cy, type="history", room="garden")
        assert [one["text"] for one in page["events"]] == ["in the directory", "in the database"]
    postgres.drop(url)


@pytest.mark.parametrize("to", ["somewhere", "mysql://localhost/nexus"])
def test_a_place_that_is_none_is_told(tmp_path: Path, to: str) -> None:
    told = nexus("move", "--to", to, cwd=tmp_path)
    assert told.returncode == 2
    assert "A chat is moved from a data directory to postgresql://" in told.stderr


def test_a_backup_of_postgresql_is_not_ours(tmp_path: Path) -> None:
    for command in (("backup",), ("restore", "x.db")):
        told = nexus(*command, cwd=tmp_path, environ={"NEXUS_STORE_URL": "postgresql://localhost/nexus"})
        assert (told.returncode, "docs/cluster.md" in told.stderr) == (1, True)
