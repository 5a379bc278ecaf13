"""`nexus chat` as people use it: at a terminal, with others, through restarts of the server."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.server import Server
from tests.terminal.people import post_as, texts_of
from tests.terminal.screen import CONTROL_D, CONTROL_U, ENTER, TAB, Person

READY = "Type and press Enter."


@pytest.fixture(scope="module")
def seated(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    """Ann at her terminal, for all tests that do not need her to come or go."""
    with Person(server.url, "Ann", tmp_path_factory.mktemp("ann")) as ann:
        ann.sees(READY)
        yield ann


@pytest.fixture
def ann(seated: Person, room: str) -> Iterator[Person]:
    """Ann in a room of the test's own; the lobby is her first."""
    seated.say(f"/join {room}")
    seated.sees(f"── {room}")
    seated.until(lambda: f"2 {room}" in seated.toolbar and seated.asks(f"[{room}] Ann>"), room)
    yield seated
    seated.type(CONTROL_U)
    seated.say(f"/leave {room}")
    seated.until(lambda: room not in seated.toolbar and seated.asks("[lobby] Ann>"), "the lobby")


def test_two_people_chat(server: Server, ann: Person, room: str, tmp_path: Path) -> None:
    with Person(server.url, "Bo", tmp_path, "--room", room) as bo:
        bo.sees(READY)
        ann.say("hello Bo")
        bo.sees("~Ann: hello Bo")
        bo.say("hello Ann")
        ann.sees("~Bo: hello Ann")
        ann.toolbar_says("2 here")
        assert [ann.count("hello Bo"), ann.count("hello Ann")] == [1, 1]
        bo.type(CONTROL_D)
        assert bo.ends() == 0
        ann.toolbar_says("1 here")


def test_a_window_that_is_closed_frees_the_name(server: Server, ann: Person, room: str, tmp_path: Path) -> None:
    with Person(server.url, "Bo", tmp_path, "--room", room) as bo:
        bo.sees(READY)
        ann.toolbar_says("2 here")
        bo.closes_the_window()
        with Person(server.url, "Bo", tmp_path, "--room", room) as again:
            again.sees(READY)
            again.say("here again")
            ann.sees("~Bo: here again")
            again.type(CONTROL_D)
            assert again.ends() == 0


def test_what_is_done_to_messages_is_typed_with_short_handles(
    server: Server, ann: Person, room: str, tmp_path: Path
) -> None:
    with Person(server.url, "Bo", tmp_path, "--room", room) as bo:
        bo.sees(READY)
        ann.say("helo")
        bo.sees("~Ann: helo  #1")
        ann.say("/edit hello")
        bo.sees("* ~Ann edited #1: hello")
        bo.say("/reply #1 hi!")
        ann.sees("~Bo (to #1): hi!  #3")
        ann.say("/replies #1")
        ann.until(lambda: ann.count("~Bo (to #1): hi!  #3") == 2)
        bo.say("/react #1 :heart:")
        ann.sees("* ~Bo reacted to #1 with ❤")
        bo.say("/delete #1")
        bo.sees("! Message 1 is the guest Ann's; you can only delete your own.")
        bo.say("/pin #1")
        bo.sees("! Only people with an account can pin")
        ann.say("/delete #1")
        bo.sees("* ~Ann deleted #1")
        ann.say("/edit #1 again")
        ann.sees("! Message 1 was deleted.")
        ann.say("/delete this")
        ann.sees("! Which message? 'this' is not")
        ann.say("/history")
        ann.sees("~Ann deleted this message")


def test_a_latecomer_gets_each_change_to_a_message_once(server: Server, ann: Person, room: str, tmp_path: Path) -> None:
    ann.say("hello")
    ann.sees("~Ann: hello  #1")
    for emoji in ("👍", "🎉"):
        ann.say(f"/react #1 {emoji}")
    ann.sees("reacted to #1 with 🎉")
    with Person(server.url, "Zoe", tmp_path, "--room", room) as zoe:
        zoe.sees(READY)
        zoe.sees("~Ann: hello (👍 1, 🎉 1)  #1")
        ann.say("/unreact #1 👍")
        zoe.sees("removed 👍 from #1")
        assert "reacted to" not in zoe.everything


def test_messages_are_found_again_and_shown_with_what_was_said_around_them(
    server: Server, ann: Person, room: str
) -> None:
    post_as(server.url, "Bo2", room, *(f"rose {number}" for number in range(12)))
    ann.say(f"/search from:bo2 in:{room} rose")
    ann.sees(f"[{room}] ~Bo2: rose 2", f"[{room}] ~Bo2: rose 11", "There may be older messages: /search")
    ann.say("/search")
    ann.sees(f"[{room}] ~Bo2: rose 0", f"[{room}] ~Bo2: rose 1")
    ann.say("/search")
    ann.sees("! Search for what?")
    ann.say("/search nothing like it")
    ann.sees("No messages found for nothing like it.")
    ann.say("/search before:never")
    ann.sees("! 'before:never' is not a date")
    ann.say("/help search")
    ann.sees("from:ann in:garden    said by Ann, in the garden")


