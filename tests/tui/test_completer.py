"""What Tab offers."""

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from nexus.tui.commands import COMMANDS
from nexus.tui.completer import ChatCompleter

COMPLETER = ChatCompleter(
    lambda: ["garden", "Gate", "kitchen", "Tea Club"], lambda: ["Bo", "Andy", "Ann"], lambda: ["garden", "gallery"]
)


def offered(before: str, after: str = "") -> list[str]:
    """The lines that the typed one may become."""
    document = Document(before + after, len(before))
    return [
        before[: len(before) + choice.start_position] + choice.text
        for choice in COMPLETER.get_completions(document, CompleteEvent())
    ]


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("/jo", ["/join"]),
        ("/LO", ["/login", "/logout"]),
        ("/join", []),
        ("/join g", ["/join gallery", "/join garden", "/join Gate"]),
        ("/switch k", ["/switch kitchen"]),
        ("/help reg", ["/help register"]),
        ("/switch Tea C", ["/switch Tea Club"]),
        ("/nowhere g", []),
        ("hello a", ["hello Andy", "hello Ann"]),
        ("hello @b", ["hello @Bo"]),
        ("/me pokes B", ["/me pokes Bo"]),
        ("b", ["Bo: "]),
        ("@b", ["@Bo"]),
        ("so :tada", ["so 🎉"]),
        ("//B", []),
        ("// B", ["// Bo"]),
    ],
)
def test_tab_offers_what_the_word_may_become(typed: str, lines: list[str]) -> None:
    assert offered(typed) == lines


def test_a_slash_offers_every_command() -> None:
    assert offered("/") == [f"/{name}" for name in COMMANDS]


def test_commands_that_take_nothing_offer_nothing() -> None:
    assert [offered(f"/{verb} ") for verb in ("rooms", "logout", "ping", "quit")] == [[], [], [], []]


def test_what_comes_after_the_cursor_does_not_matter() -> None:
    assert offered("/switch ga", "x y") == ["/switch garden", "/switch Gate"]
