"""Tables and times, as the operator's commands print them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from nexus.cli.asking import Row

TIMES = ("at", "created", "used", "expires", "started", "seen")
"""Fields that are milliseconds since 1970; 0 stands for never."""


def print_rows(rows: Sequence[Row], titles: dict[str, str], *, as_json: bool = False) -> None:
    """Print a table, or with `as_json` all that is known."""
    if as_json:
        print(json.dumps(list(rows)))
        return
    lines = [list(titles.values())] + [[_shown(key, row[key]) for key in titles] for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _shown(key: str, value: Any) -> str:
    """A value for people; what others wrote does nothing to the terminal."""
    from nexus.core.texts import one_line

    if key in TIMES and isinstance(value, int):
        return when(value) if value else "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return one_line(", ".join(value) if isinstance(value, list) else str(value))


def when(at: int) -> str:
    """A time for people, in milliseconds since 1970."""
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M} UTC" if at else "never"
