"""Words and habits that a reviewer would refuse."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import ROOT, parse, python_files, shown

NAMELESS = {"util", "utils", "helper", "helpers", "manager", "managers", "base"}
"""Names of files that say nothing about what is in them."""

SETTINGS_READERS = ("src/nexus/settings/", "src/nexus/node/", "src/nexus/cli")
"""The only code that may look at the environment; all else is given its settings."""

PROMISES = tuple("".join(letters) for letters in (("TO", "DO"), ("FIX", "ME"), ("XX", "X")))
"""Words that promise work; written apart so that this file does not hold them."""

AVOIDED = (
    *("anew", "whosoever", "hitherto", "you are told", "so long as", "edited so long"),
    *("tell me of", "put an emoji to", "only who has", "of this one is none", "is said so", "whoever", "whyever"),
    *("who moderates the server", "who administers the server", "take it back by itself", "passed over:"),
)
"""Phrases that a native speaker would not write; the list in CONTRIBUTING says what to write instead."""

FILES = python_files("src", "tests", "bench", "scripts")


def comments(path: Path) -> dict[int, str]:
    """The comments of a file by line."""
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline)
    return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}


def names_in(node: ast.expr) -> set[str]:
    """The plain names inside an expression."""
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def catch_alls(path: Path) -> Iterator[int]:
    """The lines where anything at all is caught and kept; cleaning up and a bare `raise` keeps nothing."""
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.ExceptHandler):
            last = node.body[-1]
            kept = not (isinstance(last, ast.Raise) and last.exc is None)
            if kept and (node.type is None or names_in(node.type) & {"Exception", "BaseException"}):
                yield node.lineno


def sleeps(path: Path) -> Iterator[int]:
    """The lines where a test sleeps for a time; `sleep(0)` only lets others run."""
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "sleep":
            constants = [part for part in ast.walk(node) if isinstance(part, ast.Constant)]
            if any(isinstance(part.value, int | float) and part.value for part in constants):
                yield node.lineno


def environment_reads(path: Path) -> Iterator[int]:
    """The lines that look at the environment."""
    names = {"environ", "environb", "getenv"}
    for node in ast.walk(parse(path)):
        match node:
            case ast.Attribute(value=ast.Name(id="os"), attr=name) if name in names:
                yield node.lineno
            case ast.ImportFrom(module="os") if names & {alias.name for alias in node.names}:
                yield node.lineno


def test_every_file_name_says_what_is_in_it() -> None:
    folders = [ROOT / folder for folder in ("src", "tests", "bench", "scripts", "docs")]
    paths = [path for folder in folders for path in folder.rglob("*") if not {"__pycache__", ".venv"} & {*path.parts}]
    wrong = [shown(path) for path in paths if path.stem.lower() in NAMELESS]

    assert not wrong, f"Name these after their subject: {wrong}"


def test_no_test_sleeps_for_a_time() -> None:
    wrong = [f"{shown(path)}:{line}" for path in python_files("tests") for line in sleeps(path)]

    assert not wrong, f"Wait for the event or move the clock instead: {wrong}"


def test_catching_everything_is_explained_in_a_comment() -> None:
    wrong = [
        f"{shown(path)}:{line}"
        for path in FILES
        for line in catch_alls(path)
        if not {line, line - 1} & comments(path).keys()
    ]

    assert not wrong, f"Say in a comment on that line or the one before what it protects: {wrong}"


def test_only_the_top_floors_look_at_the_environment() -> None:
    wrong = [
        f"{shown(path)}:{line}"
        for path in python_files("src")
        if not shown(path).startswith(SETTINGS_READERS)
        for line in environment_reads(path)
    ]

    assert not wrong, f"Take the value as an argument; node and the command line read settings: {wrong}"


def test_nothing_is_left_for_later() -> None:
    wrong = [
        f"{shown(path)}:{line} {text}"
        for path in FILES
        for line, text in comments(path).items()
        if any(word in text for word in PROMISES)
    ]

    assert not wrong, "\n".join(wrong)


def test_no_sentence_has_a_phrase_that_nobody_would_write() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "src/nexus/web").rglob("*.js")]
    paths = [path for path in (*documents, *FILES) if "vendor" not in path.parts and path.name != "CONTRIBUTING.md"]
    wrong = [
        f"{shown(path)}:{number} '{phrase}'"
        for path in paths
        if path != Path(__file__)
        for number, line in enumerate(path.read_text("utf-8").lower().splitlines(), 1)
        for phrase in AVOIDED
        if re.search(rf"(?<![a-z]){phrase}(?![a-z])", line.replace("_", " "))
    ]

    assert not wrong, "Say these in plain English:\n" + "\n".join(wrong)
