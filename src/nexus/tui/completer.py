"""What Tab completes: commands, rooms, names, emoji."""

from collections.abc import Callable, Iterable, Iterator

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from nexus.tui.commands import COMMAND, COMMANDS, ROOM, TEXT
from nexus.tui.emoji import names

Names = Callable[[], Iterable[str]]

MOST = 20
"""Emoji offered at once."""


class ChatCompleter(Completer):
    """Completes what is typed from what is known now."""

    def __init__(self, rooms: Names, people: Names, listed: Names = lambda: ()) -> None:
        """`rooms` one is in, `people` in the order in which they are offered, rooms that are `listed` at all."""
        self._rooms = rooms
        self._people = people
        self._listed = listed

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:  # noqa: ARG002
        """Offer what the word before the cursor may become."""
        before = document.text_before_cursor
        command, _, argument = before.partition(" ")
        usage = COMMANDS.get(command[1:].lower()) if command.startswith("/") else None
        titled = argument and usage is not None and usage.takes == ROOM  # what a room is called may have blanks
        word = argument if titled else before.rpartition(" ")[2]
        if word.startswith(":") and len(word) > 2:
            yield from self._emoji(word)
            return
        first = word == before
        for choice in self._choices(before):
            if choice.casefold().startswith(word.casefold()) and choice != word:
                named = first and not choice.startswith(("/", "@"))
                yield Completion(f"{choice}: " if named else choice, start_position=-len(word), display=choice)

    def _emoji(self, word: str) -> Iterator[Completion]:
        begun = word[1:].casefold()
        found = [(name, emoji) for name, emoji in names().items() if name.startswith(begun)]
        for name, emoji in sorted(found, key=lambda one: (len(one[0]), one[0]))[:MOST]:
            yield Completion(emoji, start_position=-len(word), display=f"{emoji} :{name}:")

    def _choices(self, before: str) -> Iterable[str]:
        first, space, _ = before.partition(" ")
        if not first.startswith("/") or first.startswith("//"):
            people = list(self._people())
            return people + [f"@{name}" for name in people]
        if not space:
            return [f"/{name}" for name in COMMANDS]
        usage = COMMANDS.get(first[1:].lower())
        if usage is None:
            return []
        if usage.takes == ROOM:
            rooms = [*self._rooms(), *(self._listed() if first.lower() == "/join" else ())]
            return sorted(dict.fromkeys(rooms), key=str.casefold)
        if usage.takes == COMMAND:
            return list(COMMANDS)
        return self._people() if usage.takes == TEXT else []
