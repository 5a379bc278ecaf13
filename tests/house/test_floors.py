"""The floors: who may import whom (docs/architecture.md); only downwards, and no circle."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from tests.house.sources import PACKAGE, module_name, parse, python_files

FLOORS = {
    "nexus": 0,
    "protocol": 1,
    "settings": 1,
    "core": 2,
    "client": 2,
    "tui": 3,
    "ports": 3,
    "store": 4,
    "bus": 4,
    "transcript": 4,
    "server": 4,
    "gateway": 5,
    "node": 6,
    "cli": 7,
    "__main__": 8,
}
"""The floor of each part of the package; `nexus` is its `__init__`."""

PURE = ("nexus.protocol", "nexus.core", "nexus.client.view", "nexus.settings.fields")
"""Values in, values out: no I/O, clock, asyncio, threads or logging."""

ALLOWED_IN_PURE = {
    *("abc", "base64", "binascii", "bisect", "collections", "contextlib", "dataclasses", "datetime", "difflib"),
    *("enum", "functools", "hashlib", "heapq", "hmac", "ipaddress", "itertools", "math", "operator", "re", "string"),
    *("struct", "types", "typing", "unicodedata", "urllib.parse"),
    *("confusable_homoglyphs", "importlib.resources", "msgspec", "nexus", "precis_i18n"),
}
"""What pure code may import; each computes a value from values, or is a table that a package brings."""

IMPURE_CALLS = {"open", "print", "input", "now", "utcnow", "today"}
"""Calls that need no import, or one that is allowed for other things."""

MODULES = {module_name(path): path for path in python_files("src")}


def imports_of(name: str) -> Iterator[str]:
    """Everything that a module of the package imports, anywhere in it, for types or late."""
    path = MODULES[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                source = ".".join([*above, source]).rstrip(".")
            for alias in node.names:
                inner = f"{source}.{alias.name}"
                yield inner if inner in MODULES or inner in ALLOWED_IN_PURE else source


def part_of(module: str) -> str:
    """The part of the package to which a module belongs, a key of FLOORS."""
    return module.split(".")[1] if "." in module else module


def test_every_part_of_the_package_has_a_floor() -> None:
    homeless = {part_of(name) for name in MODULES} - FLOORS.keys()

    assert not homeless, f"Give these a floor, in design and in FLOORS: {sorted(homeless)}"


def test_imports_lead_only_downwards() -> None:
    wrong = [
        f"{name} (floor {FLOORS[part_of(name)]}) imports {target} (floor {FLOORS[part_of(target)]})"
        for name in MODULES
        for target in imports_of(name)
        if part_of(target) in FLOORS
        and target.split(".")[0] == "nexus"
        and part_of(target) != part_of(name)
        and FLOORS[part_of(target)] >= FLOORS[part_of(name)]
    ]

    assert not wrong, "\n".join(wrong)


def circles(graph: dict[str, set[str]]) -> list[str]:
    """Every circle, each told once; takes the graph apart."""
    found = []
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            circle = error.args[1]
            found.append(" -> ".join(reversed(circle)))
            graph[circle[1]].discard(circle[0])
        else:
            return found


def test_no_file_imports_itself_in_a_circle() -> None:
    found = circles({name: {target for target in imports_of(name) if target in MODULES} - {name} for name in MODULES})

    assert not found, "These import each other:\n" + "\n".join(found)


def test_pure_code_knows_no_clock_no_loop_and_no_file() -> None:
    pure = [name for name in MODULES if name.startswith(PURE)]
    wrong = [
        f"{name} imports {target}"
        for name in pure
        for target in imports_of(name)
        if not {target, target.split(".")[0]} & ALLOWED_IN_PURE
    ]
    wrong += [
        f"{name}:{node.lineno} calls {ast.unparse(node.func)}()"
        for name in pure
        for node in ast.walk(parse(MODULES[name]))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in IMPURE_CALLS
    ]

    assert not wrong, "\n".join(wrong)


def test_the_package_is_where_these_rules_look() -> None:
    assert PACKAGE.is_dir()
    assert {"nexus", "nexus.core", "nexus.protocol.codec"} <= MODULES.keys()
