"""Hello: who one is, and what one is told."""

from collections.abc import Callable

import pytest

from tests.conformance.peer import Peer, fresh

Knock = Callable[..., Peer]
Meet = Callable[..., Peer]


def test_a_greeting_says_who_the_guest_is_and_what_the_server_accepts(knock: Knock) -> None:
    name = fresh("Ann")

    told = knock().greet(name, client="conformance 1")

    assert set(told) == {"you", "session", "epoch", "server", "limits", "rooms"}
    assert told["you"] == {"name": name, "role": "guest", "guest": True}
    assert set(told["server"]) == {"name", "version", "time", "room"}
    assert set(told["limits"]) == {"text", "topic", "name", "room_name", "frame", "history", "catch_up", "rooms"}
    assert all(limit > 0 for limit in told["limits"].values())
    assert told["rooms"] == []


def test_the_subprotocol_is_spoken_with_compression_and_without(knock: Knock, garden: str) -> None:
    plain, deflated = knock(), knock(compression="deflate")
    long = "ivy climbs the wall " * 50

    for peer in (plain, deflated):
        peer.greet(fresh("Ann"))
        peer.done("join", room=garden)
    deflated.post(garden, long)

    assert plain.socket.subprotocol == deflated.socket.subprotocol == "nexus.v1"
    assert deflated.socket.response is not None
    assert "permessage-deflate" in deflated.socket.response.headers["Sec-WebSocket-Extensions"]
    assert plain.hears("posted")["text"] == deflated.hears("posted")["text"] == long


@pytest.mark.parametrize("ref", [0, -1, 2**53 - 1, "", "a", "ü" * 64])
def test_the_reply_carries_the_ref_as_it_was_given(knock: Knock, ref: int | str) -> None:
    peer = knock()

    assert peer.ask("hello", ref=ref, name=fresh("Ann"))["type"] == "done"
    assert peer.ask("ping", ref=ref) == {"type": "done", "ref": ref}


@pytest.mark.parametrize("kind", ["ping", "join", "post", "history", "rooms", "register", "logout"])
def test_nothing_but_hello_is_taken_first(knock: Knock, kind: str) -> None:
    peer = knock()

    peer.refused("unauthorised", kind, room="garden", text="hi", name=fresh("Ann"), password="correct horse")

    peer.greet(fresh("Ann"))


def test_hello_is_said_once(meet: Meet) -> None:
    ann = meet("Ann")

    ann.refused("bad_request", "hello", name=fresh("Ann"))

    ann.done("ping")


def test_hello_says_who_speaks(knock: Knock) -> None:
    peer = knock()

    peer.refused("unauthorised", "hello")
    peer.refused("unauthorised", "hello", password="correct horse")
    peer.refused("unauthorised", "hello", session="0" * 32)
    peer.refused("unauthorised", "hello", token="0" * 43)

    peer.greet(fresh("Ann"))


def test_a_name_belongs_to_one_and_another_is_offered(knock: Knock, meet: Meet) -> None:
    ann, other = meet("Ann"), knock()

    refusal = other.refused("name_taken", "hello", name=ann.name.upper())

    suggestion = refusal["message"].split("'")[-2]
    assert other.greet(suggestion)["you"]["name"] == suggestion


def test_of_two_who_claim_one_name_at_once_one_gets_it(knock: Knock) -> None:
    name, both = fresh("Ann"), [knock(), knock()]

    refs = [peer.say("hello", name=name) for peer in both]

    kinds = sorted(peer.reply(ref)["type"] for peer, ref in zip(both, refs, strict=True))
    assert kinds == ["done", "refused"]


def test_who_leaves_on_purpose_frees_the_name(meet: Meet, knock: Knock) -> None:
    ann = meet("Ann")

    ann.leave()

    assert knock().greet(ann.name)["you"]["name"] == ann.name


def test_a_dropped_session_keeps_its_name_for_a_while(meet: Meet, knock: Knock) -> None:
    ann = meet("Ann")

    ann.drop()

    other = knock()
    other.refused("name_taken", "hello", name=ann.name)
    assert other.greet(ann.name, session=ann.session)["you"]["name"] == ann.name


def test_an_unknown_session_starts_again_under_the_same_name(knock: Knock) -> None:
    name = fresh("Ann")

    assert knock().greet(name, session="0" * 32)["you"] == {"name": name, "role": "guest", "guest": True}


def test_a_ping_is_done_and_adds_nothing(meet: Meet) -> None:
    assert meet("Ann").done("ping") == {}


def test_logout_ends_the_session_with_a_goodbye(meet: Meet, knock: Knock) -> None:
    ann = meet("Ann")

    assert ann.done("logout") == {}

    goodbye = ann.hears("goodbye")
    assert goodbye["code"] == "ended"
    assert goodbye["reason"]
    assert "retry_after" not in goodbye
    assert ann.ends() == 1000
    assert knock().greet(ann.name)["you"]["name"] == ann.name
