"""What a name of a person or a room may be, and when two names are too alike to stand side by side.

PRECIS (RFC 8265, UsernameCaseMapped) says which characters a name has and which spellings are one name;
the skeleton (UTS #39, section 4) says which names a reader could take for one another.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import NamedTuple
from unicodedata import category, decimal, normalize
from unicodedata import name as unicode_name

import msgspec
from precis_i18n import get_profile


class Name(NamedTuple):
    """A valid name: as it is shown (NFC), as it is compared (`key`), and what it looks like (`skeleton`).

    Equal keys have equal skeletons, so a table of unique skeletons keeps names unique.
    """

    shown: str
    key: str
    skeleton: str


class NameInvalid(ValueError):  # noqa: N818 - a refusal, named for what it says
    """A text that cannot be a name; its message is a sentence for the person who chose it."""


class _Kind(NamedTuple):
    """Whose name it is, and how long it may be: in characters, and in bytes of UTF-8."""

    noun: str
    chars: int
    octets: int


PERSON_CHARACTERS = 32
"""The longest name of a person."""

ROOM_CHARACTERS = 64
"""The longest name of a room."""

_PERSON = _Kind("a name", PERSON_CHARACTERS, 96)
_ROOM = _Kind("a room's name", ROOM_CHARACTERS, 128)

_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.|\Z))*")
_ASCII_LOOKS = str.maketrans({"0": "o", "1": "l", "i": "l", "m": "rn"})
_OTHER_ASCII = re.compile(r"[^\w.\-\u0080-\U0010ffff]", re.ASCII)
_JOINER = re.compile("[\u200c\u200d]")
_LETTER = re.compile("[A-Za-z]")
_TWO_FACED = re.compile("[\u039d\u03a5]")  # Nu and Upsilon look like N and Y, but when small like v and u
_HIDDEN_DOT = re.compile("([jl][\u0300-\u036f]*?)\u0307")

_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\..*)?")
_RESERVED = ("nexus", "system", "server", "here", "everyone", "all", "channel")
_STAFF = (
    *("admin", "administrator", "moderator", "staff", "support", "security", "sysadmin"),
    *("owner", "operator", "root", "mod"),
    *("webmaster", "postmaster", "hostmaster"),
)
_STAFF_LOOKS = frozenset(word.translate(_ASCII_LOOKS) for word in _STAFF)
_RESERVED_LOOKS = frozenset(word.translate(_ASCII_LOOKS) for word in _RESERVED)
_NOT_ALL = frozenset({"Ali", "ALI", "ali", "A11", "a11"})
# By its looks "all" would take a name from everyone who is called so, and from the eleventh of a row.

_precis = get_profile("UsernameCaseMapped")


def person_name(text: str) -> Name:
    """Read a person's name, 1 to 32 characters; raises NameInvalid."""
    name = _read(text, _PERSON)
    if name.skeleton in _RESERVED_LOOKS and name.shown not in _NOT_ALL:
        raise NameInvalid(f"{_quoted(text)} is kept for the server itself; a name of your own would work.")
    if _TWO_FACED.search(normalize("NFD", name.shown)) and _reads_as_latin(name.shown):
        raise NameInvalid(
            f"{_quoted(text)} has a Greek capital that passes for a Latin letter; {_quoted(name.key)} would work."
        )
    return name


def sounds_official(name: Name) -> bool:
    """Whether people would take someone of that name for a person who runs the server."""
    return name.skeleton in _STAFF_LOOKS


def person_key(text: str) -> str | None:
    """The key under which a person of that name would be found; None where nobody can be called so."""
    if len(text) <= PERSON_CHARACTERS and _PLAIN.fullmatch(text):
        return text.lower()
    if text.isascii() or len(text) > 4 * PERSON_CHARACTERS:
        return None
    try:
        key: str = _precis.enforce(normalize("NFC", text))
    except UnicodeEncodeError:
        return None
    return key if _fits(key, _PERSON) and key[0].isalnum() else None


def room_name(text: str) -> Name:
    """Read a room's name, 1 to 64 characters, always shown by its key; raises NameInvalid."""
    name = _read(text, _ROOM)
    if _DEVICE.fullmatch(name.key):
        raise NameInvalid(
            f"{_quoted(text)} cannot be a room's name, because some systems keep it for a device; "
            f"{_quoted(name.key.partition('.')[0] + '-room')} would work."
        )
    return name._replace(shown=name.key)


def alternatives(name: Name) -> Iterator[Name]:
    """Offer valid names close to a person's that is taken, in order: ann2, ann3, … (9,998 at most)."""
    # PRECIS lets some scripts' digits stand with no others, so the number is written in the name's own.
    zero = next((ord(char) - decimal(char) for char in name.shown if char.isdecimal()), ord("0"))
    dash = "-" if name.shown[-1].isdecimal() else ""
    for number in range(2, 10_000):
        ending = dash + "".join(chr(zero + int(digit)) for digit in str(number))
        base = name.shown
        while not (_fits(base + ending, _PERSON) and _fits((base + ending).lower(), _PERSON)):
            base = base[:-1]
        try:
            yield person_name(base + ending)
        except NameInvalid:
            return  # cut where it may not end; the next numbers would be cut there too


def skeleton(text: str) -> str:
    """What a text looks like (UTS #39, section 4): names with one skeleton may be taken for each other.

    It goes further than UTS #39 in three ways. Case is folded, until nothing changes: '0' is like 'O', so
    like 'o'. A small letter looks like its capital, where that makes it Latin: 'i' is like 'l', because 'I'
    is. A dot that 'i' and 'j' hide is dropped (section 5.4).
    """
    looks = _looks()
    while True:
        seen = _HIDDEN_DOT.sub(r"\1", normalize("NFD", text).translate(looks))
        seen = normalize("NFD", seen.casefold())
        if seen == text:
            return text
        text = seen


