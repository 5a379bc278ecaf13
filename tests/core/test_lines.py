"""Events as lines of a transcript, and back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nexus.core.entries import Event, Kind
from nexus.core.lines import Line, day, header, line, read_line, without_text

AT = 1_795_366_985_123
MOST = 2**53 - 1
HARMFUL = st.sampled_from([*"\n\r\t\v\f\0\x1b\x1c\x85\u2028\u2029\u202e\u200b\ud800\\<>~*#:() 0x8", "(to #", "> "])
ABOUT = range(Kind.EDITED, Kind.UNPINNED + 1)
"""The kinds of events that are about an earlier message."""
TEXT = st.lists(HARMFUL | st.characters()).map("".join)
SEQ = st.integers(min_value=0, max_value=MOST)


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Any event that a store could hold."""
    kind = draw(st.sampled_from([*Kind, *Kind, 50, 77]))
    return Event(
        room=1,
        seq=draw(SEQ),
        at=draw(SEQ),
        kind=kind,
        author=draw(st.sampled_from([-9, 9])),
        by=draw(TEXT),
        text="" if kind in (Kind.JOINED, Kind.LEFT) else draw(TEXT),
        nonce=None,
        target=draw(st.none() | SEQ) if kind == Kind.POSTED else draw(SEQ) if kind in ABOUT else None,
    )


def event(text: str = "hello", *, kind: int = 1, by: str = "bo", author: int = 1, target: int | None = None) -> Event:
    return Event(1, 42, AT, kind, author, by, text, None, target)


@pytest.mark.parametrize(
    ("told", "written"),
    [
        (event(), "<bo> hello"),
        (event(author=-7, by="cy"), "<~cy> hello"),
        (event(target=40), "<bo> (to #40) hello"),
        (event("(to #40) hello"), r"<bo> \x28to #40) hello"),
        (event("(to #40) hello", target=41), "<bo> (to #41) (to #40) hello"),
        (event("(to you) hello"), "<bo> (to you) hello"),
        (event("two\nlines \u2028 \x1b[31m \\n"), r"<bo> two\nlines \u2028 \x1b[31m \\n"),
        (event("", kind=Kind.JOINED), "* bo joined"),
        (event("", kind=Kind.LEFT, author=-7), "* ~bo left"),
        (event("flowers", kind=Kind.CONFIGURED), "* bo set the topic: flowers"),
        (event("hi, all", kind=Kind.EDITED, target=40), "* bo edited #40: hi, all"),
        (event("", kind=Kind.EDITED, target=40), "* bo edited #40"),
        (event("two\nlines", kind=Kind.EDITED, target=40), r"* bo edited #40: two\nlines"),
        (event("", kind=Kind.DELETED, target=40, author=-7), "* ~bo deleted #40"),
        (event("\U0001f44d", kind=Kind.REACTED, target=40), "* bo reacted to #40: \U0001f44d"),
        (event("\U0001f44d", kind=Kind.UNREACTED, target=40), "* bo took back from #40: \U0001f44d"),
        (event("", kind=Kind.PINNED, target=40), "* bo pinned #40"),
        (event("", kind=Kind.UNPINNED, target=40), "* bo unpinned #40"),
        (without_text(event(target=40)), "* bo posted what is deleted"),
        (without_text(event("hi", kind=Kind.EDITED, target=40)), "* bo edited #40"),
        (event("later", kind=99), "* bo kind 99: later"),
        (event(by="bo joined"), r"<bo\x20joined> hello"),
        (event("", kind=Kind.JOINED, by="bo set the topic: x"), r"* bo\x20set\x20the\x20topic:\x20x joined"),
        (event(by="~bo> <ann"), r"<\x7ebo\x3e\x20\x3cann> hello"),
        (event(by="bo\n"), r"<bo\n> hello"),
    ],
)
def test_a_line_tells_when_which_who_and_what(told: Event, written: str) -> None:
    assert line(told) == f"2026-11-22T17:03:05.123Z #42 {written}\n"


@given(events())
def test_a_line_is_read_back_as_the_event_it_was(told: Event) -> None:
    expected = Line(told.seq, told.at, told.kind, told.by, told.author < 0, told.text, told.target)
    assert read_line(line(told)) == expected


@given(events())
def test_the_line_of_what_was_deleted_tells_all_but_the_text(told: Event) -> None:
    deleted = told.kind == Kind.POSTED
    found = read_line(line(without_text(told)))
    assert found is not None
    assert (found.seq, found.at, found.kind, found.deleted) == (told.seq, told.at, told.kind, deleted)
    if told.kind in (Kind.POSTED, Kind.EDITED):
        assert found.text == ""
    else:
        assert line(without_text(told)) == line(told)


@given(events())
def test_whatever_someone_writes_an_event_is_one_line(told: Event) -> None:
    written = line(told)
    assert written.endswith("\n")
    assert len(written.splitlines()) == 1
    written.encode()


@given(events(), st.data())
@example(event(), None)
def test_what_is_read_is_what_would_be_written(told: Event, data: st.DataObject | None) -> None:
    text = line(told)
    if data is not None:
        begin = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(begin, min(len(text), begin + 3)))
        text = text[:begin] + data.draw(HARMFUL | st.just("")) + text[end:]
    found = read_line(text)
    if found is not None:
        author = -1 if found.guest else 1
        again = Event(1, found.seq, found.at, found.kind, author, found.by, found.text, None, found.target)
        assert line(again) == text


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
    told = line(Event(1, 42, at, 1, 1, "bo", "hello", None, None))
    assert told.startswith(f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z #42 ")


def test_every_day_of_400_years_is_its_own() -> None:
    first = datetime(1970, 1, 1, tzinfo=UTC)
    for number in range(146_097):
        assert day(number * 86_400_000) == f"{first + timedelta(number):%Y-%m-%d}"
