"""What a case of the table is, and how the table is gathered."""

from typing import NamedTuple

from tests.rfc.wire import BINARY, CLOSE, PONG, TEXT, Heard

LIMIT = 131_072
"""Bytes of a frame and of a message that the server takes: the default of `limits.frame`."""

FRAGMENTS = 128
"""Frames of a message that it takes: the default of `limits.fragments`."""


class Case(NamedTuple):
    """A rule of an RFC, the bytes that a client sends, and all that an echo server says to them.

    Where the last thing heard is no close, the connection goes on. Where it is, `sent` ends with the very byte that
    makes it so, and what is sent after it goes unheard.
    """

    area: str
    section: str
    rule: str
    what: str
    sent: bytes
    hears: tuple[Heard, ...]
    compressed: bool = False

    @property
    def ends(self) -> bool:
        """Whether it ends the connection."""
        return bool(self.hears) and self.hears[-1].opcode == CLOSE

    @property
    def name(self) -> str:
        """What it is called in a report."""
        return f"{self.section} {self.rule}: {self.what}"


def text(payload: bytes) -> Heard:
    """A text message comes back."""
    return Heard(TEXT, payload)


def binary(payload: bytes) -> Heard:
    """A binary message comes back."""
    return Heard(BINARY, payload)


def pong(payload: bytes) -> Heard:
    """A ping is answered."""
    return Heard(PONG, payload)


def closed(code: int | None) -> Heard:
    """The connection ends, with a code or an empty close frame."""
    return Heard(CLOSE, b"" if code is None else code.to_bytes(2))


class Rules:
    """Rules, area by area, and the cases under each, as they are written down."""

    def __init__(self, area: str, rfc: str = "RFC 6455") -> None:
        self.cases: list[Case] = []
        self._area = area
        self._rfc = rfc
        self._rule = ("", "")
        self._compressed = False

    def area(self, name: str) -> None:
        """The next area."""
        self._area = name

    def rule(self, section: str, says: str, *, compressed: bool = False) -> None:
        """The next rule; what follows are its cases, with permessage-deflate agreed on or not."""
        self._rule = (f"{self._rfc} {section}", says)
        self._compressed = compressed

    def case(self, what: str, sent: bytes, *hears: Heard) -> None:
        """One case of it."""
        self.cases.append(Case(self._area, *self._rule, what, sent, hears, self._compressed))
