"""Writes the parts of docs/ that follow from the code: `make docs`. test_docs.py compares them.

Each table stands between `<!-- generated: NAME -->` and `<!-- end -->`; all around it is written by hand.
"""

import re
from pathlib import Path

import msgspec

from tests.house import settings_tables, wire_tables
from tests.house.sources import ROOT

BLOCK = re.compile(r"(<!-- generated: ([a-z]+) -->\n).*?(<!-- end -->)", re.DOTALL)

TABLES = wire_tables.TABLES | settings_tables.TABLES
"""What writes each table, by the name in its marker."""

SCHEMA = ROOT / "docs" / "protocol.schema.json"


def rendered(path: Path) -> str:
    """A page with its tables as the code has them now."""
    return BLOCK.sub(lambda block: f"{block[1]}\n{TABLES[block[2]]()}\n\n{block[3]}", path.read_text("utf-8"))


def schema() -> str:
    """The JSON Schema of every frame, as text."""
    raw = msgspec.json.encode(wire_tables.schema(), order="sorted")
    return msgspec.json.format(raw, indent=2).decode() + "\n"


def pages() -> list[Path]:
    """The pages with generated tables."""
    return [path for path in sorted((ROOT / "docs").glob("*.md")) if BLOCK.search(path.read_text("utf-8"))]


def main() -> None:
    """Write all of it."""
    for path in pages():
        path.write_text(rendered(path), "utf-8")
    SCHEMA.write_text(schema(), "utf-8")


if __name__ == "__main__":
    main()
