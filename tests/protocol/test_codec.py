"""Bytes to commands: whatever comes, a command or a refusal that helps."""

import difflib
import json
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexus.protocol import commands as c
from nexus.protocol.codec import COMMANDS, BadFrame, decode, decode_event, decode_frame, encode
from nexus.protocol.codes import CODES
from nexus.protocol.events import Posted, Skipped
from nexus.protocol.replies import ADDS, Done, Refused
from nexus.protocol.types import SAFE

UTF8 = st.characters(codec="utf-8")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


def refusal_of(payload: bytes) -> BadFrame:
    with pytest.raises(BadFrame) as caught:
        decode(payload)
    return caught.value


def outcome(payload: bytes) -> c.Command | BadFrame:
    try:
        return decode(payload)
    except BadFrame as bad:
        return bad


@given(st.binary(max_size=300))
def test_any_bytes_are_a_command_or_a_refusal(payload: bytes) -> None:
    said = outcome(payload)

    assert isinstance(said, c.Command) or (said.code in CODES and said.message.endswith("."))


@given(st.sampled_from(sorted(COMMANDS)), st.dictionaries(st.sampled_from(["room", "text", "seq", "name"]), JSON))
def test_any_fields_are_a_command_or_a_refusal_with_its_ref(kind: str, fields: dict[str, object]) -> None:
    said = outcome(json.dumps({"type": kind, "ref": 7, **fields}).encode())

    assert said.ref == 7


@pytest.mark.parametrize(
    ("payload", "hint"),
    [
        (b"", "JSON object"),
        (b"nope", "JSON object"),
        (b"[]", "JSON object"),
        (b'"post"', "JSON object"),
        (b"{}", "`ref`"),
        (b'{"type":"ping"}', "`ref`"),
        (b'{"type":"ping","ref":null}', "`ref`"),
        (b'{"type":"ping","ref":1.5}', "`ref`"),
        (b'{"type":"ping","ref":1e400}', "`ref`"),
        (b'{"type":"ping","ref":"' + b"x" * 65 + b'"}', "`ref`"),
        (b'{"ref":1}', "`type`"),
        (b'{"ref":1,"type":7}', "`type`"),
        (b'{"ref":1,"type":"pots"}', "did you mean 'post'"),
        (b'{"ref":1,"type":"xyzzy"}', "there are"),
        (b'{"ref":1,"type":"read","room":"g"}', "`seq`"),
        (b'{"ref":1,"type":"read","room":"g","seq":-1}', ">= 0"),
        (b'{"ref":1,"type":"read","room":"g","seq":99999999999999999999}', "<="),
        (b'{"ref":1,"type":"read","room":"g","seq":"1"}', "`int`"),
        (b'{"ref":1,"type":"post","room":"g","text":["hi"]}', "`str`"),
        (b'{"ref":1,"type":"history","room":"g","limit":201}', "<= 200"),
        (b'{"ref":1,"type":"ping"} tail', "JSON"),
        (b'{"ref":1,"type":"post","room":"g","text":"\xff"}', ""),
        (b'{"ref":1,"type":"post","room":"g","text":"\\ud800"}', ""),
        (b"[" * 100_000, "JSON object"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"ref":1,"type":"ping","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
    ],
)
def test_a_bad_frame_is_refused_with_what_would_be_right(payload: bytes, hint: str) -> None:
    bad = refusal_of(payload)

    assert bad.code == "bad_request"
    assert hint in bad.message


def test_a_refused_command_keeps_its_ref() -> None:
    assert refusal_of(b'{"type":"nope","ref":"mine"}').ref == "mine"
    assert refusal_of(b'{"type":"post","ref":3}').ref == 3
    assert refusal_of(b'{"type":"post","ref":[]}').ref is None


def test_fields_that_nobody_knows_are_passed_over() -> None:
    assert decode(b'{"type":"ping","ref":1,"future":{"a":1}}') == c.Ping(ref=1)


@given(
    st.integers(-SAFE, SAFE) | st.text(st.characters(codec="utf-8"), max_size=64), st.text(st.characters(codec="utf-8"))
)
def test_a_command_comes_back_as_it_went(ref: int | str, text: str) -> None:
    post = c.Post(ref=ref, room="garden", text=text, nonce="n")

    assert decode(encode(post)) == post


def test_events_and_replies_come_back_as_they_went() -> None:
    for said in (
        Posted(room="garden", seq=1, at=2, by="Ann", guest=True, text="hi"),
        Skipped(room="garden", from_=1, to=9),
        Done(1, seq=2),
        Refused(None, "bad_request", "No."),
    ):
        assert decode_frame(encode(said)) == said
    assert decode_event(encode(Posted(room="g", seq=1, at=2, by="Ann", text="hi"))).seq == 1  # type: ignore[union-attr]


def test_every_command_says_what_its_done_adds() -> None:
    assert set(ADDS) == set(COMMANDS)
    known = set(Done.__struct_fields__)
    assert all(set(adds) <= known for adds in ADDS.values())


def test_a_type_too_long_to_resemble_a_command_is_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    real = difflib.get_close_matches

    def counted(word: str, known: Iterable[str], most: int) -> list[str]:
        compared.append(word)
        return real(word, known, most)

    monkeypatch.setattr(difflib, "get_close_matches", counted)
    for kind in ("p" + "ost" * 43_000, "x" * 100, "pots"):
        assert refusal_of(json.dumps({"type": kind, "ref": 1}).encode()).ref == 1

    assert compared == ["pots"]


def test_a_long_type_is_refused_in_a_short_sentence() -> None:
    assert len(refusal_of(json.dumps({"type": "p" * 131_000, "ref": 1}).encode()).message) < 600
