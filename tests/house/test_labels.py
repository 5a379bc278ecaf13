"""What people, and programs of theirs that drive the page, find things by stays as it is."""

from pathlib import Path

TEXTS = Path(__file__).parents[2] / "src/nexus/web/texts"

LABELS = (
    "Your name", "You: {name}", "a password for it", "Make an account of {name}", "You have an account.",
    "Leave and forget me here", "Notify me here", "Rooms", "Room or person", "Add a reaction", "Find an emoji", "Found",
    "Reply", "Replying to {name}", "Editing your message",
    "Mark unread from here", "Jump to first", "Mark as read", "Pinned", "Copy", "Copied",
    "{a} is typing", "No connection.", "There is no command", "Too many messages wait", "{count} unread message",
    "{count} answer",  # "1 reply" would be found where one looks for the button "Reply"
)  # fmt: skip


def test_what_things_are_called_on_the_page_stays() -> None:
    english = "\n".join(path.read_text("utf-8") for path in (TEXTS / "en.js", *(TEXTS / "en").glob("*.js"))).lower()

    assert [label for label in LABELS if label.lower() not in english] == []
