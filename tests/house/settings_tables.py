"""The tables of docs/settings.md: every setting and how it is written in each of its places."""

from collections.abc import Callable

from nexus.settings.keys import KEYS, SECTIONS, Key
from nexus.settings.values import as_text
from tests.house.wire_tables import table

HEADS = ("setting", "environment", "flag", "default", "what it is")


def settings() -> str:
    """One table per section."""
    return "\n\n".join(f"{_heading(section)}\n\n{_table(section)}" for section in SECTIONS)


def _heading(section: str) -> str:
    return f"**`[{section}]`** {SECTIONS[section]}" if section else "At the top:"


def _table(section: str) -> str:
    return table(HEADS, (_row(key) for key in KEYS.values() if key.section == section))


def _row(key: Key) -> tuple[str, ...]:
    default = as_text(key.default)
    return f"`{key.name}`", f"`{key.variable}`", f"`{key.flag}`", default and f"`{default}`", key.sentence


TABLES: dict[str, Callable[[], str]] = {"settings": settings}
