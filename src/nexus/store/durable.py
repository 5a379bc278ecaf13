"""What the store in memory keeps."""

import os
from dataclasses import dataclass, field
from typing import Any

from nexus.core.announcing import Look
from nexus.core.copying import CopyRow
from nexus.core.destroying import Aside
from nexus.core.log import Reaction, Record
from nexus.core.mentions import Mentioned
from nexus.core.names import Name
from nexus.core.people import (
    Account,
    Act,
    BanRow,
    Invite,
    Login,
    Mark,
    RoomRow,
    SessionRow,
)
from nexus.core.purging import GUESTS, PurgeRow
from nexus.core.reporting import ReportRow
from nexus.ports import NodeRow
from nexus.protocol.types import DirectsName

KEPT_LOOKS = 1000
"""Of what nodes have to look at again, as many as are kept."""


@dataclass
class Durable:
    """What was synced.

    Names are held by authors: an account's id, or a guest's session id negated. One of each kind may hold the
    same name, while a guest becomes an account; so keys and skeletons go with whether an account holds them.
    """

    epoch: str = field(default_factory=lambda: os.urandom(8).hex())
    key: bytes = field(default_factory=lambda: os.urandom(32))
    run: int = 0
    rooms: dict[int, RoomRow] = field(default_factory=dict)
    destroyed: dict[int, Aside] = field(default_factory=dict)
    rooms_by_key: dict[str, int] = field(default_factory=dict)
    rooms_by_skeleton: dict[str, int] = field(default_factory=dict)
    former: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    """By key, a name that a room had: when among all, of which room, and its skeleton."""
    folders: dict[int, str] = field(default_factory=dict)
    copies: dict[int, tuple[CopyRow, bool]] = field(default_factory=dict)
    """Rooms that are being made out of others, and whether with what was said there."""
    copied: dict[int, int] = field(default_factory=dict)
    """Up to where a room's log is a copy of another's."""
    made: dict[int, int] = field(default_factory=dict)
    makers: dict[int, int] = field(default_factory=dict)
    directs: dict[tuple[int, ...], int] = field(default_factory=dict)
    records: dict[tuple[int, int], Record] = field(default_factory=dict)
    """By room and seq; a message as it is now, but for who reacted to it, under the names that they had."""
    reactions: dict[tuple[int, int], tuple[Reaction, ...]] = field(default_factory=dict)
    """By room and message."""
    edits: dict[tuple[int, int], int] = field(default_factory=dict)
    """By room and message, the seq of the edit whose text it has."""
    pins: dict[tuple[int, int], int] = field(default_factory=dict)
    """By room and message, the seq that pinned it."""
    nonces: dict[tuple[int, int, str], int] = field(default_factory=dict)
    earlier: dict[tuple[int, int], dict[int, bytes]] = field(default_factory=dict)
    """By room and message, what its texts were that an edit replaced: the digest by the seq of each."""
    names: dict[int, Name] = field(default_factory=dict)
    keys: dict[tuple[bool, str], int] = field(default_factory=dict)
    skeletons: dict[tuple[bool, str], int] = field(default_factory=dict)
    accounts: dict[int, Account] = field(default_factory=dict)
    logins: dict[int, Login] = field(default_factory=dict)
    digests: dict[bytes, int] = field(default_factory=dict)
    last_login: dict[None, int] = field(default_factory=dict)
    created: dict[int, int] = field(default_factory=dict)
    """When each account was made."""
    held: dict[str, tuple[Name, int, int]] = field(default_factory=dict)
    """By key, names that an account gave up: of which one, and until when."""
    resets: dict[int, tuple[bytes, int]] = field(default_factory=dict)
    invites: dict[int, tuple[Invite, bytes]] = field(default_factory=dict)
    invited: dict[int, tuple[int, ...]] = field(default_factory=dict)
    """By invite, which accounts came in by it."""
    last_invite: dict[None, int] = field(default_factory=dict)
    acts: dict[int, Act] = field(default_factory=dict)
    before: dict[int, str] = field(default_factory=dict)
    """By act, what an undoing goes back to."""
    pause: dict[int, int] = field(default_factory=dict)
    origins: dict[int, tuple[str, int]] = field(default_factory=dict)
    """By the author of a guest: where they came from last, and when."""
    removals: dict[int, bool] = field(default_factory=dict)
    mutes: dict[int, tuple[int, int]] = field(default_factory=dict)
    """By author, until when (0: for good), and the act."""
    bans: dict[int, BanRow] = field(default_factory=dict)
    reports: dict[int, ReportRow] = field(default_factory=dict)
    purges: dict[int, PurgeRow] = field(default_factory=dict)
    purged: dict[tuple[int, int], tuple[int, dict[str, Any]]] = field(default_factory=dict)
    """By room and message, which act has hidden it, and what takes it back."""
    ignored: dict[tuple[int, int], int] = field(default_factory=dict)
    """By reader and author, since when."""
    preferred: dict[int, DirectsName] = field(default_factory=dict)
    """By account, where it is not everyone from whom it gets direct messages."""
    nodes: dict[int, NodeRow] = field(default_factory=dict)
    """By run, those that share it; none where there is only one."""
    looks: dict[int, Look] = field(default_factory=dict)
    """By a number that grows, what they have to look at again."""
    sessions: dict[int, tuple[SessionRow, int]] = field(default_factory=dict)
    retired: dict[int, None] = field(default_factory=dict)
    members: dict[tuple[int, int], int] = field(default_factory=dict)
    """By room and account, since when."""
    places: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: dict[tuple[int, int], int] = field(default_factory=dict)
    """By direct room and account, where it ended when they left it out of sight."""
    removed: dict[tuple[int, int], None] = field(default_factory=dict)
    spoke: dict[tuple[int, int], int] = field(default_factory=dict)
    """By room and author, when they last said something where that is slowed, as long as they have to wait."""
    marks: dict[tuple[int, int], Mark] = field(default_factory=dict)
    mentions: dict[tuple[int, int], tuple[Mentioned, ...]] = field(default_factory=dict)
    """By room and seq, whom a message mentions."""
    mentioned: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    """By room and reader, the seqs of the messages that mention them, in order."""

    def is_unused(self, id: int, before: int) -> bool:
        """Whether a room was made before a time and has no event, member or topic."""
        row = self.rooms[id]
        used = row.head or row.topic or any(room == id for room, _ in self.members)
        return not used and self.made[id] < before

    def is_limited(self, account: int) -> bool:
        """Whether an account finds nothing but the rooms that it belongs to."""
        return account in self.accounts and self.accounts[account].limited

    def is_by(self, author: int, account: int, address: str) -> bool:
        """Whether an author is an account or a guest, or a guest who came from an address, where one is told."""
        if address == GUESTS:
            return author < 0
        return author == account or (bool(address) and self.origins.get(author, ("", 0))[0] == address)

    def meet(self, account: int, other: int) -> bool:
        """Whether two accounts belong to a room that the first knows of: a direct one with its first message."""
        rooms = [room for room, one in self.members if one == account and (room, other) in self.members]
        return any((room, account) not in self.hidden or self.rooms[room].head for room in rooms)

    def shows(self, room: int, account: int) -> bool:
        """Whether a room is one of an account's, and not out of sight."""
        pair = room, account
        return pair in self.members and (pair not in self.hidden or self.rooms[room].head > self.hidden[pair])
