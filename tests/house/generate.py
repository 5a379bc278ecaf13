"""Writes what follows from the code, parts of docs/ and a module of the page: `make docs`. test_docs.py compares them.

Each table stands between `<!-- generated: NAME -->` and `<!-- end -->`; all around it is written by hand.
"""

import re
from pathlib import Path

import msgspec

from nexus.protocol.codes import CODES
from tests.house import rights_tables, settings_tables, wire_tables
from tests.house.sources import ROOT

BLOCK = re.compile(r"(<!-- generated: ([a-z]+) -->\n).*?(<!-- end -->)", re.DOTALL)

TABLES = wire_tables.TABLES | settings_tables.TABLES | rights_tables.TABLES
"""What writes each table, by the name in its marker."""

SCHEMA = ROOT / "docs" / "protocol.schema.json"


MODULE = ROOT / "src" / "nexus" / "web" / "engine" / "codes.js"

CODES_JS = """\
/** What refusals and goodbyes mean; `make docs` writes this from the server's table. */

const TEMPORARY = new Set([TEMPORARY_NAMES]);
const LASTING = new Set([LASTING_NAMES]);

/**
 * Whether the same may go better later: a refused command, or the connection after a goodbye.
 *
 * @param {string} code
 * @param {number} [retryAfter] seconds; tells of a code that only a later version knows
 */
export function isTemporary(code, retryAfter) {
  return TEMPORARY.has(code) || (retryAfter !== undefined && !LASTING.has(code));
}
"""


def rendered(path: Path) -> str:
    """A page with its tables as the code has them now."""
    return BLOCK.sub(lambda block: f"{block[1]}\n{TABLES[block[2]]()}\n\n{block[3]}", path.read_text("utf-8"))


def schema() -> str:
    """The JSON Schema of every frame, as text."""
    raw = msgspec.json.encode(wire_tables.schema(), order="sorted")
    return msgspec.json.format(raw, indent=2).decode() + "\n"


def codes() -> str:
    """The page's module of codes."""
    temporary = ", ".join(f"'{name}'" for name, code in CODES.items() if code.temporary)
    lasting = ", ".join(f"'{name}'" for name, code in CODES.items() if not code.temporary)
    return CODES_JS.replace("TEMPORARY_NAMES", temporary).replace("LASTING_NAMES", lasting)


def pages() -> list[Path]:
    """The pages with generated tables."""
    return [path for path in sorted((ROOT / "docs").glob("*.md")) if BLOCK.search(path.read_text("utf-8"))]


def main() -> None:
    """Write all of it."""
    for path in pages():
        path.write_text(rendered(path), "utf-8")
    SCHEMA.write_text(schema(), "utf-8")
    MODULE.write_text(codes(), "utf-8")


if __name__ == "__main__":
    main()
