"""Who is here in a room, and what changed since that was last told."""


class Presence:
    """Counts each name's sessions; a name that comes and goes between two tellings is not told.

    It is told where someone was shown who is here in between, since that person knows only the half of it.
    """

    __slots__ = ("_changed", "_sessions", "_showings", "_since")

    def __init__(self) -> None:
        self._sessions: dict[str, int] = {}
        self._changed: dict[str, bool] = {}
        self._showings = 0
        self._since: dict[str, int] = {}
        """How often who is here had been shown when a name first changed."""

    def __len__(self) -> int:
        return len(self._sessions)

    def __contains__(self, name: str) -> bool:
        return name in self._sessions

    def names(self) -> list[str]:
        """Everyone here, sorted."""
        return sorted(self._sessions)

    def show(self) -> None:
        """A newcomer is told who is here now, and has to be told all that changes from now on."""
        self._showings += 1

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
            for name in (old, new):
                del self._changed[name]
                if not self._was_shown(name):
                    del self._since[name]
            return False
        self._since[old] = self._since[new] = -1
        return True

    def _note(self, name: str, *, here: bool) -> bool:
        if self._changed.get(name, here) is not here and not self._was_shown(name):
            del self._changed[name], self._since[name]
        else:
            self._changed[name] = here
            self._since.setdefault(name, self._showings)
        return True

    def _was_shown(self, name: str) -> bool:
        """Whether someone may have been shown what changed about a name."""
        return self._since.get(name, self._showings) < self._showings

    def take(self) -> tuple[list[str], list[str]]:
        """Who came and who went since the last call."""
        here = [name for name, came in self._changed.items() if came]
        gone = [name for name, came in self._changed.items() if not came]
        self._changed.clear()
        self._showings = 0
        self._since.clear()
        return here, gone