def test_a_half_typed_line_survives_what_others_say(server: Server, ann: Person, room: str) -> None:
    ann.type("half a sent")
    ann.typed("half a sent")
    post_as(server.url, "Bo1", room, "first", "second line\nand its other half")
    ann.sees("~Bo1: first", "~Bo1: second line", "and its other half")
    ann.typed("half a sent")
    ann.type("ence" + ENTER)
    ann.sees("~Ann: half a sentence")
    ann.typed("")


def test_a_restart_of_the_server_loses_and_repeats_nothing(server: Server, ann: Person, room: str) -> None:
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
    ann.say("and another")
    ann.toolbar_says("2 waiting")
    ann.type("typed on")
    ann.typed("typed on")
    server.start()
    ann.sees("Online again", "~Ann: half a line while away", "~Ann: and another")
    ann.typed("typed on")
    ann.type(" after" + ENTER)
    ann.sees("~Ann: typed on after")
    ann.toolbar_says("1 here")
    said = ["before", "half a line while away", "and another", "typed on after"]
    assert [ann.count(f"~Ann: {text}") for text in said] == [1] * 4
    assert texts_of(server.url, room) == said
    ann.say("/history 50")
    ann.until(lambda: ann.count("~Ann: typed on after") == 2)
    assert ann.count("~Ann: half a line while away") == 2  # when it came, and in the history


