"""Frames that are no command, or one that makes no sense: each gets one refusal, and the session lives on."""

import json
from typing import Any

import pytest

from tests.conformance.peer import Peer, fresh
from tests.hostile.conftest import Dial, Others
from tests.hostile.raw import command, frame

DEEP = 60_000

NO_COMMANDS = {
    "words": b"hello there",
    "nothing": b"",
    "spaces": b"   ",
    "half of one": b'{"type":"ping","ref":1',
    "two of them": b'{"type":"ping","ref":1}{"type":"ping","ref":2}',
    "more after it": b'{"type":"ping","ref":1} and so on',
    "a byte order mark": b'\xef\xbb\xbf{"type":"ping","ref":1}',
    "a list": b'[{"type":"ping","ref":1}]',
    "a number": b"1",
    "a text": b'"ping"',
    "null": b"null",
    "true": b"true",
    "not a number": b"NaN",
    "single quotes": b"{'type':'ping','ref':1}",
    "a trailing comma": b'{"type":"ping","ref":1,}',
    "a comment": b'{"type":"ping","ref":1 /* hi */}',
    "a bare control character": b'{"type":"ping","ref":"\x01"}',
    "a bad escape": b'{"type":"ping","ref":"\\x"}',
    "deep lists": b"[" * DEEP,
    "deep objects": b'{"a":' * (DEEP // 4),
    "no ref": b'{"type":"ping"}',
    "a null ref": b'{"type":"ping","ref":null}',
    "a ref that is a fraction": b'{"type":"ping","ref":1.5}',
    "a ref that is true": b'{"type":"ping","ref":true}',
    "a ref that is an object": b'{"type":"ping","ref":{}}',
    "a ref too large for JSON readers": b'{"type":"ping","ref":9007199254740992}',
    "a ref beyond every number": b'{"type":"ping","ref":' + b"9" * 100_000 + b"}",
    "a ref beyond every fraction": b'{"type":"ping","ref":1e999999}',
    "a ref that is too long": json.dumps({"type": "ping", "ref": "r" * 65}).encode(),
    "a ref that is half a character": b'{"type":"ping","ref":"\\ud800"}',
}
"""What comes back has no ref, since none could be read."""

NO_SENSE: dict[str, dict[str, Any]] = {
    "no type": {},
    "a type that is null": {"type": None},
    "a type that is a number": {"type": 5},
    "a type that is a list": {"type": ["ping"]},
    "an unknown type": {"type": "dance"},
    "an event's type": {"type": "posted", "room": "garden", "seq": 1, "at": 1, "by": "Ann", "text": "hi"},
    "a type in capitals": {"type": "PING"},
    "a very long type": {"type": "p" * 100_000},
    "a post without a text": {"type": "post", "room": "garden"},
    "a post without a room": {"type": "post", "text": "hi"},
    "a text that is a number": {"type": "post", "room": "garden", "text": 5},
    "a text that is null": {"type": "post", "room": "garden", "text": None},
    "a text that is a list": {"type": "post", "room": "garden", "text": ["hi"]},
    "a room that is a number": {"type": "join", "room": 5},
    "a room that is null": {"type": "join", "room": None},
    "a room that is an object": {"type": "join", "room": {"name": "garden"}},
    "a nonce that is a number": {"type": "post", "room": "garden", "text": "hi", "nonce": 5},
    "a nonce that is too long": {"type": "post", "room": "garden", "text": "hi", "nonce": "n" * 65},
    "a reply to a text": {"type": "post", "room": "garden", "text": "hi", "reply_to": "1"},
    "a reply to a fraction": {"type": "post", "room": "garden", "text": "hi", "reply_to": 1.5},
    "a limit of 0": {"type": "history", "room": "garden", "limit": 0},
    "a limit of 201": {"type": "history", "room": "garden", "limit": 201},
    "a negative limit": {"type": "history", "room": "garden", "limit": -1},
    "an immense limit": {"type": "history", "room": "garden", "limit": 10**30},
    "a limit that is a text": {"type": "history", "room": "garden", "limit": "50"},
    "a limit that is true": {"type": "history", "room": "garden", "limit": True},
    "before a negative seq": {"type": "history", "room": "garden", "before": -1},
    "after an immense seq": {"type": "history", "room": "garden", "after": 2**53},
    "around a fraction": {"type": "history", "room": "garden", "around": 0.5},
    "a position that is a number": {"type": "join", "room": "garden", "after": 5},
    "a position without a seq": {"type": "join", "room": "garden", "after": {"at": 5}},
    "a position with a negative seq": {"type": "join", "room": "garden", "after": {"seq": -5, "at": 5}},
    "too many last messages": {"type": "join", "room": "garden", "last": 201},
    "reading up to a negative seq": {"type": "read", "room": "garden", "seq": -1},
    "reading up to nothing": {"type": "read", "room": "garden"},
    "resuming a list": {"type": "hello", "name": "Cy", "resume": ["garden"]},
    "a password that is a number": {"type": "login", "name": "Cy", "password": 12345678},
    "an endless password": {"type": "login", "name": "Cy", "password": "p" * 1001},
    "a login that is a number": {"type": "revoke", "login": 5},
}


@pytest.mark.parametrize("payload", NO_COMMANDS.values(), ids=NO_COMMANDS)
def test_what_is_no_command_is_refused_without_a_ref(cy: Peer, payload: bytes) -> None:
    cy.socket.send(payload, text=True)

    cy.check_refusal("bad_request", cy.reply(None))
    cy.done("ping")


@pytest.mark.parametrize("fields", NO_SENSE.values(), ids=NO_SENSE)
def test_a_command_that_makes_no_sense_is_refused_with_its_ref(cy: Peer, fields: dict[str, Any]) -> None:
    cy.socket.send(json.dumps({"ref": "this one", **fields}))

    refusal = cy.check_refusal("bad_request", cy.reply("this one"))
    assert len(refusal["message"]) < 500
    cy.done("ping")


def test_the_refusal_names_the_field_and_the_nearest_command(cy: Peer) -> None:
    assert "`limit`" in cy.refused("bad_request", "history", room="garden", limit=0)["message"]
    assert "`text`" in cy.refused("bad_request", "post", room="garden")["message"]
    assert "'history'" in cy.refused("bad_request", "histroy")["message"]


def test_fields_that_nobody_knows_do_no_harm(cy: Peer, others: Others) -> None:
    cy.done("ping", colour="green", nested={"a": [1, {"b": None}]}, seq=-1, password=5)
    cy.done("join", room=others.room, last=0, role="admin", member=True)
    lies = {"by": others.ann.name, "guest": False, "seq": 900, "at": 0, "author": 1, "role": "admin"}

    seq = cy.done("post", room=others.room, text="It is me", **lies)["seq"]

    for peer in (others.ann, others.bo):
        event = peer.hears("posted")
        assert (event["seq"], event["by"], event["guest"]) == (seq, cy.name, True)


def test_deep_nesting_in_a_field_that_nobody_knows_is_answered_once(cy: Peer) -> None:
    cy.socket.send('{"type":"ping","ref":"deep","x":' + "[" * DEEP + "]" * DEEP + "}")

    assert cy.read()["type"] in ("done", "refused")
    assert cy.done("ping") == {}


def test_a_field_given_twice_is_answered_once(cy: Peer) -> None:
    cy.socket.send('{"type":"dance","type":"ping","ref":1,"ref":2}')

    reply = cy.read()
    assert reply["type"] in ("done", "refused")
    assert cy.done("ping") == {}


def test_ten_thousand_fields_are_read_past(cy: Peer) -> None:
    assert cy.done("ping", **{f"field{number}": 0 for number in range(5_000)}) == {}


def test_two_commands_with_one_ref_in_flight_get_one_done_and_one_refusal(dial: Dial, others: Others) -> None:
    raw = dial().upgrade()
    raw.greet(others.room)

    raw.send(command("post", 7, room=others.room, text="first") + command("post", 7, room=others.room, text="second"))

    replies = [raw.reply(7), raw.reply(7)]
    assert sorted(reply["type"] for reply in replies) == ["done", "refused"]
    assert next(reply["code"] for reply in replies if reply["type"] == "refused") == "bad_request"
    for peer in (others.ann, others.bo):
        assert peer.hears("posted")["text"] == "first"
    raw.send(command("post", 7, room=others.room, text="third"))
    assert raw.reply(7)["type"] == "done"
    for peer in (others.ann, others.bo):
        assert peer.hears("posted")["text"] == "third"


def test_a_command_before_hello_is_refused_even_in_one_packet_with_it(dial: Dial, others: Others) -> None:
    raw, name = dial().upgrade(), fresh("Cy")

    raw.send(
        command("post", 1, room=others.room, text="hi")
        + command("hello", 2, name=name)
        + command("hello", 3, name=name)
        + command("post", 4, room=others.room, text="hi")
        + command("ping", 5)
    )

    replies = [raw.event() for _ in range(5)]
    assert [reply["ref"] for reply in replies] == [1, 2, 3, 4, 5]
    codes = [reply.get("code") for reply in replies]
    assert codes == ["unauthorised", None, "bad_request", "not_joined", None]


def test_a_seq_far_ahead_or_far_back_is_answered(cy: Peer, others: Others) -> None:
    far = 2**53 - 1

    cy.refused("not_found", "read", room=others.room, seq=far)
    assert cy.done("history", room=others.room, after=far)["events"] == []
    assert cy.done("history", room=others.room, before=far) == cy.done("history", room=others.room)
    newest = cy.done("history", room=others.room, limit=1)["events"]
    assert cy.done("history", room=others.room, around=far, limit=2)["events"] == newest
    cy.done("join", room=others.room, after={"seq": far, "at": far})
    cy.hears("reset")
    cy.refused("not_found", "post", room=others.room, text="hi", reply_to=far)


def test_a_nonce_with_another_text_is_refused(cy: Peer, others: Others) -> None:
    cy.done("join", room=others.room, last=0)
    cy.post(others.room, "once", nonce="n-1")
    for peer in (others.ann, others.bo):
        assert peer.hears("posted")["text"] == "once"

    cy.refused("nonce_reused", "post", room=others.room, text="only once", nonce="n-1")


def test_a_thousand_bad_frames_get_a_thousand_refusals(dial: Dial) -> None:
    raw = dial().upgrade()
    raw.greet()

    raw.send(frame(b"nonsense") * 1000)

    assert {raw.event()["code"] for _ in range(1000)} == {"bad_request"}
    raw.send(command("ping", 9))
    assert raw.reply(9)["type"] == "done"
