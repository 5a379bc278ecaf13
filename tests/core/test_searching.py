"""What a query asks for, and which messages answer it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from nexus.core.searching import Query, QueryInvalid, matches, read_query
from nexus.protocol.events import Joined, Posted, RoomEvent

DAY = 86_400_000
FIRST_OF_MAY = 1_777_593_600_000

SAID = Posted(
    room="garden",
    seq=7,
    at=FIRST_OF_MAY + 1,
    by="Bo",
    guest=True,
    text="The café opens at 9: https://cafe.example/menu",
)


def answers(query: str, event: RoomEvent = SAID) -> bool:
    return matches(read_query(query), event)


@pytest.mark.parametrize(
    "query",
    [
        "cafe",
        "CAFÉ opens",
        '"cafe opens"',
        '"the café"',
        "menu cafe.example",
        "from:bo",
        "from:@BO café",
        "has:link",
        "after:2026-04-30 before:2026-05-02",
        "opens has:link from:bo before:2027-01-01",
        "opens -closes",
        'opens -"opens cafe"',
        "\u201ccafe opens\u201d",
        "\u00abcafe opens\u00bb -\u201eopens cafe\u201c",
        "opens -\U0001f389",
        "opens -login:bo",
    ],
)
def test_a_message_answers_what_is_true_of_it(query: str) -> None:
    assert answers(query)


@pytest.mark.parametrize(
    "query",
    [
        "cafes",
        "caf",
        '"opens cafe"',
        '"cafe at"',
        "from:ann",
        "before:2026-05-01",
        "after:2026-05-01",
        "cafe closes",
        "opens -cafe",
        'opens -"cafe opens"',
    ],
)
def test_a_message_does_not_answer_what_is_not(query: str) -> None:
    assert not answers(query)


def test_only_messages_are_found_and_no_deleted_ones() -> None:
    assert not answers("from:bo", Joined(room="garden", seq=7, at=SAID.at, by="Bo"))
    assert not answers("from:bo", replace(SAID, deleted=True))


def test_a_day_is_one_of_utc() -> None:
    assert read_query("after:2026-04-30").after == FIRST_OF_MAY
    assert read_query("before:2026-05-02").before == FIRST_OF_MAY + DAY


def test_a_query_may_name_a_room_as_it_is_written() -> None:
    assert read_query("in:#Garden rose") == Query(phrases=(("rose",),), room="garden")


def test_a_minus_before_a_word_or_a_phrase_leaves_out_what_has_it() -> None:
    query = read_query('tea -green -"with milk" well-known --lines - -')

    assert query.phrases == (("tea",), ("well", "known"), ("lines",))
    assert query.without == (("green",), ("with", "milk"))


def test_a_quote_that_is_not_closed_goes_to_the_end() -> None:
    assert read_query('tea "black or').phrases == (("tea",), ("black", "or"))


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("", "needs a word"),
        ("…!", "needs a word"),
        ('""', "needs a word"),
        ("from:", "not a person's name"),
        ("in:a/b", "not a room's name"),
        ("before:yesterday", "is not a date"),
        ("after:0000-01-01", "is not a date"),
        ("has:cake", "has:link"),
        ("from:ann from:bo", "only once"),
        ("x " * 251, "at most 500 characters"),
        ("x " * 33, "at most 32 words"),
        ("-x " * 33, "at most 32 words"),
        ("-green", "needs a word"),
        ("opens -from:bo", "'from:' cannot be turned round"),
        ("opens \u2212In:garden", "'In:' cannot be turned round"),
    ],
)
def test_a_query_that_cannot_be_answered_is_refused_with_the_reason(query: str, why: str) -> None:
    with pytest.raises(QueryInvalid, match=why):
        read_query(query)


@given(st.text(max_size=60))
def test_any_text_is_a_query_or_is_refused_with_the_reason(text: str) -> None:
    try:
        query = read_query(text)
    except QueryInvalid:
        return
    assert matches(query, SAID) in (True, False)
