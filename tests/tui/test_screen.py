"""Events on a terminal: who, what, when; harmless, no matter who wrote them."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexus.client.reading import Heard, Unknown
from nexus.protocol import events as e
from nexus.protocol.types import Person
from nexus.tui.screen import COLOURS, colour_of, day_line, day_of, plain, plain_line, styled, who

NOON = int(datetime(2024, 5, 6, 12, 34).timestamp() * 1000)  # the reader's own noon
HOSTILE = "\x1b[2J\x1b]0;owned\x07\u202e\x9b31m\r\n12:34 Ann: forged"

LIKED = {"\U0001f44d": [Person("Bo"), Person("Cy", guest=True)]}
LATER = Unknown("polled", "garden", 7, NOON, b"{}")


def posted(text: str, by: str = "Ann", guest: bool = False, reply_to: int | None = None) -> e.Posted:
    return e.Posted(room="garden", seq=7, at=NOON, by=by, guest=guest, text=text, reply_to=reply_to)


def about(kind: type[e.Amendment], **fields: Any) -> Heard:
    event: Heard = kind(room="garden", seq=8, at=NOON, by="Bo", target=42, **fields)
    return event


def since(**fields: Any) -> e.Posted:
    return e.Posted(room="garden", seq=7, at=NOON, by="Ann", text="" if fields.get("deleted") else "hello", **fields)


def log(kind: type[e.Joined | e.Left], by: str = "Bo") -> e.Joined | e.Left:
    return kind(room="garden", seq=7, at=NOON, by=by)


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (posted("hello"), "12:34 Ann: hello"),
        (posted("hello", guest=True), "12:34 ~Ann: hello"),
        (posted("yes", reply_to=3), "12:34 Ann (to #3): yes"),
        (posted("/me waves"), "12:34 * Ann waves"),
        (posted("/men wave"), "12:34 Ann: /men wave"),
        (posted("one\ntwo"), "12:34 Ann: one\n        two"),
        (posted("C:\\new"), "12:34 Ann: C:\\new"),
        (log(e.Joined), "12:34 * Bo joined the room"),
        (log(e.Left), "12:34 * Bo left the room"),
        (e.Configured(room="garden", seq=1, at=NOON, by="Ann", topic="Roses"), "12:34 * Ann set the topic: Roses"),
        (e.Configured(room="garden", seq=1, at=NOON, by="Ann", topic=""), "12:34 * Ann set the topic: nothing"),
        (
            e.Configured(room="garden", seq=1, at=NOON, by="Ann", topic="", keep=30),
            "12:34 * Ann set messages to be kept for 30 days",
        ),
        (
            e.Configured(room="garden", seq=1, at=NOON, by="Ann", topic="", keep=-1),
            "12:34 * Ann set messages to be kept for as long as this server says",
        ),
        (
            e.Configured(room="garden", seq=1, at=NOON, by="Ann", topic="Roses", archived=True),
            "12:34 * Ann archived this room",
        ),
        (
            e.Configured(room="garden", seq=1, at=NOON, by="Ann", topic="Roses", archived=False),
            "12:34 * Ann reopened this room",
        ),
        (
            e.Configured(room="garden", seq=1, at=NOON, by="Ann", topic="", title="Winter Plans"),
            "12:34 * Ann renamed this room: Winter Plans",
        ),
        (
            e.Configured(room="garden", seq=1, at=NOON, by="Ann", topic="", posting="moderators", slow=30),
            "12:34 * Ann set posting to moderators, slow to 30",
        ),
        (e.Presence(room="garden", online=2, here=["Ann", "Bo"], gone=["Cy"]), "* Ann, Bo came; Cy went"),
        (e.Presence(room="garden", online=5000), ""),
        (e.Renamed(from_="Cy", to="Cyd", guest=True), "* Cy is now Cyd"),
        (
            e.Skipped(room="garden", from_=3, to=7),
            "… events 3 to 7 were too many to send; `nexus history garden --before 8 --limit 5` prints them",
        ),
        (e.Skipped(room="garden", from_=3, to=7, gone=True), "… events 3 to 7 have expired"),
        (e.Expired(room="garden", first=8), ""),
        (e.Reset(room="garden"), "… the history of this room was replaced; here is what it is now"),
        (e.Notice(text="Back soon."), "* Back soon."),
        (e.Typing(room="garden", by="Ann"), ""),
        (e.Read(room="garden", seq=3, head=3, unread=0, mentions=0), ""),
        (LATER, ""),
        (about(e.Edited, text="hi\nall"), "12:34 * Bo edited #42: hi\n        all"),
        (about(e.Edited, text=None), ""),
        (about(e.Deleted), "12:34 * Bo deleted #42"),
        (about(e.Reacted, emoji="\U0001f44d"), "12:34 * Bo reacted to #42 with \U0001f44d"),
        (about(e.Unreacted, emoji="\U0001f44d"), "12:34 * Bo removed \U0001f44d from #42"),
        (about(e.Pinned), "12:34 * Bo pinned #42"),
        (about(e.Unpinned), "12:34 * Bo unpinned #42"),
        (since(deleted=True), "12:34 Ann deleted this message"),
        (since(edited=NOON, pinned=True, reactions=LIKED), "12:34 Ann: hello (edited, pinned, \U0001f44d 2)"),
        (posted("yes", reply_to=104_007), "12:34 Ann (to #007): yes"),
    ],
)
def test_an_event_reads_as_a_line(event: Heard, line: str) -> None:
    assert plain(styled(event)) == line


def test_a_room_that_is_not_in_front_is_named() -> None:
    assert plain(styled(posted("hello"), "garden")) == "12:34 [garden] Ann: hello"


def test_hostile_text_shows_its_controls_and_forges_no_line() -> None:
    line = plain(styled(posted(HOSTILE)))

    assert line == "12:34 Ann: \\x1b[2J\\x1b]0;owned\\x07\\u202e\\x9b31m\n        12:34 Ann: forged"


def test_hostile_names_topics_and_notices_are_harmless_too() -> None:
    for event in (
        posted("hello", by=HOSTILE),
        log(e.Joined, HOSTILE),
        e.Configured(room="garden", seq=1, at=NOON, by="Ann", topic=HOSTILE),
        e.Presence(room="garden", online=1, here=[HOSTILE]),
        e.Renamed(from_="Cy", to=HOSTILE),
    ):
        line = plain(styled(event, HOSTILE))
        assert "\\x1b[2J" in line
        assert line.isprintable()


@given(st.text(), st.text(), st.booleans())
def test_no_text_moves_the_cursor_or_begins_a_line(text: str, by: str, guest: bool) -> None:
    first, *more = plain(styled(posted(text, by, guest))).split("\n")

    assert not any((ord(char) < 32 and char != "\t") or 127 <= ord(char) < 160 for char in "".join([first, *more]))
    assert all(line.startswith("        ") for line in more)


@given(st.text(), st.text())
def test_a_pipe_gets_one_line_whatever_was_said(text: str, by: str) -> None:
    line = plain_line(posted(text, by))

    assert len(line.splitlines()) == 1
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in line)


def test_a_pipe_gets_the_date_and_each_escape_once() -> None:
    assert plain_line(posted("one\ntwo\x1b")) == "2024-05-06 12:34 Ann: one\\ntwo\\x1b"


def test_a_pipe_does_not_get_what_passes_by() -> None:
    assert plain_line(e.Presence(room="garden", online=1, here=["Ann"])) == ""
    assert plain_line(LATER) == ""
    assert plain_line(e.Skipped(room="garden", from_=3, to=7)).startswith("… events 3 to 7")


def test_colours_are_stable_and_the_same_for_any_case() -> None:
    assert [colour_of(name) for name in ("Ann", "Bo", "Cy", "Dot")] == [
        colour_of(name) for name in ("ANN", "bo", "cY", "dot")
    ]
    assert (colour_of("Ann"), colour_of("Bo")) == ("ansibrightgreen", "ansigreen")
    assert len({colour_of(f"name{number}") for number in range(100)}) == len(COLOURS)


@given(st.text())
def test_any_name_has_a_colour(name: str) -> None:
    assert colour_of(name) in COLOURS


def test_a_guest_is_never_taken_for_the_account() -> None:
    assert (who("Ann", guest=True), who("Ann", guest=False)) == ("~Ann", "Ann")


def test_days_are_the_readers_own_and_have_a_line() -> None:
    assert day_of(NOON) == date(2024, 5, 6)
    assert plain(day_line(date(2024, 5, 6))) == "── Monday, 06 May 2024 ──"
