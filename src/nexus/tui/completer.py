"""What Tab completes: commands, rooms, names."""

from collections.abc import Callable, Iterable

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from nexus.tui.commands import COMMAND, COMMANDS, ROOM, TEXT

Names = Callable[[], Iterable[str]]


class ChatCompleter(Completer):
    """Completes what is typed from what is known now."""

    def __init__(self, rooms: Names, people: Names) -> None:
        self._rooms = rooms
        self._people = people

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:  # noqa: ARG002
        """Offer what the word before the cursor may become."""
        before = document.text_before_cursor
        word = before.rpartition(" ")[2]
        for choice in self._choices(before):
            if choice.casefold().startswith(word.casefold()) and choice != word:
                yield Completion(choice, start_position=-len(word))

    def _choices(self, before: str) -> Iterable[str]:
        first, space, _ = before.partition(" ")
        if not first.startswith("/") or first.startswith("//"):
            names = sorted(self._people(), key=str.casefold)
            return names + [f"@{name}" for name in names]
        if not space:
            return [f"/{name}" for name in COMMANDS]
        usage = COMMANDS.get(first[1:].lower())
        if usage is None:
            return []
        if usage.takes == ROOM:
            return sorted(self._rooms(), key=str.casefold)
        if usage.takes == COMMAND:
            return list(COMMANDS)
        return sorted(self._people(), key=str.casefold) if usage.takes == TEXT else []
