"""The load generator's C sources: each part is handed what it works on, and no two need each other."""

import re
from graphlib import TopologicalSorter
from pathlib import Path

LOAD = Path(__file__).parents[2] / "bench" / "load"
INCLUDE = re.compile(r'^#include "([a-z]+)\.h"', re.MULTILINE)
SHARED = re.compile(r"^extern\b.*", re.MULTILINE)


def parts() -> dict[str, set[str]]:
    """Each part, a header with its source, and the parts that it includes."""
    needs: dict[str, set[str]] = {}
    for file in sorted(LOAD.glob("*.[ch]")):
        needs.setdefault(file.stem, set()).update(set(INCLUDE.findall(file.read_text())) - {file.stem})
    return needs


def test_no_part_includes_one_that_includes_it() -> None:
    order = list(TopologicalSorter(parts()).static_order())  # raises CycleError

    assert order[-1] == "main"
    assert set(order) == {file.stem for file in LOAD.glob("*.c")}


def test_no_part_shares_a_variable_with_others() -> None:
    assert [line for file in sorted(LOAD.glob("*.h")) for line in SHARED.findall(file.read_text())] == []
