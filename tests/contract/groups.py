"""Groups for a store, written in the order in which they are carried out, and what came of them."""

from collections.abc import Sequence
from copy import deepcopy
from itertools import takewhile
from typing import Any

from nexus.core.changes import Change, Post, Repeated
from nexus.core.log import Record
from nexus.ports import Store
from nexus.protocol.events import Posted, RoomEvent
from nexus.protocol.kinds import BY_EVENT, restore, text_of

Entry = Record | Change[Any]

ROOMS = {1: "garden", 2: "kitchen", 3: "shed"}


def record(
    kind: type[RoomEvent],
    author: int,
    by: str,
    text: str = "",
    nonce: str | None = None,
    target: int | None = None,
    *,
    room: int = 1,
    at: int = 1000,
    names: tuple[str, ...] = (),
) -> Record:
    """An event of any kind that is to be stored."""
    common = {"room": ROOMS.get(room, "nowhere"), "seq": 0, "at": at, "by": by, "guest": author < 0}
    return Record(room, author, restore(BY_EVENT[kind].number, text, target, None, **common), nonce, names)


def commit(store: Store, entries: Sequence[Entry]) -> list[Any]:
    """Commit copies: messages that come before every change as posts, later ones as changes, so that the order stays.

    An outcome is a copy as well, of what it was then.
    """
    mine = deepcopy(list(entries))
    posts = [entry for entry in takewhile(lambda entry: isinstance(entry, Record), mine) if isinstance(entry, Record)]
    changes = [Post(entry) if isinstance(entry, Record) else entry for entry in mine[len(posts) :]]
    posted, changed = store.commit(posts, changes)
    return deepcopy([*posted, *changed])


def one(store: Store, entry: Entry) -> Any:
    """Commit one thing; returns what came of it."""
    return commit(store, [entry])[0]


def whole(store: Store, room: int = 1) -> list[Record]:
    """All of a room's log."""
    return store.page(room, after=0, before=1 << 62, limit=1 << 62, newest=False)


def texts(records: Sequence[Record]) -> list[str]:
    """Their texts."""
    return [text_of(one.event) for one in records]


def seqs(records: Sequence[Record]) -> list[int]:
    """Their seqs."""
    return [one.event.seq for one in records]


def message(store: Store, seq: int = 1, room: int = 1) -> Posted:
    """A message as pages have it."""
    found = store.page(room, after=seq - 1, before=seq + 1, limit=1, newest=False)[0].event
    assert isinstance(found, Posted)
    return found


def stored(outcome: Any) -> bool:
    """Whether it is what was stored now; else, of what was stored before, false."""
    assert isinstance(outcome, Record | Repeated), outcome
    return isinstance(outcome, Record)


def same(outcome: Any) -> tuple[int, RoomEvent]:
    """What is stored of an outcome, whether it was stored now or before: who said it, and what."""
    assert isinstance(outcome, Record | Repeated), outcome
    kept = outcome.record if isinstance(outcome, Repeated) else outcome
    return kept.author, kept.event
