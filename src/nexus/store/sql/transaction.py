"""A group in one transaction: all of it at once where that goes well, else each entry by itself."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from nexus.core.changes import Change, Failed, PostOutcome
from nexus.core.log import Record
from nexus.store.sql.changes import carry_out
from nexus.store.sql.connection import NonceKnown
from nexus.store.sql.group import Group

E = TypeVar("E")
R = TypeVar("R")

Post = Callable[[Sequence[Record]], Sequence[PostOutcome]]
Outcomes = tuple[list[PostOutcome], list[Any]]


class Faults:
    """What a database raises where a nonce is known, and where an entry is wrong.

    Everything else, such as a full disk, is wrong with the whole group.
    """

    def __init__(self, nonce: tuple[type[Exception], ...], of_entries: tuple[type[Exception], ...]) -> None:
        self.nonce: tuple[type[Exception], ...] = (NonceKnown, *nonce)
        self.of_entries: tuple[type[Exception], ...] = (
            *of_entries,
            ArithmeticError,
            AssertionError,
            AttributeError,
            LookupError,
            TypeError,
            ValueError,
        )


def write(group: Group, posts: Sequence[Record], changes: Sequence[Change[Any]], faults: Faults) -> Outcomes:
    """One transaction: all messages at once; else one by one; at last each entry by itself, whatever others do."""
    try:
        return _write_together(group, posts, changes, group.post)
    except faults.nonce:  # mostly a nonce that is known, or twice in this group
        group.roll_back()
    except faults.of_entries:
        group.roll_back()
        return _write_apart(group, posts, changes, faults)
    try:
        return _write_together(group, posts, changes, group.post_carefully)
    except faults.of_entries:
        group.roll_back()
        return _write_apart(group, posts, changes, faults)


def _write_together(group: Group, posts: Sequence[Record], changes: Sequence[Change[Any]], post: Post) -> Outcomes:
    """The messages together, then each change."""
    group.begin()
    posted = list(post(posts)) if posts else []
    outcomes = posted, [carry_out(group, change) for change in changes]
    group.changed(changes, outcomes[1])
    group.commit()
    return outcomes


def _write_apart(group: Group, posts: Sequence[Record], changes: Sequence[Change[Any]], faults: Faults) -> Outcomes:
    """Each entry in a savepoint of its own: what is wrong with one is its own refusal."""
    group.begin()
    posted = [_alone(group, group.post_one, record, faults) for record in posts]
    outcomes = posted, [_alone(group, partial(carry_out, group), change, faults) for change in changes]
    group.changed(changes, outcomes[1])
    group.commit()
    return outcomes


def _alone(group: Group, store: Callable[[E], R], entry: E, faults: Faults) -> R | Failed:
    try:
        with group.entry():
            return store(entry)
    except faults.of_entries as fault:
        return Failed(f"{type(fault).__name__}: {fault}")