def test_leaving_while_the_server_is_away_reports_what_is_not_stored(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server, Person(server.url, "Bo", tmp_path, "--room", "garden") as bo:
        bo.sees(READY)
        server.stop()
        bo.sees("Offline")
        bo.say("too late")
        bo.say("really")
        bo.toolbar_says("2 waiting")
        bo.say("/quit")
        assert bo.ends() == 0
        told = bo.everything.partition("! The server has not confirmed that this is stored:")[2]
        assert [line.strip() for line in told.splitlines() if line.strip()] == ["[garden] too late", "[garden] really"]


def test_what_is_said_last_is_stored_before_one_leaves(server: Server, room: str, tmp_path: Path) -> None:
    with Person(server.url, "Bo3", tmp_path, "--room", room) as bo:
        bo.sees(READY)
        bo.type("".join(f"m{number}{ENTER}" for number in range(20)) + "/quit" + ENTER)
        assert bo.ends() == 0
        assert "The server has not confirmed" not in bo.everything
    assert texts_of(server.url, room) == [f"m{number}" for number in range(20)]


def test_several_rooms_one_in_front_the_others_count_what_is_unread(server: Server, ann: Person, room: str) -> None:
    ann.say("/join kitchen")
    ann.toolbar_says("3 kitchen")
    post_as(server.url, "Bo4", room, "one", "two")
    ann.toolbar_says(f"2 {room} (2)")
    assert "~Bo4" not in ann.everything
    ann.say("/2")
    ann.sees("~Bo4: one", "~Bo4: two")
    ann.until(lambda: ann.asks(f"[{room}] Ann>") and "(2)" not in ann.toolbar)
    ann.say("/3")
    ann.until(lambda: ann.asks("[kitchen] Ann>"))
    ann.say("/switch")
    ann.until(lambda: ann.asks("[lobby] Ann>"))
    ann.say("/switch cellar")
    ann.sees("! You are not in 'cellar'")
    ann.say("/leave kitchen")
    ann.until(lambda: "kitchen" not in ann.toolbar)


def with_account(server: Server, room: str, tmp_path: Path) -> None:
    """Dora has an account and belongs to the room."""
    with Person(server.url, "Dora", tmp_path, "--room", room) as dot:
        dot.sees(READY)
        dot.say("/register")
        dot.sees("Choose a password:")
        dot.say("correct horse battery")
        dot.sees("Once more:")
        dot.say("correct horse battery")
        dot.sees("You have an account now")
        dot.say("/quit")
        assert dot.ends() == 0


def test_what_was_said_while_one_was_away_is_shown_from_its_beginning(
    server: Server, room: str, tmp_path: Path
) -> None:
    with_account(server, room, tmp_path)
    post_as(server.url, "Bob", room, *[f"news {number}." for number in range(20)], "@Dora look", *["more."] * 20)

    with Person(server.url, "Dora", tmp_path, "--room", room) as dot:
        dot.sees("── 41 new messages ──")
        dot.sees("~Bob: news 0.")
        dot.sees("@Dora look")
        dot.sees("There is more that is new; /next shows it.")
        dot.until(lambda: f"1 {room} (" in dot.toolbar, "what is unread still")
        post_as(server.url, "Bob", room, "said live.")
        dot.sees("said live.")
        dot.say("/next")
        dot.sees("more.  #42")
        dot.until(lambda: f"1 {room}" in dot.toolbar and f"1 {room} (" not in dot.toolbar, "everything read")
        assert dot.count("said live.") == 1
        dot.say("/next")
        dot.sees("That is all that is new here.")


def test_a_mention_elsewhere_is_counted_and_rings_as_the_room_is_muted_or_not(
    server: Server, ann: Person, room: str
) -> None:
    ann.say("/switch lobby")
    ann.until(lambda: ann.asks("[lobby] Ann>"))
    before = ann.rung
    post_as(server.url, "Bo7", room, "@Ann look", "and this")
    ann.toolbar_says(f"2 {room} (2 @1)")
    ann.say(f"/read {room}")
    ann.sees(f"Marked everything in {room} as read.")
    ann.until(lambda: "@1" not in ann.toolbar, "no count")
    assert ann.rung - before == 1
    ann.say(f"/mute {room} mentions")
    ann.sees(f"{room} notifies you about mentions.")
    post_as(server.url, "Bo7", room, "and that", "@Ann look here")
    ann.toolbar_says(f"2 {room} (@1)")
    assert ann.rung - before == 2
    ann.say(f"/mute {room}")
    ann.sees(f"{room} notifies you about nothing.")
    post_as(server.url, "Bo7", room, "@Ann look there")
    post_as(server.url, "Bo7", "lobby", "Ann is asleep")
    ann.sees("~Bo7: Ann is asleep")
    assert ann.rung - before == 2
    assert "@" not in ann.toolbar
    ann.say(f"/mute {room} everything")
    ann.toolbar_says(f"2 {room} (3 @2)")


def test_every_command_answers(ann: Person, room: str) -> None:
    for typed, shown in (
        ("/topic", "There is no topic"),
        ("/topic Roses, mostly", "set the topic: Roses, mostly"),
        ("/topic", "The topic is: Roses, mostly"),
        ("/who", f"Here in {room}: ~Ann"),
        ("/rooms", "Roses, mostly"),
        ("/me waves", "* ~Ann waves"),
        ("/ping", "Round trip: "),
        ("/help join", "Join a room, or create it."),
        ("/help", "A line that begins with // is a message"),
        ("//join is a command", "~Ann: /join is a command"),
        ("/history none", "! How many messages?"),
        ("/replies", "! To which message?"),
        ("/replies #1", "There are no replies to #1."),
        ("/nick Anna", "Ann is now Anna"),
    ):
        ann.say(typed)
        ann.sees(shown)
    ann.say("renamed now")
    ann.sees("~Anna: renamed now")
    before = ann.count("renamed now")
    ann.say("/history 5")
    ann.until(lambda: ann.count("renamed now") == before + 1)
    ann.say("/nick Ann")
    ann.sees("Anna is now Ann")


def test_tab_completes_commands_and_rooms(ann: Person, room: str) -> None:
    ann.type("/swi" + TAB)
    ann.typed("/switch")
    ann.type(" gar" + TAB)
    ann.typed(f"/switch {room}")
    ann.type(ENTER)
    ann.until(lambda: ann.count(f"── {room}") == 2)


def test_an_account_logs_in_by_itself_and_its_password_is_nowhere(server: Server, room: str, tmp_path: Path) -> None:
    secret = "correct horse battery"
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


def test_hostile_text_arrives_harmless(server: Server, ann: Person, room: str) -> None:
    ann.type("still here")
    post_as(
        server.url,
        "Cy6",
        room,
        "a\u202eb",
        "<b>bold</b> {x} %s \u2028 12:00 Ann: forged",
        "x\n12:00 ~Ann: forged too",
    )
    ann.sees("a\\u202eb", "<b>bold</b> {x} %s \\u2028 12:00", "forged too")
    ann.typed("still here")
    assert "\u202e" not in ann.raw
    assert not any(line.startswith("12:00 ~Ann: forged") for line in ann.lines)


def test_quitting_frees_the_name_at_once(server: Server, room: str, tmp_path: Path) -> None:
    with Person(server.url, "Ann7", tmp_path, "--room", room) as ann:
        ann.sees(READY)
        ann.say("/quit")
        assert ann.ends() == 0
    post_as(server.url, "Ann7", room, "again")
    assert texts_of(server.url, room) == ["again"]


def test_a_taken_name_is_refused_and_another_asked_for(server: Server, ann: Person, room: str, tmp_path: Path) -> None:
    with Person(server.url, None, tmp_path, "--room", room) as other:
        other.sees("Your name:")
        other.type(CONTROL_U + "ann" + ENTER)
        other.sees("'ann' looks like 'Ann', which is taken; 'ann2' is free.")
        other.until(lambda: other.count("Your name:") == 2)
        other.type(CONTROL_U + "Bo8" + ENTER)
        other.sees(READY, f"[{room}] Bo8>")
        ann.toolbar_says("2 here")


def test_no_color_gives_no_colours(server: Server, ann: Person, room: str, tmp_path: Path) -> None:
    with Person(server.url, "Bo9", tmp_path, "--room", room, NO_COLOR="1") as bo:
        bo.sees(READY)
        ann.say("in colour or not")
        ann.sees("~Ann: in colour or not")
        bo.sees("~Ann: in colour or not")
        assert not any(f"\x1b[0;{number}" in bo.raw for number in (*range(3, 5), 9, 10))
        assert "\x1b[0;3" in ann.raw or "\x1b[0;9" in ann.raw
