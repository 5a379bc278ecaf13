"""Reads one value, from a text or from TOML, and says what would be right where it is wrong."""

import math
import re
from typing import Any

from msgspec import inspect

_YES_NO = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0"), False),
}
_WHOLE = re.compile(r"[+-]?[0-9]+(?:_[0-9]+)*")
_LONGEST_NUMBER = 40
_LONGEST_SHOWN = 60
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


class Wrong(ValueError):  # noqa: N818  a value, not a failure of the program
    """Not a value of that kind; the caller knows where it stands and says the sentence."""


def from_text(kind: inspect.Type, text: str) -> object:
    """Read what stands in the environment or behind a flag; lists have commas; raises Wrong."""
    if isinstance(kind, inspect.VarTupleType):
        return from_toml(kind, [item.strip() for item in text.split(",") if item.strip()])
    if isinstance(kind, inspect.StrType | inspect.LiteralType):
        return from_toml(kind, text)
    bare = text.strip()
    if isinstance(kind, inspect.BoolType):
        return from_toml(kind, _YES_NO.get(bare.lower()))
    if len(bare) > _LONGEST_NUMBER:
        raise Wrong
    if _WHOLE.fullmatch(bare):
        return from_toml(kind, int(bare))
    try:
        return from_toml(kind, float(bare))
    except ValueError:
        raise Wrong from None


def from_toml(kind: inspect.Type, value: object) -> object:
    """Check a value as TOML types it; raises Wrong."""
    match kind, value:
        case inspect.BoolType(), bool():
            return value
        case _, bool():
            raise Wrong
        case (inspect.IntType(), int()) | (inspect.FloatType(), int() | float()) if _within(kind, value):
            return value
        case inspect.LiteralType(values=values), str() if value in values:
            return value
        case inspect.StrType(min_length=least, max_length=most), str():
            if (least or 0) <= len(value) <= (most or len(value)) and not _UNPRINTABLE.search(value):
                return value
        case inspect.VarTupleType(item_type=item, min_length=least), list() if len(value) >= (least or 0):
            return tuple(from_toml(item, one) for one in value)
        case inspect.VarTupleType(item_type=item, min_length=least), str() if least and value.strip():
            return (from_toml(item, value),)  # one that must be there may stand alone
    raise Wrong


def _within(kind: Any, value: Any) -> bool:
    return (
        (isinstance(value, int) or math.isfinite(value))
        and (kind.ge is None or value >= kind.ge)
        and (kind.gt is None or value > kind.gt)
        and (kind.le is None or value <= kind.le)
    )


def expected(kind: inspect.Type) -> str:
    """What a value of that kind is, for the end of a sentence."""
    match kind:
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType():
            return f"a whole number {_range(kind)}"
        case inspect.FloatType():
            return f"a number {_range(kind)}"
        case inspect.LiteralType(values=values):
            words = [str(value) for value in values]
            return f"{', '.join(words[:-1])} or {words[-1]}"
        case inspect.StrType(min_length=least, max_length=most):
            length = f" of {least or 0} to {most} characters" if most else " that is not empty" if least else ""
            return f"a text{length}, without control characters"
        case inspect.VarTupleType(min_length=least) if least:
            return "a text, or a list of texts, and not empty"
        case _:
            return "a list of texts"


def _range(kind: Any) -> str:
    """The bounds of a number in words; `kind` is one of those that have them."""
    least = f"above {kind.gt:g}" if kind.gt is not None else f"from {kind.ge:g}"
    return f"{least} {'and at most' if kind.gt is not None else 'to'} {kind.le:.0f}"


def shown(value: object) -> str:
    """A value in a sentence: as a person would write it, texts in quotes, cut where it is long."""
    match value:
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            text = f"[{', '.join(shown(item) for item in value[:9])}{', …' if len(value) > 9 else ''}]"
        case dict():
            return "a table"
        case str():
            text = repr(value[: _LONGEST_SHOWN + 1])
        case int() if abs(value) > 10**_LONGEST_NUMBER:  # Python refuses to write out the longest ones
            return "a number with very many digits"
        case int() | float():
            text = repr(value)
        case _:
            text = str(value)
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def as_text(value: object) -> str:
    """A value as `from_text` reads it."""
    match value:
        case bool():
            return "true" if value else "false"
        case tuple():
            return ", ".join(str(item) for item in value)
        case float():
            plain = f"{value:.10f}".rstrip("0").rstrip(".")
            return plain if float(plain) == value else repr(value)
        case _:
            return str(value)
