"""What the operator does with rooms: beside a running server, and where none runs."""

import json
from pathlib import Path
from typing import Any

from tests.cli.command import nexus, serving
from tests.cli.test_operator import answer, run, with_ann
from tests.cli.test_serve import ask, greeted


def until(connection: Any, kind: str) -> dict[str, Any]:
    """The next frame of a kind."""
    return next(frame for frame in map(json.loads, connection) if frame["type"] == kind)


def test_an_operator_renames_a_room_while_people_are_in_it(tmp_path: Path) -> None:
    with serving(cwd=tmp_path) as server, greeted("Ann", server.told("Open")) as ann:
        ask(ann, type="join", room="garden")
        ask(ann, type="join", room="kitchen")

        assert run(tmp_path, "room", "rename", "garden", "Meadow") == "garden is now called meadow.\n"

        assert until(ann, "moved") == {"type": "moved", "room": "meadow", "from": "garden"}
        told = until(ann, "configured")
        assert (told["room"], told["name"], told["by"]) == ("meadow", "meadow", "server")
        assert answer(tmp_path, "room", "show", "garden")["room"]["name"] == "meadow"
        assert [(act["verb"], act["detail"]) for act in answer(tmp_path, "audit")] == [
            ("rename_room", "garden to meadow")
        ]
        taken = nexus("room", "rename", "meadow", "kitchen", cwd=tmp_path)
        assert (taken.returncode, "'kitchen'" in taken.stderr) == (1, True)
        assert len(answer(tmp_path, "audit")) == 1
        run(tmp_path, "room", "archive", "garden")
        assert until(ann, "configured")["archived"] is True


def test_a_room_that_was_renamed_on_a_stopped_server_keeps_its_transcript(tmp_path: Path) -> None:
    with_ann(tmp_path)

    assert run(tmp_path, "room", "rename", "garden", "meadow") == "garden is now called meadow.\n"
    assert run(tmp_path, "room", "archive", "meadow") == "meadow is archived.\n"
    assert run(tmp_path, "room", "archive", "garden", "--undo") == "meadow is open for messages again.\n"
    assert [act["verb"] for act in answer(tmp_path, "audit")] == ["unarchive", "archive", "rename_room"]

    with serving(cwd=tmp_path) as server, greeted("Bo", server.told("Open")) as bo:
        ask(bo, type="create", room="garden")
        ask(bo, type="join", room="garden")
        ask(bo, type="post", room="garden", text="A new bed.")
        ask(bo, type="join", room="meadow")
        ask(bo, type="post", room="meadow", text="A cow.")
    logs = {
        path.name: "".join(day.read_text() for day in path.glob("*.log"))
        for path in (tmp_path / "nexus-data" / "logs").iterdir()
    }
    assert {name: [word for word in ("beans", "bed", "cow") if word in text] for name, text in logs.items()} == {
        "garden": ["beans", "cow"],
        "garden%202": ["bed"],
    }
