"""`nexus room delete`: beside a running server, and where none runs."""

from pathlib import Path

from tests.cli.command import Serving, nexus, serving
from tests.cli.test_operator import PASSWORD, answer, run, with_ann
from tests.conformance.peer import Peer


def comes(server: Serving, name: str) -> Peer:
    """Someone on a new connection."""
    url = server.told("Open").replace("http", "ws", 1)
    peer = Peer(f"{url.rstrip('/')}/ws")
    peer.greet(name)
    return peer


def test_a_room_is_deleted_and_brought_back_where_no_server_runs(tmp_path: Path) -> None:
    with_ann(tmp_path)

    told = run(tmp_path, "room", "delete", "garden", "--yes", "--reason", "Winter.")

    assert told == "garden is deleted; `nexus room delete --undo garden` brings it back.\n"
    assert answer(tmp_path, "room", "list") == []
    assert [(act["verb"], act["name"], act["detail"], act["by"]) for act in answer(tmp_path, "audit")] == [
        ("destroy", "garden", "Winter.", "operator")
    ]
    with serving(cwd=tmp_path) as server:
        comes(server, "Bo").refused("not_found", "join", room="garden")
    assert not (tmp_path / "nexus-data/logs/garden").exists()
    assert run(tmp_path, "room", "delete", "garden", "--undo") == "garden is back.\n"
    assert "> The beans are in." in run(tmp_path, "room", "export", "garden")


def test_anyone_who_is_in_it_is_told_by_a_running_server(tmp_path: Path) -> None:
    with serving(cwd=tmp_path) as server:
        ann = comes(server, "Ann")
        ann.done("register", name="Ann", password=PASSWORD)
        ann.done("join", room="garden")
        run(tmp_path, "room", "delete", "garden", "--yes")
        assert ann.hears("member", room="garden")["member"] is False
        ann.refused("not_joined", "post", room="garden", text="hello?")
        run(tmp_path, "room", "delete", "garden", "--undo")
        assert ann.hears("member", room="garden")["member"] is True
        ann.done("join", room="garden")
        ann.leave()


def test_what_cannot_be_done_is_said(tmp_path: Path) -> None:
    with_ann(tmp_path)
    for name, more, why in (
        ("shed", "--yes", "There is no room 'shed'."),
        ("shed", "--undo", "There is no room 'shed'."),
        ("garden", "--undo", "The room 'garden' is not deleted."),
        ("lobby", "--yes", "There is no room 'lobby'."),
    ):
        told = nexus("room", "delete", name, more, cwd=tmp_path)
        assert (told.returncode, why in told.stderr) == (1, True), told.stderr
    told = nexus("room", "delete", "garden", cwd=tmp_path)
    assert told.returncode != 0
    assert [room["name"] for room in answer(tmp_path, "room", "list")] == ["garden"]
