"""Bytes to commands and events to bytes: the one place where JSON is read and written."""

import difflib
import re
from typing import get_args

import msgspec

from nexus.protocol.commands import AnyCommand
from nexus.protocol.events import AnyEvent
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done, Refused
from nexus.protocol.types import Ref

SUBPROTOCOL = "nexus.v1"

_command: msgspec.json.Decoder[AnyCommand] = msgspec.json.Decoder(AnyCommand)
_frame: msgspec.json.Decoder[AnyEvent | Done | Refused] = msgspec.json.Decoder(AnyEvent | Done | Refused)
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ref: msgspec.json.Decoder[Ref] = msgspec.json.Decoder(Ref)
_type = msgspec.json.Decoder(str)
encode = msgspec.json.Encoder().encode
"""A reply, event or command as the payload of one text frame."""

COMMANDS = {str(cls.__struct_config__.tag): cls for cls in get_args(AnyCommand)}
"""Every command by its `type`."""

_LONGEST = 2 * max(map(len, COMMANDS))
"""A longer `type` resembles no command; it is not compared, since comparing costs time with every character."""

_BROKEN = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
# msgspec raises its own error for bad JSON, but lets these two of Python's through.

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_REPLACED = rb"\ufffd"


class BadFrame(Refusal):
    """A frame that is no command; `ref` is the client's where one could be read."""

    def __init__(self, ref: Ref | None, message: str, code: str = "bad_request") -> None:
        super().__init__(code, message)
        self.ref = ref


def decode(payload: bytes) -> AnyCommand:
    """Read one command; raises BadFrame with a sentence that names what is wrong."""
    try:
        return _command.decode(payload)
    except _BROKEN as error:
        raise _explain(payload, error) from None


def decode_frame(payload: bytes | str) -> AnyEvent | Done | Refused:
    """Read what a server says, for clients; raises msgspec.DecodeError for anything else."""
    return _frame.decode(payload)


def decode_event(payload: bytes | msgspec.Raw) -> AnyEvent:
    """Read one event out of a history page."""
    event = _frame.decode(payload)
    if isinstance(event, Done | Refused):
        raise msgspec.DecodeError("expected an event, got a reply")
    return event


def _explain(payload: bytes, error: Exception) -> BadFrame:
    """Find the sentence that helps most, after the fast way has failed."""
    try:
        fields = _fields.decode(payload)
    except msgspec.ValidationError:
        return BadFrame(None, 'A frame holds one JSON object, such as {"type":"ping","ref":1}.')
    except _BROKEN as broken:
        mended = _mend(payload)
        if mended is None:
            why = "it is nested too deeply" if isinstance(broken, RecursionError) else str(broken).rstrip(".")
            return BadFrame(None, f"A frame holds one JSON object, but this one cannot be read: {why}.")
        fields = mended
    ref = _read_ref(fields)
    if ref is None:
        return BadFrame(None, "Each command carries a `ref`: a whole number or a string of up to 64 characters.")
    kind = _read_type(fields)
    if kind is None:
        return BadFrame(ref, "Each command carries a `type`, such as 'post'.")
    if kind not in COMMANDS:
        near = difflib.get_close_matches(kind, COMMANDS, 1) if len(kind) <= _LONGEST else []
        hint = f"; did you mean '{near[0]}'?" if near else "; docs/protocol.md lists those that there are."
        return BadFrame(ref, f"There is no command {kind[:40]!r}{hint}")
    return BadFrame(ref, f"'{kind}' cannot be carried out: {_reword(str(error))}.")


def _mend(payload: bytes) -> dict[str, msgspec.Raw] | None:
    """The fields of a frame with half a character in it, such as a text cut inside an emoji; None for any other."""
    try:
        return _fields.decode(_SURROGATE.sub(rb"\\ufffd", payload))
    except _BROKEN:
        return None


def _read_ref(fields: dict[str, msgspec.Raw]) -> Ref | None:
    raw = bytes(fields.get("ref", b"null"))
    try:
        return None if _REPLACED in raw else _ref.decode(raw)
    except _BROKEN:
        return None


def _read_type(fields: dict[str, msgspec.Raw]) -> str | None:
    try:
        return _type.decode(fields.get("type", b"null"))
    except _BROKEN:
        return None


def _reword(complaint: str) -> str:
    """Turn msgspec's `Expected X, got Y - at `$.field`` into words of the wire."""
    complaint = re.sub(r" - at `\$\.?([^`]*)`", r" in `\1`", complaint).replace(" in ``", "")
    complaint = complaint.replace("Object missing required", "it lacks the")
    if "surrogate" in complaint or "truncated" in complaint:
        return "it has half a character (a lone surrogate)"
    return complaint[:1].lower() + complaint[1:]