def _read(text: str, kind: _Kind) -> Name:
    """Check what people's and rooms' names have in common."""
    if len(text) <= kind.chars and _PLAIN.fullmatch(text):
        key = text.lower()
        return Name(text, key, key.translate(_ASCII_LOOKS))
    _check_size_and_spaces(text, kind)
    shown = normalize("NFC", text)
    try:
        key = _precis.enforce(shown)
    except UnicodeEncodeError as error:
        raise NameInvalid(_explain(text, kind, error)) from None
    if not (_fits(shown, kind) and _fits(key, kind)):  # 'İ' has a longer key
        raise _too_long(text, kind)
    _check_shape(text, kind, key)
    return Name(shown, key, skeleton(key))


def _check_size_and_spaces(text: str, kind: _Kind) -> None:
    """Refuse what needs no tables to refuse; after this the text is short enough for dear work."""
    if not text or text.isspace():
        raise NameInvalid(f"There is no name here; {kind.noun} has 1 to {kind.chars} characters.")
    if len(text) > 4 * kind.chars:  # NFC makes one character of four at most
        raise _too_long(text, kind)
    if any(map(str.isspace, text)):
        joined = "-".join(text.split())
        try:
            hint = f"; {_quoted(_read(joined, kind).shown)} would work"
        except NameInvalid:
            hint = ""
        raise NameInvalid(f"{_quoted(text)} cannot be {kind.noun}: names have no spaces{hint}.")


def _fits(name: str, kind: _Kind) -> bool:
    return len(name) <= kind.chars and len(name.encode()) <= kind.octets


def _check_shape(text: str, kind: _Kind, key: str) -> None:
    """Refuse what PRECIS lets through and Nexus does not."""
    odd = _OTHER_ASCII.search(key) or _JOINER.search(key)
    if odd:
        raise NameInvalid(_not_in_names(text, kind, odd[0]))
    if not key[0].isalnum():
        why = f"it begins with {_character(key[0])}, but names begin with a letter or a digit"
    elif key.endswith("."):
        why = "it ends with '.', but names end with a letter, a digit, '-' or '_'"
    elif ".." in key:
        why = "it has '..', but dots in names stand alone"
    elif _piled(key):
        why = "it piles up accents; a letter has at most four, all different"
    else:
        return
    raise NameInvalid(f"{_quoted(text)} cannot be {kind.noun}: {why}.")


def _reads_as_latin(shown: str) -> bool:
    return bool(_LETTER.search(shown)) or skeleton(shown).isascii()


def _piled(key: str) -> bool:
    """Whether one letter carries more than four marks, or one of them twice (UTS #39, section 5.4)."""
    before, marks = "", 0
    for char in normalize("NFD", key):
        marks = marks + 1 if category(char) in ("Mn", "Me") else 0
        if marks > 4 or (marks and char == before):
            return True
        before = char
    return False


def _too_long(text: str, kind: _Kind) -> NameInvalid:
    return NameInvalid(
        f"{_quoted(text)} is too long for {kind.noun}; up to {kind.chars} characters "
        f"(and {kind.octets} bytes of UTF-8) would work."
    )


def _explain(text: str, kind: _Kind, error: UnicodeEncodeError) -> str:
    """Say in a sentence what PRECIS minds."""
    if error.reason.endswith("bidi_rule"):
        return (
            f"{_quoted(text)} cannot be {kind.noun}: it mixes letters written from the right with others, "
            "which screens show in different orders; one direction, beginning with a letter, would work."
        )
    if error.reason.endswith("not_idempotent"):
        return f"{_quoted(text)} cannot be {kind.noun}: it has no single spelling in lower case."
    return _not_in_names(text, kind, error.object[error.start])


def _not_in_names(text: str, kind: _Kind, char: str) -> str:
    return (
        f"{_quoted(text)} cannot be {kind.noun}: it has {_character(char)}, but names are made of letters "
        "and digits of any script, '-', '_' and '.'."
    )


def _character(char: str) -> str:
    known = unicode_name(char, "")
    return f"{char!r} (U+{ord(char):04X}{known and ' '}{known})"


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")


class _Twin(msgspec.Struct):
    """One of a character's look-alikes in the package's table."""

    c: str


@cache
def _looks() -> dict[int, str]:
    """Read the prototype of each confusable character; cached, because it takes some 20 ms.

    The table lists each pair of Unicode's confusables.txt under both of its sides, in the file's order, so a
    character with one twin is the source of a pair, unless the twin is one too and came first.
    """
    table = resources.files("confusable_homoglyphs").joinpath("confusables.json").read_bytes()
    twins = msgspec.json.decode(table, type=dict[str, list[_Twin]])
    place = {char: number for number, char in enumerate(twins)}
    looks = {}
    for char, (first, *others) in twins.items():
        if not others and (len(twins[first.c]) > 1 or place[char] < place[first.c]):
            looks[ord(char.strip("\u200e"))] = first.c.strip("\u200e")  # marks that keep the file readable
    for code, look in list(looks.items()):
        small = chr(code).lower()
        if small != chr(code) and len(small) == 1 and look.isascii() and look.isalnum():
            own = looks.get(ord(small), small)
            if len(own) > 1 or not own.isascii():
                looks[ord(small)] = look  # 'Н' passes for a Latin 'H', so 'н' must collide with 'h'
    looks[ord("i")] = "l"
    return looks
