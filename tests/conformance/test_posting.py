"""Posting: everyone hears it, in one order, exactly once."""

from collections.abc import Callable

import pytest

from tests.conformance.peer import Peer, fresh

Knock = Callable[..., Peer]
Meet = Callable[..., Peer]


def test_everyone_in_the_room_hears_a_message_and_nobody_else(meet: Meet, garden: str) -> None:
    ann, bo, cy = meet("Ann", garden), meet("Bo", garden), meet("Cy", fresh("kitchen"))

    told = ann.done("post", room=garden, text="Anyone here?")

    event = bo.hears("posted")
    assert set(told) == {"seq", "at"}
    assert event == {
        "type": "posted",
        "room": garden,
        "seq": told["seq"],
        "at": told["at"],
        "by": ann.name,
        "guest": True,
        "text": "Anyone here?",
    }
    assert ann.hears("posted") == event
    assert [event for event in cy.sync() if event["type"] == "posted"] == []


@pytest.mark.parametrize("text", ["x", "two\nlines\tand a tab", "Grüße, 世界 🌱", "👩‍🌾", "\u202emirrored", "x" * 8000])
def test_a_text_arrives_as_it_was_written(meet: Meet, garden: str, text: str) -> None:
    ann, bo = meet("Ann", garden), meet("Bo", garden)

    ann.post(garden, text)

    assert bo.hears("posted")["text"] == text
    assert bo.done("history", room=garden)["events"][-1]["text"] == text


def test_a_reply_names_what_it_answers(meet: Meet, garden: str) -> None:
    ann = meet("Ann", garden)
    first = ann.post(garden, "Anyone here?")

    ann.post(garden, "I am!", reply_to=first)

    ann.hears("posted", seq=first)
    assert ann.hears("posted")["reply_to"] == first
    ann.refused("not_found", "post", room=garden, text="to what?", reply_to=99)
    ann.refused("not_found", "post", room=garden, text="to what?", reply_to=0)


def test_many_at_once_are_one_log_without_a_hole(meet: Meet, garden: str) -> None:
    people = [meet(word, garden) for word in ("Ann", "Bo", "Cy")]

    refs = [(peer, peer.say("post", room=garden, text=f"{n}")) for n in range(100) for peer in people]
    seqs = [peer.reply(ref)["seq"] for peer, ref in refs]

    assert sorted(seqs) == list(range(1, 301))
    logs = [[peer.hears("posted") for _ in seqs] for peer in people]
    assert [event["seq"] for event in logs[0]] == sorted(seqs)
    assert logs[0] == logs[1] == logs[2]
    for peer in people:
        own = [event["text"] for event in logs[0] if event["by"] == peer.name]
        assert own == [f"{n}" for n in range(100)]


def test_the_same_nonce_again_is_the_same_message(meet: Meet, garden: str) -> None:
    ann, bo = meet("Ann", garden), meet("Bo", garden)

    first = ann.done("post", room=garden, text="once", nonce="k3x9-1")
    again = ann.done("post", room=garden, text="once", nonce="k3x9-1")

    assert again == first
    assert len(ann.done("history", room=garden)["events"]) == 1
    bo.hears("posted")
    assert [event for event in bo.sync() if event["type"] == "posted"] == []


def test_the_same_nonce_with_another_text_is_refused(meet: Meet, garden: str) -> None:
    ann = meet("Ann", garden)
    ann.post(garden, "once", nonce="k3x9-1")

    ann.refused("nonce_reused", "post", room=garden, text="only once", nonce="k3x9-1")

    assert len(ann.done("history", room=garden)["events"]) == 1


def test_a_nonce_is_its_authors_and_its_rooms(meet: Meet, garden: str) -> None:
    kitchen = fresh("kitchen")
    ann, bo = meet("Ann", garden, kitchen), meet("Bo", garden)

    assert ann.post(garden, "ann's", nonce="k3x9-1") == 1
    assert ann.post(kitchen, "hers too", nonce="k3x9-1") == 1
    assert bo.post(garden, "bo's", nonce="k3x9-1") == 2


def test_a_nonce_counts_on_the_next_connection(meet: Meet, knock: Knock, garden: str) -> None:
    ann = meet("Ann", garden)
    first = ann.post(garden, "once", nonce="k3x9-1")
    ann.drop()

    again = knock()
    again.greet(ann.name, session=ann.session, resume={garden: {"seq": 0}})

    assert again.post(garden, "once", nonce="k3x9-1") == first


@pytest.mark.parametrize("nonce", ["", "two words", "ümlaut", "tab\t"])
def test_a_nonce_is_visible_ascii(meet: Meet, garden: str, nonce: str) -> None:
    meet("Ann", garden).refused("bad_request", "post", room=garden, text="hello", nonce=nonce)


def test_a_text_that_is_too_long_is_refused_whole(knock: Knock, garden: str) -> None:
    ann = knock()
    limit = ann.greet(fresh("Ann"))["limits"]["text"]
    ann.done("join", room=garden)

    refusal = ann.refused("too_large", "post", room=garden, text="x" * (limit + 1))

    assert f"{limit:,}" in refusal["message"]
    assert ann.post(garden, "x" * limit) == 1


def test_a_post_to_a_room_one_is_not_in_is_refused(meet: Meet, garden: str) -> None:
    meet("Ann", garden)
    cy = meet("Cy")

    cy.refused("not_joined", "post", room=garden, text="hello?")
    cy.refused("not_joined", "post", room=fresh("nowhere"), text="hello?")


def test_a_command_over_the_pace_is_refused_with_the_time_to_wait(meet: Meet) -> None:
    ann = meet("Ann")

    replies = [ann.reply(ref) for ref in [ann.say("ping") for _ in range(700)]]

    refused = [ann.check_refusal("too_fast", reply) for reply in replies if reply["type"] != "done"]
    assert all(0 < reply["retry_after"] < 60 for reply in refused)
    assert [reply["type"] for reply in replies[:100]] == ["done"] * 100
