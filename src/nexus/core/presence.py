"""Who is here in a room, and what changed since that was last told."""


class Presence:
    """Counts each name's sessions; a name that comes and goes between two tellings is not told.

    It is told where someone was shown who is here in between, since that person knows only the half of it.
    """

    __slots__ = ("_changed", "_sessions", "_shown")

    def __init__(self) -> None:
        self._sessions: dict[str, int] = {}
        self._changed: dict[str, bool] = {}
        self._shown: set[str] = set()

    def __len__(self) -> int:
        return len(self._sessions)

    def __contains__(self, name: str) -> bool:
        return name in self._sessions

    def names(self) -> list[str]:
        """Everyone here, sorted."""
        return sorted(self._sessions)

    def show(self) -> None:
        """A newcomer is told who is here now, and has to be told all that changes from now on."""
        self._shown.update(self._changed)

    def enter(self, name: str) -> bool:
        """One more session of a name; true where something is to be told."""
        count = self._sessions[name] = self._sessions.get(name, 0) + 1
        return count == 1 and self._note(name, here=True)

    def exit(self, name: str) -> bool:
        """One session less of a name; true where something is to be told."""
        count = self._sessions.get(name, 0) - 1
        if count > 0:
            self._sessions[name] = count
            return False
        return self._sessions.pop(name, None) is not None and self._note(name, here=False)

    def rename(self, old: str, new: str, sessions: int = 1) -> bool:
        """Sessions have another name; true where more is to be told than the event `renamed` does."""
        quiet = old not in self._changed and new not in self._changed
        count = len(self)
        for _ in range(sessions):
            self.exit(old)
            self.enter(new)
        if old in self._sessions:  # someone else of that name stays, whom `renamed` seems to take away
            self._changed[old] = True
        elif quiet and len(self) == count:
            del self._changed[old], self._changed[new]
            return False
        self._shown |= {old, new}
        return True

    def _note(self, name: str, *, here: bool) -> bool:
        if self._changed.get(name, here) is not here and name not in self._shown:
            del self._changed[name]
        else:
            self._changed[name] = here
        return True

    def take(self) -> tuple[list[str], list[str]]:
        """Who came and who went since the last call."""
        here = [name for name, came in self._changed.items() if came]
        gone = [name for name, came in self._changed.items() if not came]
        self._changed.clear()
        self._shown.clear()
        return here, gone
