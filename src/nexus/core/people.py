"""The durable facts of rooms and people, as the directory keeps them."""

import msgspec


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
    """A session that may be resumed; a guest's has a name of its own."""

    id: int
    name: str
    account: int | None
    login: int | None


class Member(msgspec.Struct, frozen=True):
    """An account that belongs to a room."""

    account: int
    name: str
    role: str
