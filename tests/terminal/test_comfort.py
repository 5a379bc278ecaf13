"""What makes the terminal comfortable: lines that are not lost, completion, the title, a crowd that is not told."""

from pathlib import Path

from tests.live.server import Server
from tests.terminal.people import crowd_posts, post_as, texts_of
from tests.terminal.screen import CONTROL_D, CONTROL_U, ENTER, TAB, Person

READY = "Type and press Enter."
ALT_ENTER = "\x1b\r"


def test_a_line_that_is_no_command_stays_to_be_put_right(server: Server, room: str, tmp_path: Path) -> None:
    with Person(server.url, "Ann11", tmp_path, "--room", room) as ann:
        ann.sees(READY)
        for line, told in (
            ("/jion garden", "! There is no command /jion; did you mean /join ROOM?"),
            ("/quit smoking now", "! /quit takes nothing after it."),
        ):
            ann.say(line)
            ann.sees(told)
            ann.typed(line)
            ann.type(CONTROL_U)
        ann.say("/etc/hosts is a file")
        ann.sees("~Ann11: /etc/hosts is a file")


def test_alt_enter_begins_a_line_and_names_become_emoji(server: Server, room: str, tmp_path: Path) -> None:
    with Person(server.url, "Ann12", tmp_path, "--room", room) as ann:
        ann.sees(READY)
        ann.type("one" + ALT_ENTER + "two :tada:")
        ann.type(ENTER)
        ann.sees("~Ann12: one", "two 🎉")
        ann.type(CONTROL_D)
        assert ann.ends() == 0
        assert "Offline" not in ann.raw
    assert "one\ntwo 🎉" in texts_of(server.url, room)


def test_rooms_have_more_than_one_digit_and_the_window_is_called_after_the_front(
    server: Server, room: str, tmp_path: Path
) -> None:
    with Person(server.url, "Ann13", tmp_path, "--room", room) as ann:
        ann.sees(READY)
        for number in range(11):
            ann.say(f"/join bed-{number}-{room}"[:60])
            ann.until(lambda at=number: ann.asks(f"[bed-{at}-"))  # type: ignore[misc]
        ann.say("/12")
        ann.until(lambda: ann.raw.count("\x1b]2;bed-10-") == 1)
        ann.say("/1")
        ann.until(lambda: ann.asks(f"[{room}]"))
        ann.until(lambda: f"\x1b]2;{room}\x07" in ann.raw)
        ann.toolbar_says(" here")
        assert f"1 {room}" in ann.toolbar
        assert " +" in ann.toolbar


def test_a_room_that_one_is_not_in_is_completed_and_so_is_whom_one_talks_to(
    server: Server, room: str, tmp_path: Path
) -> None:
    post_as(server.url, "Bo11", f"orchard-{room}"[:60], "hello")
    with Person(server.url, "Ann14", tmp_path, "--room", room) as ann:
        ann.sees(READY)
        ann.say("/rooms")
        ann.sees(f"orchard-{room}"[:60])
        ann.type("/join orchard-" + room[:20] + TAB)
        ann.typed("/join " + f"orchard-{room}"[:60])
        ann.type(ENTER)
        ann.sees("~Bo11: hello")
        ann.type("bo1" + TAB)
        ann.typed("Bo11:")


def test_who_comes_into_a_crowd_is_not_told_unless_one_wants_that(server: Server, room: str, tmp_path: Path) -> None:
    with Person(server.url, "Ann15", tmp_path, "--room", room) as ann:
        ann.sees(READY)
        ann.say("/presence off")
        ann.sees("not shown any more")
        crowd_posts(server.url, room, 3, 1)
        ann.sees("Crowd2 0")
        ann.say("/presence on")
        ann.sees("Who comes and goes is shown.")
        assert ann.count(" came") == 0
