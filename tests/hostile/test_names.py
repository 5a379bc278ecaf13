"""Names and texts that want to be something else."""

from typing import Any

import pytest

from tests.conformance.peer import Peer, fresh
from tests.hostile.conftest import Others

NO_NAMES = {
    "empty": "",
    "spaces": "   ",
    "wide spaces": "\u3000\u2003\u00a0",
    "invisible": "\u200b\u200d\u2060",
    "1,000 characters": "a" * 1000,
    "1,000 wide characters": "世" * 1000,
    "a mountain of accents": "a" + "\u0301" * 900,
    "a space": "Ann Lee",
    "a line break": "Ann\nBo",
    "a tab": "Ann\tBo",
    "NUL": "Ann\0",
    "an escape": "\x1b[31mAnn",
    "a C1 control": "Ann\x9b31m",
    "a right-to-left override": "Ann\u202egnp.exe",
    "a right-to-left isolate": "Ann\u2067oB",
    "a soft hyphen": "An\u00adn",
    "a joiner": "A\u200dnn",
    "a tag character": "Ann\U000e0041",
    "a line separator": "Ann\u2028Bo",
    "a lone surrogate": "\ud800",
    "two directions": "Annא",
    "a path": "../../etc/passwd",
    "a slash": "a/b",
    "a backslash": "a\\b",
    "a colon": "C:",
    "a wildcard": "*",
    "markup": "<script>",
    "dots": "..",
    "one dot": ".",
    "a trailing dot": "ann.",
    "a leading dash": "-rf",
    "an emoji": "🌱",
    "a quote": "'; drop table rooms; --",
    "a percent sign": "%2e%2e",
    "a byte order mark": "\ufeffann",
    "an unassigned character": "ann\U000e0fff",
}
"""What neither a person nor a room may be called."""

NO_ROOMS = {
    "CON": "CON",
    "con with an ending": "con.log",
    "NUL the device": "nul",
    "a serial port": "com1",
    "300 bytes": "g" * 300,
    "300 bytes of wide characters": "世" * 100,
}

NO_PERSONS = {
    "the server": "nexus",
    "the system": "System",
    "a look-alike of the system": "ѕуѕtеm",
    "everyone": "everyone",
    "33 characters": "a" * 33,
}

NO_TEXTS = {
    "empty": "",
    "spaces": "    ",
    "line breaks": "\n\n\n",
    "invisible": "\u200b\u2060\u00ad",
    "NUL": "a\0b",
    "an escape": "\x1b]0;owned\x07",
    "a bell": "\x07",
    "a C1 control": "a\x9b31mb",
    "delete": "a\x7f",
    "a lone surrogate": "a\ud800b",
    "surrogates the wrong way round": "\udc00\ud800",
}


@pytest.mark.parametrize("name", [*NO_NAMES.values(), *NO_PERSONS.values()], ids=[*NO_NAMES, *NO_PERSONS])
def test_nobody_is_called_that(cy: Peer, name: str) -> None:
    refusal = cy.ask("rename", name=name)

    assert refusal["code"] in ("name_invalid", "bad_request"), refusal
    assert len(refusal["message"]) < 500
    assert cy.ask("register", name=name, password="correct horse")["code"] == refusal["code"]
    assert cy.done("rename", name=fresh("Cy"))


@pytest.mark.parametrize("name", [*NO_NAMES.values(), *NO_ROOMS.values()], ids=[*NO_NAMES, *NO_ROOMS])
def test_no_room_is_called_that(cy: Peer, name: str) -> None:
    commands: list[tuple[str, dict[str, Any]]] = [
        ("join", {}),
        ("create", {}),
        ("history", {}),
        ("post", {"text": "hi"}),
        ("who", {}),
        ("leave", {}),
        ("read", {"seq": 1}),
    ]
    for kind, fields in commands:
        refusal = cy.ask(kind, room=name, **fields)
        assert refusal["code"] in ("name_invalid", "bad_request"), (kind, refusal)
        assert len(refusal["message"]) < 500


@pytest.mark.parametrize("text", NO_TEXTS.values(), ids=NO_TEXTS)
def test_an_invalid_text_is_refused_and_not_delivered(cy: Peer, others: Others, text: str) -> None:
    cy.done("join", room=others.room, last=0)

    cy.refused("bad_request", "post", room=others.room, text=text)
    if text:
        cy.refused("bad_request", "configure", room=others.room, topic=text)


@pytest.mark.parametrize(
    ("letter", "alike"), [("A", "a"), ("nn", "NN"), ("A", "А"), ("-", "-")], ids=["small", "large", "Cyrillic", "same"]
)
def test_names_that_look_like_anothers_are_taken(cy: Peer, others: Others, letter: str, alike: str) -> None:
    refusal = cy.refused("name_taken", "rename", name=others.ann.name.replace(letter, alike, 1))

    assert cy.done("rename", name=refusal["message"].split("'")[-2])


@pytest.mark.parametrize(
    ("alike", "code"),
    [("а", "name_taken"), ("ɑ", "name_taken"), ("𝐚", "name_invalid")],
    ids=["Cyrillic", "alpha", "mathematical"],
)
def test_rooms_that_look_like_another_are_not_made(cy: Peer, others: Others, alike: str, code: str) -> None:
    room = others.room.replace("a", alike, 1)

    cy.refused(code, "join", room=room)
    cy.refused(code, "create", room=room)


def test_a_room_in_wide_letters_is_the_room_in_narrow_ones(cy: Peer, others: Others) -> None:
    assert cy.done("join", room=others.room.replace("a", "ａ"))["room"]["name"] == others.room


def test_a_right_to_left_text_stays_one_event(cy: Peer, others: Others) -> None:
    text = "\u202e gnihton\u202c and\u2028another line"
    cy.done("join", room=others.room, last=0)

    cy.post(others.room, text)

    for peer in (others.ann, others.bo):
        assert peer.hears("posted")["text"] == text
