"""Events as lines of a transcript, and back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from nexus.core.lines import day, header, line, read_line, without_text
from nexus.protocol import kinds
from nexus.protocol.events import (
    Configured,
    Deleted,
    Edited,
    Joined,
    Left,
    Pinned,
    Posted,
    Promoted,
    Reacted,
    RoomEvent,
    Unpinned,
    Unreacted,
    Unrecognised,
)

AT = 1_795_366_985_123
MOST = 2**53 - 1
HARMFUL = st.sampled_from([*"\n\r\t\v\f\0\x1b\x1c\x85\u2028\u2029\u202e\u200b\ud800\\<>~*#:() 0x8", "(to #", "> "])
TEXT = st.lists(HARMFUL | st.characters()).map("".join)
SEQ = st.integers(min_value=0, max_value=MOST)
CHANGES: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["open", "private"]),
        "name": TEXT,
        "title": TEXT,
        "posting": st.sampled_from(["everyone", "members", "moderators"]),
        "slow": SEQ,
        "guests": st.sampled_from(["talk", "read", "none"]),
        "archived": st.booleans(),
        "keep": st.integers(min_value=-1, max_value=MOST),
    },
)


@st.composite
def events(draw: st.DrawFn) -> RoomEvent:
    """Any event that a store could hold."""
    common: dict[str, Any] = {
        "room": "",
        "seq": draw(SEQ),
        "at": draw(SEQ),
        "by": draw(TEXT),
        "guest": draw(st.booleans()),
    }
    kind = draw(st.sampled_from([*kinds.KINDS, kinds.BY_EVENT[Posted], None]))
    if kind is None:
        return Unrecognised(kind=draw(st.sampled_from([50, 77])), text=draw(TEXT), **common)
    text = draw(TEXT) if kind.text else ""
    target = draw(st.none() | SEQ) if kind.event is Posted else draw(SEQ)
    if kind.event is Configured:
        return Configured(**common, topic=text, **draw(CHANGES))
    return kinds.restore(kind.number, text, target, None, **common)


def event(
    text: str = "hello",
    *,
    kind: type[RoomEvent] = Posted,
    by: str = "bo",
    guest: bool = False,
    target: int | None = None,
) -> RoomEvent:
    number = kinds.BY_EVENT[kind].number
    return kinds.restore(number, text, target, None, room="", seq=42, at=AT, by=by, guest=guest)


def changed(topic: str = "", **fields: Any) -> Configured:
    return Configured(room="", seq=42, at=AT, by="bo", topic=topic, **fields)


@pytest.mark.parametrize(
    ("told", "written"),
    [
        (event(), "<bo> hello"),
        (event(guest=True, by="cy"), "<~cy> hello"),
        (event(target=40), "<bo> (to #40) hello"),
        (event("(to #40) hello"), r"<bo> \x28to #40) hello"),
        (event("(to #40) hello", target=41), "<bo> (to #41) (to #40) hello"),
        (event("(to you) hello"), "<bo> (to you) hello"),
        (event("two\nlines \u2028 \x1b[31m \\n"), r"<bo> two\nlines \u2028 \x1b[31m \\n"),
        (event("", kind=Joined), "* bo joined"),
        (event("", kind=Left, guest=True), "* ~bo left"),
        (event("flowers", kind=Configured), "* bo set the topic: flowers"),
        (changed(archived=True), "* bo changed the room: archived yes"),
        (changed("flowers", archived=False), "* bo changed the room: archived no (topic: flowers)"),
        (
            changed("a) b", kind="open", name="roses", posting="moderators", slow=30, guests="read", keep=7),
            "* bo changed the room: kind open, name roses, posting moderators, slow 30 s, guests read, keep 7 days"
            " (topic: a) b)",
        ),
        (changed(keep=0), "* bo changed the room: keep for ever"),
        (changed(keep=-1), "* bo changed the room: keep as the server does"),
        (
            changed("x", title="Plans, slow 5 s (topic: y)\n"),
            r"* bo changed the room: title Plans\x2c slow 5 s \x28topic: y\x29\n (topic: x)",
        ),
        (changed(title=""), "* bo changed the room: title "),
        (Promoted(room="", seq=42, at=AT, by="bo", name="Cy", role="owner"), "* bo gave the role owner to: Cy"),
        (event("hi, all", kind=Edited, target=40), "* bo edited #40: hi, all"),
        (event("", kind=Edited, target=40), "* bo edited #40"),
        (event("two\nlines", kind=Edited, target=40), r"* bo edited #40: two\nlines"),
        (event("", kind=Deleted, target=40, guest=True), "* ~bo deleted #40"),
        (event("\U0001f44d", kind=Reacted, target=40), "* bo reacted to #40: \U0001f44d"),
        (event("\U0001f44d", kind=Unreacted, target=40), "* bo took back from #40: \U0001f44d"),
        (event("", kind=Pinned, target=40), "* bo pinned #40"),
        (event("", kind=Unpinned, target=40), "* bo unpinned #40"),
        (without_text(event(target=40)), "* bo posted a message that was deleted"),
        (without_text(event("hi", kind=Edited, target=40)), "* bo edited #40"),
        (Unrecognised(room="", seq=42, at=AT, by="bo", kind=99, text="later"), "* bo kind 99: later"),
        (event(by="bo joined"), r"<bo\x20joined> hello"),
        (event("", kind=Joined, by="bo set the topic: x"), r"* bo\x20set\x20the\x20topic:\x20x joined"),
        (event(by="~bo> <ann"), r"<\x7ebo\x3e\x20\x3cann> hello"),
        (event(by="bo\n"), r"<bo\n> hello"),
    ],
)
def test_a_line_tells_when_which_who_and_what(told: RoomEvent, written: str) -> None:
    assert line(told) == f"2026-11-22T17:03:05.123Z #42 {written}\n"


@given(events())
def test_a_line_is_read_back_as_the_event_it_was(told: RoomEvent) -> None:
    assert read_line(line(told)) == told


@given(events())
def test_the_line_of_a_deleted_message_keeps_all_but_the_text(told: RoomEvent) -> None:
    found = read_line(line(without_text(told)))
    assert found is not None
    assert (found.seq, found.at, found.by, found.guest, type(found)) == (
        told.seq,
        told.at,
        told.by,
        told.guest,
        type(told),
    )
    if isinstance(told, Posted | Edited):
        assert kinds.text_of(found) == ""
        assert not isinstance(found, Posted) or found.deleted
    else:
        assert found == told


def test_a_deleted_message_is_read_as_older_versions_wrote_it() -> None:
    gone = without_text(event())
    assert read_line(line(gone).replace("posted a message that was deleted", "posted what is deleted")) == gone


@pytest.mark.parametrize("said", ["set the topic: flowers", "set the topic: ", "changed the role of: Cy"])
def test_what_happened_to_a_room_is_read_as_older_versions_wrote_it(said: str) -> None:
    found = read_line(text := f"2026-11-22T17:03:05.123Z #42 * bo {said}\n")
    assert found is not None
    assert line(found) == text


@given(events())
def test_whatever_someone_writes_an_event_is_one_line(told: RoomEvent) -> None:
    written = line(told)
    assert written.endswith("\n")
    assert len(written.splitlines()) == 1
    written.encode()


@given(events(), st.data())
@example(event(), None)
def test_what_is_read_is_what_would_be_written(told: RoomEvent, data: st.DataObject | None) -> None:
    text = line(told)
    if data is not None:
        begin = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(begin, min(len(text), begin + 3)))
        text = text[:begin] + data.draw(HARMFUL | st.just("")) + text[end:]
    found = read_line(text)
    if found is not None:
        assert line(found) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "2026-11-22T17:03:05.123Z #42 <bo> no line feed",
        "2026-11-22T17:03:05.123Z #42 <bo> two\n2026-11-22T17:03:05.124Z #43 <bo> lines\n",
        "2026-11-22T17:03:05.123Z #42 <bo> carriage return\r\n",
        "2026-11-22T17:03:05.123Z #42 <bo> no \\q escape\n",
        "2026-11-22T17:03:05.123Z #042 <bo> not our number\n",
        "2026-02-30T17:03:05.123Z #42 <bo> no such day\n",
        "2026-11-22T24:03:05.123Z #42 <bo> no such hour\n",
        "2026-11-22T17:60:05.123Z #42 <bo> no such minute\n",
        "2026-11-22T17:03:05.123Z #42 bo hello\n",
        "2026-11-22T17:03:05.123Z #42 * bo kind 1: hello\n",
        "2026-11-22T17:03:05.123Z #42 * bo waved\n",
        f"2026-11-22T17:03:05.123Z #{'9' * 5000} <bo> hello\n",
        "# garden\n",
    ],
)
def test_what_no_event_wrote_is_not_read(text: str) -> None:
    assert read_line(text) is None


@given(TEXT, SEQ)
def test_a_header_is_one_line_and_no_event(room: str, at: int) -> None:
    assert len(header(room, at).splitlines()) == 1
    assert read_line(header(room, at)) is None


@pytest.mark.parametrize(
    ("at", "date"),
    [
        (0, "1970-01-01"),
        (86_399_999, "1970-01-01"),
        (86_400_000, "1970-01-02"),
        (AT, "2026-11-22"),
        (951_782_400_000, "2000-02-29"),
        (253_402_300_799_999, "9999-12-31"),
        (253_402_300_800_000, "10000-01-01"),
        (MOST, "287396-10-12"),
    ],
)
def test_a_day_is_utc_and_there_is_one_for_every_moment(at: int, date: str) -> None:
    assert day(at) == date


@given(st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC)))
def test_dates_are_those_of_the_calendar(moment: datetime) -> None:
    at = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    told = line(replace(event(), at=at))
    assert told.startswith(f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z #42 ")


def test_every_day_of_400_years_is_its_own() -> None:
    first = datetime(1970, 1, 1, tzinfo=UTC)
    for number in range(146_097):
        assert day(number * 86_400_000) == f"{first + timedelta(number):%Y-%m-%d}"
