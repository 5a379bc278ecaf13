"""Names between colons and the emoji that they stand for: the table that the page has too."""

import re
from functools import cache
from importlib import resources

_NAMED = re.compile(r"(?<![^\s(\[]):([\w+-]+):(?![\w:])")
_CODE = re.compile(r"(`+)")


@cache
def names() -> dict[str, str]:
    """Every name with its emoji; the first that claims a name has it."""
    table = (resources.files("nexus") / "web" / "vendor" / "emoji.js").read_text("utf-8")
    found: dict[str, str] = {}
    for line in table.splitlines():
        emoji, _, told = line.partition(" ")
        label, comma, rest = told.partition(",")
        if comma and not line.startswith(("/", "#", " ")):
            for name in (*rest.partition(",")[0].split(), label.lower().replace(" ", "_")):
                found.setdefault(name, emoji)
    return found


def emoji_of(typed: str) -> str:
    """The emoji that a person means: one itself, or a name such as :heart:."""
    return names().get(typed.strip().strip(":").lower(), typed.strip())


def with_emoji(text: str) -> str:
    """A text whose names between colons are emoji; in code they stay as they are."""
    if ":" not in text:
        return text
    pieces, code = [], False
    for piece in _CODE.split(text):
        if piece.startswith("`"):
            code = not code
        elif not code:
            pieces.append(_NAMED.sub(lambda found: names().get(found[1].lower(), found[0]), piece))
            continue
        pieces.append(piece)
    return "".join(pieces)
