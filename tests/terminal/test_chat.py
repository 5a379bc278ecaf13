"""`nexus chat` as people use it: at a terminal, with others, through restarts of the server."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from nexus.client.connection import Connection
from nexus.client.conversation import Conversation
from tests.live.server import Server
from tests.terminal.screen import CONTROL_D, ENTER, TAB, Person

READY = "Type and press Enter."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("server") / "data") as running:
        yield running


def room_of(path: Path) -> str:
    """A room of the test's own."""
    return f"garden-{path.name[-20:]}".replace("_", "-").lower()


def post_as(url: str, name: str, room: str, *texts: str) -> None:
    """Say something as another client would, with whatever characters."""

    async def speak() -> None:
        connection = Connection(url, Conversation(name))
        living = asyncio.create_task(connection.run())
        await connection.greeted.wait()
        await connection.join(room)
        for text in texts:
            await connection.post(room, text)
        await connection.leave_for_good()
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)

    asyncio.run(speak())


def test_two_people_chat(server: Server, tmp_path: Path) -> None:
    room = room_of(tmp_path)
    with (
        Person(server.url, "Ann", tmp_path / "a", "--room", room) as ann,
        Person(server.url, "Bo", tmp_path / "b", "--room", room) as bo,
    ):
        ann.sees(READY)
        bo.sees(READY)
        ann.say("hello Bo")
        bo.sees("~Ann: hello Bo")
        bo.say("hello Ann")
        ann.sees("~Bo: hello Ann")
        ann.toolbar_says("2 here")
        assert [ann.count("hello Bo"), ann.count("hello Ann")] == [1, 1]
        ann.say("/quit")
        assert ann.ends() == 0
        bo.type(CONTROL_D)
        assert bo.ends() == 0


def test_a_half_typed_line_survives_what_others_say(server: Server, tmp_path: Path) -> None:
    room = room_of(tmp_path)
    with Person(server.url, "Ann1", tmp_path, "--room", room) as ann:
        ann.sees(READY)
        ann.type("half a sent")
        ann.typed("half a sent")
        post_as(server.url, "Bo1", room, "first", "second line\nand its other half")
        ann.sees("~Bo1: first", "~Bo1: second line", "and its other half")
        ann.typed("half a sent")
        ann.type("ence" + ENTER)
        ann.sees("~Ann1: half a sentence")
        ann.typed("")


