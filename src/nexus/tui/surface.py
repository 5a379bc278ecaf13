"""What typed commands need of the chat that they serve."""

from collections.abc import Callable
from typing import Protocol

from nexus.client.connection import Connection
from nexus.client.conversation import Conversation
from nexus.client.reading import Heard
from nexus.tui.screen import Styled


class Unanswered(Exception):  # noqa: N818  told to the person as it is
    """Somebody was asked, and pressed Ctrl-C or Ctrl-D."""

    def __init__(self) -> None:
        super().__init__("You were asked and did not answer; nothing was changed.")


class Surface(Protocol):
    """Where they are typed, and what comes of them is shown."""

    talk: Conversation
    connection: Connection
    front: str | None
    leaving: bool
    presence: bool | None
    """Whether it shows who comes and goes; None: where there are few people."""
    listed: list[str]
    """The rooms there are, also those one is not in."""
    keep_login: Callable[[str | None], None]
    """Keeps a login for next time, or forgets it; raises OSError."""

    @property
    def width(self) -> int:
        """Columns of the window."""
        ...

    def show(self, event: Heard, where: str = "") -> None:
        """Print an event, with its room where that is told."""

    def show_room(self, name: str | None) -> None:
        """Bring a room to the front."""

    def show_next(self) -> None:
        """Show more of what is new in the room in front."""

    def caught_up(self, room: str) -> None:
        """All of a room was marked as read."""

    def print(self, pieces: Styled) -> None:
        """Print a line above the one that is typed."""

    def say(self, text: str) -> None:
        """Tell the person something."""

    def error(self, text: str) -> None:
        """Tell the person what did not work."""

    def post(self, text: str, reply_to: int | None = None) -> None:
        """Say something in the room in front."""

    async def ask_password(self, question: str) -> str:
        """A password, typed without being shown; raises Unanswered."""
        ...
