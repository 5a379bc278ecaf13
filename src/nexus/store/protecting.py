"""Whom people ignore, and who reaches them, in the store in memory."""

from typing import Any

from nexus.core import protecting as p
from nexus.core.changes import Denied
from nexus.protocol.types import DirectsName
from nexus.store.belonging import Belonging
from nexus.store.reading import Reading


class Protected(Reading):
    """How that is read."""

    def ignored(self, reader: int) -> list[p.IgnoredRow]:
        with self._reading():
            names = self._d.names
            others = [other for one, other in self._d.ignored if one == reader and other in names]
            return [
                p.IgnoredRow(other, names[other].shown) for other in sorted(others, key=lambda id: (names[id].key, id))
            ]

    def directs(self, account: int) -> DirectsName:
        with self._reading():
            return self._d.preferred.get(account, "everyone")


class Protecting(Belonging):
    """Changes by which people protect themselves, each so that it can be undone."""

    def _about_oneself(self, change: p.OfOneself) -> Any:
        """One line per change."""
        match change:
            case p.Ignore():
                return self._ignore(change)
            case p.Unignore():
                return self._drop(self._d.ignored, (change.reader, change.other))
            case p.Prefer():
                self._put(self._d.preferred, change.account, change.directs)
        return None

    def _ignore(self, change: p.Ignore) -> bool | Denied:
        reader = change.reader
        if (reader, change.other) in self._d.ignored:
            return False
        others = [other for one, other in self._d.ignored if one == reader]
        if len(others) >= p.MOST_IGNORED:
            gone = [other for other in others if other < 0 and -other not in self._d.sessions]
            for other in gone:
                self._drop(self._d.ignored, (reader, other))
            if len(others) - len(gone) >= p.MOST_IGNORED:
                return p.TOO_MANY
        self._put(self._d.ignored, (reader, change.other), change.at)
        return True

    def _forget_ignored_by(self, reader: int) -> None:
        for pair in [pair for pair in self._d.ignored if pair[0] == reader]:
            self._drop(self._d.ignored, pair)

    def _forget_ignored_account(self, account: int) -> None:
        """An erased account ignores nobody, and is ignored by nobody."""
        for pair in [pair for pair in self._d.ignored if account in pair]:
            self._drop(self._d.ignored, pair)
        self._drop(self._d.preferred, account)
