"""Hiding messages so that they can come back: a purge deletes them, and keeps beside them what takes them back."""

from collections.abc import Sequence
from typing import Any

import msgspec

from nexus.core import purging as p
from nexus.core.amending import Target
from nexus.core.log import Record
from nexus.protocol.events import Deleted, Purged, Restored
from nexus.store.sql import log
from nexus.store.sql.folding import fold_into
from nexus.store.sql.group import Group
from nexus.store.sql.log import place


class Kept(msgspec.Struct):
    """What a message was: its text, where that stands, and what others did to it."""

    text: str
    edit: int
    pinned: int
    reactions: list[tuple[int, str, int, str | None]]
    mentions: list[tuple[int, int, str | None]]


_kept = msgspec.json.Decoder(Kept)

_REACTIONS = 'SELECT seq, emoji, author, "by" FROM reactions WHERE message = ?'

_MENTIONS = "SELECT reader, author, name FROM mentions WHERE place = ?"

_BACK = "UPDATE amended SET deleted = 0, edit = ?, pinned = ?, changed = ? WHERE place = ?"

_HIDE = """
INSERT INTO purged VALUES (?, ?, ?, ?)
ON CONFLICT (message) DO UPDATE SET act = excluded.act, author = excluded.author, kept = excluded.kept
"""

_ORIGIN = "SELECT 1 FROM origins WHERE author = ? AND address = ?"

_FORGET = """
DELETE FROM purged WHERE message IN (
  SELECT message FROM purged WHERE act IN (SELECT id FROM acts WHERE at < ?) LIMIT ?
)
"""


def about_purge(group: Group, change: p.OfPurge) -> Any:
    """One line per step of a purge."""
    match change:
        case p.PurgeStep():
            return purge(group, change)
        case p.RestoreStep():
            return restore(group, change)
        case p.FinishPurge():
            group.connection.execute("UPDATE purges SET state = ? WHERE act = ?", (change.state, change.act))
        case p.ForgetPurged():
            gone = group.connection.execute(_FORGET, (change.before, change.most)).rowcount
            if gone:
                group.erased()
            return gone
    return None


def purge(group: Group, change: p.PurgeStep) -> Record | None:
    """Hide some messages of an author, with one event; None where there is nothing left to hide."""
    record, targets = change.record, list[Target]()
    for seq in change.seqs:
        target = log.read_target(group.connection, record.room, seq)
        if target is not None and not target.message.deleted and _is_meant(group, change, target.record.author):
            targets.append(target)
    if not targets:
        return None
    record.nonce = None
    return hide(group, record, targets, change.act)


def _is_meant(group: Group, change: p.PurgeStep, author: int) -> bool:
    """Whether a purge is about what this author said."""
    if author == change.target or not change.address:
        return author == change.target
    if change.address == p.GUESTS:
        return author < 0
    return bool(group.connection.execute(_ORIGIN, (author, change.address)).fetchall())


def hide(group: Group, record: Record, targets: Sequence[Target], act: int) -> Record:
    """Hide messages, as the `purged` of an act says, and keep what takes that back."""
    event = record.event
    assert isinstance(event, Purged)
    event.targets = [target.message.seq for target in targets]
    for target in targets:
        where = place(record.room, target.message.seq)
        kept = Kept(
            target.message.text,
            target.edit,
            target.pinned,
            group.connection.execute(_REACTIONS, (where,)).fetchall(),
            group.connection.execute(_MENTIONS, (where,)).fetchall(),
        )
        values = where, act, target.record.author, msgspec.json.encode(kept).decode()
        group.connection.execute(_HIDE, values)
    group.append(record)
    for target in targets:
        seq = target.message.seq
        deleted = Deleted(room=event.room, seq=event.seq, at=event.at, by=event.by, target=seq)
        fold_into(group, target, Record(record.room, record.author, deleted))
    return record


def restore(group: Group, change: p.RestoreStep) -> Record | None:
    """Let some messages stand where they stood, with one event; None where nothing is kept of them any more."""
    record, found = change.record, list[tuple[int, Kept]]()
    for seq in change.seqs:
        sql = "DELETE FROM purged WHERE message = ? AND act = ? RETURNING kept"
        rows = group.connection.execute(sql, (place(record.room, seq), change.act)).fetchall()
        found += [(seq, _kept.decode(rows[0][0]))] if rows else []
    if not found:
        return None
    assert isinstance(record.event, Restored)
    record.event.targets = [seq for seq, _ in found]
    group.note(record)
    for seq, kept in found:
        _put_back(group, record, seq, kept)
    return record


def _put_back(group: Group, record: Record, seq: int, kept: Kept) -> None:
    run, where = group.connection.execute, place(record.room, seq)
    stands = place(record.room, kept.edit) if kept.edit else where
    run("UPDATE events SET text = ? WHERE place = ?", (kept.text, stands))
    run("UPDATE events SET mentions = ? WHERE place = ?", (len(kept.mentions), where))
    run(_BACK, (stands if kept.edit else None, kept.pinned, record.event.seq, where))
    reactions = [(where, *reaction) for reaction in kept.reactions]
    group.connection.executemany(
        'INSERT INTO reactions (message, seq, emoji, author, "by") VALUES (?, ?, ?, ?, ?)', reactions
    )
    mentions = [(reader, where, author, name) for reader, author, name in kept.mentions]
    group.connection.executemany("INSERT INTO mentions (reader, place, author, name) VALUES (?, ?, ?, ?)", mentions)
    target = log.read_target(group.connection, record.room, seq)
    assert target is not None
    group.words.put(where, target.record)
