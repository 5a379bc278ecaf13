"""A file reads in one sitting, a function on one screen."""

import ast
from collections.abc import Iterator

from tests.house.sources import parse, python_files, shown

FILE_LINES = 400
FUNCTION_LINES = 40

FILES = python_files("src", "tests", "bench", "scripts")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.Module) -> Iterator[Function]:
    """Every function and method; one inside another is also counted as part of that."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: Function) -> int:
    """The lines of a function, from `def` on, its docstring not counted."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def test_no_file_has_more_lines_than_allowed() -> None:
    lengths = {shown(path): len(path.read_text("utf-8").splitlines()) for path in FILES}
    wrong = [f"{name} has {lines} lines" for name, lines in lengths.items() if lines > FILE_LINES]

    assert not wrong, f"Over {FILE_LINES} lines:\n" + "\n".join(wrong)


def test_no_function_has_more_lines_than_allowed() -> None:
    wrong = [
        f"{shown(path)}:{function.lineno} {function.name}() has {length(function)} lines"
        for path in FILES
        for function in functions(parse(path))
        if length(function) > FUNCTION_LINES
    ]

    assert not wrong, f"Over {FUNCTION_LINES} lines:\n" + "\n".join(wrong)
