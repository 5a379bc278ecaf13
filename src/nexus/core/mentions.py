"""Whom a message mentions: which names stand in it, and who they are when it is stored."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from unicodedata import category

from nexus.core.names import PERSON_CHARACTERS, person_key
from nexus.protocol.events import Posted

EVERYONE = 0
"""The reader that stands for everyone who has the room."""

HERE = "here"
"""The name that mentions everyone; nobody may be called so."""

MOST = 50
"""Mentions of one message, at most; what is named beyond them is plain text."""

MOST_PLACES = 200
"""Places of a message where a name is looked for, at most, whether or not somebody is called so."""

Mentioned = tuple[int, str]
"""A reader, and the name that is shown of them now; empty for everyone."""

_CODE = re.compile("```.*?(?:```|\\Z)|`[^`\n]+`", re.DOTALL)
_AT = re.compile(r"(?<!\w)@(?=\w)")
_ENDS = "._-"


def candidates(text: str) -> tuple[str, ...]:
    """The keys of the names that stand behind an @ outside of code, each as long as can be, in order, each once."""
    text = _CODE.sub(" ", text)
    keys = (person_key(_run(text, at.end())) for at in islice(_AT.finditer(text), MOST_PLACES))
    return tuple(dict.fromkeys(key for key in keys if key is not None))


def resolve(names: Sequence[str], author: int, find: Callable[[str], Mentioned | None]) -> tuple[Mentioned, ...]:
    """Whom names mention, by reader; `find` tells who has a key now. Nobody mentions themselves."""
    found: dict[int, str] = {}
    for name in names:
        for key in _spellings(name):
            one = (EVERYONE, "") if key == HERE else find(key)
            if one is not None:
                if one[0] != author:
                    found.setdefault(*one)
                break
        if len(found) == MOST:
            break
    return tuple(sorted(found.items()))


def set_mentions(message: Posted, mentioned: Sequence[Mentioned]) -> None:
    """Write into a message whom it mentions."""
    message.mentions = tuple([name for reader, name in mentioned if reader != EVERYONE])
    message.here = len(message.mentions) < len(mentioned)


def _run(text: str, start: int) -> str:
    """The characters from there on that may be in a name, without the dots at their end."""
    end, last = start, min(start + 4 * PERSON_CHARACTERS + 1, len(text))  # NFC makes one character of four at most
    while end < last and _in_names(text[end]):
        end += 1
    return text[start:end].partition("..")[0].rstrip(".")


def _in_names(char: str) -> bool:
    return char.isalnum() or char in _ENDS or category(char) in ("Mn", "Mc")


def _spellings(key: str) -> Iterator[str]:
    """The key, and what is left of it without the punctuation at its end: a sentence may go on behind a name."""
    yield key
    while key[-1] in _ENDS:
        key = key[:-1]
        if key[-1] != ".":
            yield key
