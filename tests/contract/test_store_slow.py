"""Slow mode is decided where a message is stored: who waits, for how long, and what is no second message."""

from collections.abc import Callable
from typing import Any

import pytest

from nexus.core.changes import AddMember, Configure, Denied, MakeRoom, NonceReused, Promote, Register, Repeated
from nexus.core.log import Record
from nexus.core.person import person_of
from nexus.ports import Store
from nexus.protocol.events import Configured, Joined, Posted, Promoted
from tests.contract.groups import commit, one, record, whole
from tests.contract.test_store import ANN, BO, CY, post

GARDEN, KITCHEN = 1, 2


def joined(author: int, room: int) -> AddMember:
    return AddMember(record(Joined, author, "", room=room, at=1))


def slowed(seconds: int, at: int = 1) -> Configure:
    event = Configured(room="garden", seq=0, at=at, by="Ann", topic="", slow=seconds)
    return Configure(Record(GARDEN, ANN, event))


@pytest.fixture
def garden(store: Store) -> Store:
    """Ann's garden, where everybody else waits 30 s between two messages, and a kitchen where nobody does."""
    people = [Register(0, name, name.lower(), name.lower(), "hash", "member", 1) for name in ("Ann", "Bo")]
    rooms = [MakeRoom(name, name, 1, maker=ANN) for name in ("garden", "kitchen")]
    members = [joined(author, room) for author in (ANN, BO) for room in (GARDEN, KITCHEN)]
    commit(store, [*people, *rooms, *members, slowed(30)])
    return store


def says(author: int, text: str, at: int, nonce: str | None = None, room: int = GARDEN, earlier: int = 0) -> Record:
    """A message of a moment in seconds."""
    said = post(author, text, nonce, room=room, at=at * 1000)
    said.checked = True
    said.earlier = earlier
    return said


def said(store: Store, room: int = GARDEN) -> list[str]:
    return [one.event.text for one in whole(store, room) if isinstance(one.event, Posted)]


def waits(outcome: Any) -> float | None:
    """How long somebody has to wait, in seconds; None where the message is stored."""
    if isinstance(outcome, Record):
        return None
    assert isinstance(outcome, Denied)
    assert outcome.code == "too_fast"
    return outcome.retry_after


def test_members_and_guests_wait_and_those_who_moderate_the_room_do_not(garden: Store) -> None:
    outcomes = commit(
        garden,
        [
            *(says(author, "a", 100) for author in (ANN, BO, CY)),
            *(says(author, "b", 110) for author in (ANN, BO, CY)),
            *(says(author, "c", 130) for author in (ANN, BO, CY)),
        ],
    )
    assert list(map(waits, outcomes)) == [None, None, None, None, 20, 20, None, None, None]
    assert said(garden) == ["a", "a", "a", "b", "c", "c", "c"]


def test_a_refused_message_makes_nobody_wait_any_longer(garden: Store) -> None:
    one(garden, says(BO, "a", 100))
    assert [waits(one(garden, says(BO, "b", at))) for at in (101, 115, 129)] == [29, 15, 1]
    assert waits(one(garden, says(BO, "b", 130))) is None


@pytest.mark.parametrize("together", [True, False])
def test_a_known_nonce_is_answered_as_such_before_anyone_has_to_wait(garden: Store, *, together: bool) -> None:
    entries = [says(BO, "a", 100, "n1"), says(BO, "a", 101, "n1"), says(BO, "b", 102, "n1"), says(BO, "b", 103, "n2")]
    first, again, other, more = commit(garden, entries) if together else [one(garden, entry) for entry in entries]
    assert isinstance(first, Record)
    assert isinstance(again, Repeated)
    assert again.record.event == first.event
    assert other == NonceReused(first.event.seq)
    assert waits(more) == 27


def test_who_waits_is_known_after_a_restart(garden: Store, reopen: Callable[[], Store]) -> None:
    one(garden, says(BO, "a", 100, "n1"))
    again = reopen()
    assert waits(one(again, says(BO, "b", 110))) == 20
    assert isinstance(one(again, says(BO, "a", 110, "n1")), Repeated)
    assert waits(one(again, says(BO, "b", 130))) is None


def test_a_guest_who_made_an_account_waits_as_if_they_had_not(garden: Store) -> None:
    one(garden, says(CY, "a", 100))
    assert waits(one(garden, says(BO, "b", 110, earlier=CY))) == 20
    assert waits(one(garden, says(BO, "b", 130, earlier=CY))) is None


def test_elsewhere_nobody_waits_and_all_is_stored_in_its_order(garden: Store) -> None:
    entries = [
        *(says(BO, "a", 100), says(BO, "k", 100, room=KITCHEN), says(BO, "b", 100), says(BO, "l", 100, room=KITCHEN)),
        *(says(ANN, "m", 100), says(CY, "c", 100), says(ANN, "n", 100), says(CY, "d", 100), says(CY, "m", 1, None, 2)),
    ]
    outcomes = commit(garden, entries)
    assert list(map(waits, outcomes)) == [None, None, 30, None, None, None, None, 30, None]
    assert (said(garden), said(garden, KITCHEN)) == (["a", "m", "c", "n"], ["k", "l", "m"])


def test_what_is_wrong_with_another_entry_lets_nobody_say_more_or_less(garden: Store) -> None:
    outcomes = commit(garden, [says(BO, "a", 100), says(BO, "b", 100, room=99), says(BO, "c", 101)])
    assert [type(outcome).__name__ for outcome in outcomes] == ["Record", "Denied", "Denied"]
    assert [outcome.code for outcome in outcomes[1:]] == ["not_joined", "too_fast"]
    outcomes = commit(garden, [says(BO, "a", 131), post(ANN, "b", room=99), says(BO, "c", 132)])
    assert [type(outcome).__name__ for outcome in outcomes] == ["Record", "Failed", "Denied"]


def test_the_rule_of_the_moment_holds(garden: Store) -> None:
    assert waits(one(garden, says(BO, "a", 100))) is None
    one(garden, slowed(10))
    assert waits(one(garden, says(BO, "b", 105))) == 5
    one(garden, slowed(0))
    assert waits(one(garden, says(BO, "b", 106))) is None
    one(garden, slowed(60))
    assert waits(one(garden, says(BO, "c", 180))) is None
    assert waits(one(garden, says(BO, "d", 181))) == 59
    promoted = Promoted(
        room="garden", seq=0, at=1, by="Ann", name="Bo", person=person_of(BO, garden.key), role="moderator"
    )
    one(garden, Promote(Record(GARDEN, ANN, promoted), BO))
    assert waits(one(garden, says(BO, "d", 182))) is None


def test_a_clock_that_is_set_back_silences_nobody(garden: Store) -> None:
    one(garden, says(BO, "a", 10_000))
    assert waits(one(garden, says(BO, "b", 100))) is None
    assert waits(one(garden, says(BO, "c", 90))) == 20
