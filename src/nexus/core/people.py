"""The durable facts of rooms and people, as the directory keeps them."""

from typing import NamedTuple

import msgspec

from nexus.protocol.types import LevelName


class RoomRow(msgspec.Struct, frozen=True):
    """A room; `head` and `at` are its newest event's seq and time (0 where there is none)."""

    id: int
    name: str
    topic: str
    head: int
    at: int


class Account(msgspec.Struct, frozen=True):
    """Someone with a password; `hash` is argon2id's own encoding."""

    id: int
    name: str
    role: str
    hash: str


class Login(msgspec.Struct, frozen=True):
    """A durable sign-in of an account on a device."""

    id: int
    account: int
    client: str
    created: int
    used: int


class SessionRow(msgspec.Struct, frozen=True):
    """A session that may be resumed; a guest's has a name of its own. `guest`: an account's began as a guest's."""

    id: int
    name: str
    account: int | None
    login: int | None
    guest: bool = False


class Mark(NamedTuple):
    """How far a reader has read a room, and about what of it they want to be told."""

    seq: int = 0
    level: LevelName = "everything"


class Counts(NamedTuple):
    """Of a stretch of a room's log: the messages by others, and those of them that mention the reader or everyone."""

    unread: int
    mentions: int


class Member(msgspec.Struct, frozen=True):
    """An account that belongs to a room."""

    account: int
    name: str
    role: str
