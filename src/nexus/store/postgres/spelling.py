"""How our SQL is spelled in PostgreSQL: its placeholders are others, and so are a few words."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

_TOKENS = re.compile(
    r"""(?P<text>'(?:[^']|'')*')|(?P<name>(?<!:):(?P<of>[a-z_]+))|(?P<mark>\?)|(?P<per>%)"""
    r"""|(?P<word>\bCROSS\ JOIN\b|\bIS\ NOT(?=\ [:?])|\bjson_group_array\(|\bjson_array\(|\bAS\ INTEGER\))""",
    re.VERBOSE,
)

_WORDS = {
    "CROSS JOIN": "JOIN",
    "IS NOT": "IS DISTINCT FROM",
    "json_group_array(": "json_agg(",
    "json_array(": "json_build_array(",
    "AS INTEGER)": "AS bigint)",
}


@lru_cache(1024)
def spelled(sql: str) -> str:
    """A statement of `store.sql` for psycopg."""
    return _TOKENS.sub(_token, sql)


def _token(found: re.Match[str]) -> str:
    if found["text"] is not None:
        return found["text"].replace("%", "%%")
    if found["name"] is not None:
        return f"%({found['of']})s"
    if found["mark"] is not None:
        return "%s"
    return "%%" if found["per"] is not None else _WORDS[found["word"]]


def values(given: Any) -> Any:
    """Values as the tables take them: numbers for what is true or false; a text that is gone is an empty one."""
    if isinstance(given, dict):
        return {name: _value(value) for name, value in given.items()}
    return [_value(value) for value in given]


def _value(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value.startswith("\0"):
        return ""
    return value


def numbers(values: Sequence[int | None]) -> str:
    """An array as PostgreSQL reads it; psycopg takes five times as long to write one."""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def texts(values: Sequence[str | None]) -> str:
    """An array of texts."""
    return "{" + ",".join(["NULL" if value is None else _quoted(value) for value in values]) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
