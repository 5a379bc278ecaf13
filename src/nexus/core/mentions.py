"""Whom a message mentions: which names stand in it, and who they are when it is stored."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from unicodedata import category

from nexus.core.markup import spoken
from nexus.core.names import PERSON_CHARACTERS, person_key
from nexus.protocol.events import Posted

EVERYONE = 0
"""The reader that stands for everyone who has the room."""

HERE = "here"
"""The name that mentions everyone; nobody may be called so."""

MOST = 50
"""Mentions of one message, at most; what is named beyond them is plain text."""

MOST_PLACES = 64
"""Places of a message where a name is looked for, at most, whether or not somebody is called so."""

MOST_LOOKUPS = 64
"""Spellings of one message that are looked up, at most: a name may have many, with dots and dashes behind it."""

Mentioned = tuple[int, str]
"""A reader, and the name that is shown of them now; empty for everyone."""

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
    "\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, Han, kana, Hangul: no blank stands there between a name and the words beside it."""

_EMPHASIS = r"(?<=(?<!\w)_)|(?<=(?<!\w)__)"

_AT = re.compile(rf"(?:(?<!\w)|(?<=[{_UNSPACED}])|{_EMPHASIS})@(?=\w)")
_HOST = re.compile(r"@[\w-]+(?:\.[\w-]+)+")
_GOES_ON = re.compile(rf"(?<=[^{_UNSPACED}])[{_UNSPACED}]")
_ENDS = "._-"
_INSIDE = "\u00b7\u0375\u05f3\u05f4\u200c\u200d\u30fb\uff65"
"""Characters that a name has inside where its script wants it (RFC 5892, appendix A)."""

_WIDE = "\uff0d\uff0e\uff3f"
"""What a Japanese keyboard makes of the signs in `_ENDS`; a name may have them, and its key has the others."""


def candidates(text: str) -> tuple[str, ...]:
    """The keys of the names behind an @ in what the author says, each as long as can be, in order, each once."""
    text = spoken(text) if "@" in text else ""
    keys = (_key(_run(text, at.end())) for at in islice(_AT.finditer(text), MOST_PLACES))
    return tuple(dict.fromkeys(key for key in keys if key is not None))


def spellings(names: Sequence[str]) -> Iterator[str]:
    """What may have to be looked up for names, no matter who has them."""
    every = (key for name in names for key in _spellings(name))
    return (key for key in islice(every, MOST_LOOKUPS) if key != HERE)


def resolve(
    names: Sequence[str],
    author: int,
    find: Callable[[str], Mentioned | None],
    may_here: Callable[[], bool] = lambda: True,
) -> tuple[Mentioned, ...]:
    """Whom names mention, by reader; `find` tells who has a key now. Nobody mentions themselves.

    Everyone is mentioned only where the author `may_here`, which is asked only of anyone who tries.
    """
    found: dict[int, str] = {}
    left = MOST_LOOKUPS
    for name in names:
        keys = list(islice(_spellings(name), left))
        left -= len(keys)
        for key in keys:
            one = ((EVERYONE, "") if may_here() else None) if key == HERE else find(key)
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
    if _HOST.match(text, end):
        return ""  # a name of the fediverse, which is of another server
    return text[start:end].partition("..")[0].rstrip(".")


def _key(run: str) -> str | None:
    """The key of a run, or of what stands before a character that no name has in that place."""
    shorter = (run, run.rstrip(_ENDS), re.split(f"[{_INSIDE}]", run, maxsplit=1)[0])  # no Hebrew name ends with "_"
    return next(filter(None, map(person_key, shorter)), None)


def _in_names(char: str) -> bool:
    return char.isalnum() or char in _ENDS + _INSIDE + _WIDE or category(char) in ("Mn", "Mc")


def _spellings(key: str) -> Iterator[str]:
    """The key, and what is left of it without what may go on behind a name: punctuation, a word in such a script."""
    yield key
    if goes_on := _GOES_ON.search(key):
        yield key[: goes_on.start()]
    while key[-1] in _ENDS:
        key = key[:-1]
        if key[-1] != ".":
            yield key
