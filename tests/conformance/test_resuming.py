"""Coming back: nothing missing, nothing twice, and a word where the history is another one."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.peer import Frame, Peer, fresh

Knock = Callable[..., Peer]
Meet = Callable[..., Peer]


def place(event: Frame) -> dict[str, Any]:
    """An event as `resume` and `after` name it."""
    return {"seq": event["seq"], "at": event["at"]}


def heard(peer: Peer, count: int) -> list[Frame]:
    """So many messages, in order."""
    return [peer.hears("posted") for _ in range(count)]


def seqs(events: list[Frame]) -> list[int]:
    """The place of each event."""
    return [event["seq"] for event in events]


def come_back(knock: Knock, peer: Peer, **fields: Any) -> tuple[Peer, Frame]:
    """The same session on another connection; returns it and what `done` told."""
    again = knock()
    return again, again.greet(peer.name, session=peer.session, **fields)


def test_who_comes_back_hears_what_was_missed_and_nothing_twice(meet: Meet, knock: Knock, garden: str) -> None:
    ann, bo = meet("Ann", garden), meet("Bo", garden)
    bo.post(garden, "one")
    last = ann.hears("posted")
    ann.drop()
    bo.post(garden, "two")
    bo.post(garden, "three")

    again, told = come_back(knock, ann, resume={garden: place(last)})

    assert told["you"]["name"] == ann.name
    assert told["session"] == ann.session
    assert [room["name"] for room in told["rooms"]] == [garden]
    assert [event["text"] for event in heard(again, 2)] == ["two", "three"]
    bo.post(garden, "four")
    assert again.hears("posted")["seq"] == last["seq"] + 3
    assert again.sync() == []


def test_nobody_sees_a_drop_that_is_mended(meet: Meet, knock: Knock, garden: str) -> None:
    bo, ann = meet("Bo", garden), meet("Ann", garden)
    bo.sees("here", ann.name)
    ann.drop()

    come_back(knock, ann, resume={garden: {"seq": 0, "at": 0}})

    cy = meet("Cy", garden)
    assert bo.sees("here", cy.name)["gone"] == []
    assert bo.sync() == []


def test_the_older_connection_of_a_session_gets_a_goodbye(meet: Meet, knock: Knock, garden: str) -> None:
    ann = meet("Ann", garden)

    again, _ = come_back(knock, ann, resume={garden: {"seq": 0, "at": 0}})

    assert ann.hears("goodbye")["code"] == "replaced"
    assert ann.ends() == 4001
    again.post(garden, "still me")
    assert again.hears("posted")["by"] == ann.name


def test_rooms_that_are_not_named_are_left(meet: Meet, knock: Knock, garden: str) -> None:
    kitchen = fresh("kitchen")
    ann = meet("Ann", garden, kitchen)
    ann.drop()

    again, told = come_back(knock, ann, resume={garden: {"seq": 0, "at": 0}})

    assert [room["name"] for room in told["rooms"]] == [garden]
    again.refused("not_joined", "post", room=kitchen, text="hi")


@pytest.mark.parametrize("wrong", [{"seq": 2, "at": 1}, {"seq": 9_999_999, "at": 5}, {"seq": 2**53 - 1, "at": 0}])
def test_a_place_that_is_not_in_this_history_starts_it_over(
    meet: Meet, knock: Knock, garden: str, wrong: dict[str, int]
) -> None:
    ann, bo = meet("Ann", garden), meet("Bo", garden)
    for number in range(8):
        bo.post(garden, f"number {number}")
    heard(ann, 8)
    ann.drop()

    again, _ = come_back(knock, ann, resume={garden: wrong})

    again.hears("reset", room=garden)
    assert seqs(heard(again, 5)) == [4, 5, 6, 7, 8]
    assert again.sync() == []


def test_another_epoch_starts_every_room_over(meet: Meet, knock: Knock, garden: str) -> None:
    ann = meet("Ann", garden)
    ann.post(garden, "one")
    last = ann.hears("posted")
    ann.drop()

    again, _ = come_back(knock, ann, epoch="another", resume={garden: place(last)})

    again.hears("reset", room=garden)
    assert again.hears("posted") == last


def test_the_same_epoch_goes_on(knock: Knock, garden: str) -> None:
    ann = knock()
    epoch = ann.greet(fresh("Ann"))["epoch"]
    ann.done("join", room=garden)
    ann.post(garden, "one")
    last = ann.hears("posted")
    ann.drop()

    again, told = come_back(knock, ann, epoch=epoch, resume={garden: place(last)})

    assert told["epoch"] == epoch
    assert again.sync() == []


def test_a_room_that_cannot_be_entered_again_is_left_out_and_the_others_go_on(
    meet: Meet, knock: Knock, garden: str
) -> None:
    ann = meet("Ann", garden)
    ann.drop()

    places = {"no room has spaces": {"seq": 1, "at": 1}, garden: {"seq": 0, "at": 0}}
    again, told = come_back(knock, ann, resume=places)

    assert [room["name"] for room in told["rooms"]] == [garden]
    assert "no room has spaces" in again.hears("notice")["text"]
    again.post(garden, "here again")


def test_joining_after_an_event_brings_every_later_one(meet: Meet, garden: str) -> None:
    ann, bo = meet("Ann", garden), meet("Bo")
    for number in range(7):
        ann.post(garden, f"number {number}")
    first = ann.hears("posted")

    bo.done("join", room=garden, after=place(first))

    assert seqs(heard(bo, 6)) == [2, 3, 4, 5, 6, 7]
    bo.done("join", room=garden, after={"seq": 0, "at": 0})
    assert seqs(heard(bo, 7)) == [1, 2, 3, 4, 5, 6, 7]


def test_missing_more_than_the_limit_brings_a_skipped_event(meet: Meet, knock: Knock, garden: str) -> None:
    writers = [meet("Bo", garden) for _ in range(3)]
    ann = knock()
    limit = ann.greet(fresh("Ann"))["limits"]["catch_up"]
    _fill(writers, garden, limit + 50)
    head = ann.done("history", room=garden, limit=1)["events"][0]["seq"]

    ann.done("join", room=garden, after={"seq": 0, "at": 0})

    skipped = ann.hears("skipped", room=garden)
    assert (skipped["from"], skipped["to"]) == (1, head - limit)
    assert seqs(heard(ann, limit)) == list(range(head - limit + 1, head + 1))
    first = ann.done("history", room=garden, after=skipped["from"] - 1, limit=200)
    assert seqs(first["events"])[0] == skipped["from"]


def _fill(writers: list[Peer], room: str, count: int) -> None:
    """Many messages, from so many people that none of them is too fast."""
    for start in range(0, count, 100 * len(writers)):
        refs = [(writer, writer.say("post", room=room, text="again")) for writer in writers for _ in range(100)]
        for writer, ref in refs:
            assert writer.reply(ref)["type"] == "done", start