def test_a_restart_of_the_server_loses_and_repeats_nothing(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server, Person(server.url, "Ann", tmp_path) as ann:
        ann.sees(READY)
        ann.say("before")
        ann.sees("~Ann: before")
        ann.type("half a line")
        ann.typed("half a line")
        server.stop()
        ann.sees("Offline")
        ann.toolbar_says("offline")
        ann.typed("half a line")
        ann.type(" while away" + ENTER)
        ann.sees("waiting for the server: half a line while away")
        ann.toolbar_says("1 waiting")
        ann.type("typed on")
        ann.typed("typed on")
        server.start()
        ann.sees("Online again", "~Ann: half a line while away")
        ann.typed("typed on")
        ann.type(" after" + ENTER)
        ann.sees("~Ann: typed on after")
        ann.toolbar_says("1 here")
        assert [ann.count(f"~Ann: {said}") for said in ("before", "half a line while away", "typed on after")] == [
            1
        ] * 3
        ann.say("/quit")
        assert ann.ends() == 0
        with Person(server.url, "Cy", tmp_path) as cy:
            cy.sees(READY)
            cy.say("/history 50")
            cy.until(lambda: cy.count("typed on after") == 2)
            assert cy.count("half a line while away") == 2  # on joining, and in the history


def test_several_rooms_one_in_front_the_others_count_what_is_unread(server: Server, tmp_path: Path) -> None:
    room = room_of(tmp_path)
    with Person(server.url, "Ann2", tmp_path, "--room", room) as ann:
        ann.sees(READY)
        ann.say("/join kitchen")
        ann.toolbar_says("2 kitchen")
        post_as(server.url, "Bo2", room, "one", "two")
        ann.toolbar_says(f"1 {room} (2)")
        assert "~Bo2" not in ann.everything
        ann.say("/1")
        ann.sees("~Bo2: one", "~Bo2: two")
        ann.until(lambda: f"[{room}]" in ann.everything and "(2)" not in ann.toolbar)
        ann.say("/2")
        ann.until(lambda: any(line.startswith("[kitchen] Ann2>") for line in ann.lines))
        ann.say("/switch")
        ann.until(lambda: any(line.startswith(f"[{room}] Ann2>") for line in ann.lines))
        ann.say("/switch cellar")
        ann.sees("! You are not in 'cellar'")
        ann.say("/leave kitchen")
        ann.until(lambda: "kitchen" not in ann.toolbar)


def test_every_command_answers(server: Server, tmp_path: Path) -> None:
    room = room_of(tmp_path)
    with Person(server.url, "Ann3", tmp_path, "--room", room) as ann:
        ann.sees(READY)
        for typed, shown in (
            ("/jion garden", "! There is no command /jion; did you mean /join ROOM?"),
            ("/topic", "There is no topic"),
            ("/topic Roses, mostly", "set the topic: Roses, mostly"),
            ("/topic", "The topic is: Roses, mostly"),
            ("/who", f"Here in {room}: ~Ann3"),
            ("/rooms", "Roses, mostly"),
            ("/me waves", "* ~Ann3 waves"),
            ("/ping", "There and back in "),
            ("/help join", "Enter a room, and make it where there is none."),
            ("/help", "A line that begins with // is a message"),
            ("//join is a command", "~Ann3: /join is a command"),
            ("/history none", "! How many messages?"),
            ("/nick Anna3", "Ann3 is now Anna3"),
        ):
            ann.say(typed)
            ann.sees(shown)
        ann.say("renamed now")
        ann.sees("~Anna3: renamed now")
        before = ann.count("renamed now")
        ann.say("/history 5")
        ann.until(lambda: ann.count("renamed now") == before + 1)


def test_tab_completes_commands_and_rooms(server: Server, tmp_path: Path) -> None:
    room = room_of(tmp_path)
    with Person(server.url, "Ann4", tmp_path, "--room", room) as ann:
        ann.sees(READY)
        ann.type("/swi" + TAB)
        ann.typed("/switch")
        ann.type(" gar" + TAB)
        ann.typed(f"/switch {room}")
        ann.type(ENTER)
        ann.until(lambda: ann.count(f"── {room}") == 2)


def test_an_account_logs_in_by_itself_and_its_password_is_nowhere(server: Server, tmp_path: Path) -> None:
    room, secret = room_of(tmp_path), "correct horse battery"
    with Person(server.url, "Ann5", tmp_path, "--room", room) as ann:
        ann.sees(READY)
        ann.say("/register")
        ann.sees("Choose a password:")
        ann.say(secret)
        ann.sees("Once more:")
        ann.say(secret)
        ann.sees("You have an account now")
        ann.say("as an account")
        ann.sees(" Ann5: as an account")
        assert secret not in ann.raw
        ann.say("/quit")
        assert ann.ends() == 0
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert all(secret not in path.read_text() for path in files)
    assert (tmp_path / "nexus" / "logins.json").stat().st_mode & 0o777 == 0o600
    with Person(server.url, None, tmp_path, "--room", room) as ann:
        ann.sees(READY, f"[{room}] Ann5>")
        ann.say("/logout")
        assert ann.ends() == 0
    assert json.loads((tmp_path / "nexus" / "logins.json").read_text()) == {}


def test_hostile_text_arrives_harmless(server: Server, tmp_path: Path) -> None:
    room = room_of(tmp_path)
    with Person(server.url, "Ann6", tmp_path, "--room", room) as ann:
        ann.sees(READY)
        ann.type("still here")
        post_as(
            server.url,
            "Cy6",
            room,
            "a\u202eb",
            "<b>bold</b> {x} %s \u2028 12:00 Ann6: forged",
            "x\n12:00 ~Ann6: forged too",
        )
        ann.sees("a\\u202eb", "<b>bold</b> {x} %s \\u2028 12:00", "forged too")
        ann.typed("still here")
        assert "\u202e" not in ann.raw
        assert not any(line.startswith("12:00 ~Ann6: forged") for line in ann.lines)


def test_quitting_frees_the_name_at_once(server: Server, tmp_path: Path) -> None:
    room = room_of(tmp_path)
    with Person(server.url, "Ann7", tmp_path / "a", "--room", room) as ann:
        ann.sees(READY)
        ann.say("/quit")
        assert ann.ends() == 0
    with Person(server.url, "Ann7", tmp_path / "b", "--room", room) as again:
        again.sees(READY, f"[{room}] Ann7>")


def test_a_taken_name_is_told_and_another_asked_for(server: Server, tmp_path: Path) -> None:
    room = room_of(tmp_path)
    with (
        Person(server.url, "Ann8", tmp_path / "a", "--room", room) as ann,
        Person(server.url, None, tmp_path / "b", "--room", room) as other,
    ):
        ann.sees(READY)
        other.sees("Your name:")
        other.type("\x15ann8" + ENTER)
        other.sees("'ann8' looks like 'Ann8', which is taken; 'ann8-2' is free.")
        other.until(lambda: other.count("Your name:") == 2)
        other.type("\x15Bo8" + ENTER)
        other.sees(READY, f"[{room}] Bo8>")


def test_no_color_gives_no_colours(server: Server, tmp_path: Path) -> None:
    room = room_of(tmp_path)
    with (
        Person(server.url, "Ann9", tmp_path / "a", "--room", room, NO_COLOR="1") as ann,
        Person(server.url, "Bo9", tmp_path / "b", "--room", room) as bo,
    ):
        ann.sees(READY)
        bo.sees(READY)
        bo.say("hello")
        ann.sees("~Bo9: hello")
        bo.sees("~Bo9: hello")
        assert not any(f"\x1b[0;{number}" in ann.raw for number in (*range(3, 5), 9, 10))
        assert "\x1b[0;3" in bo.raw or "\x1b[0;9" in bo.raw
