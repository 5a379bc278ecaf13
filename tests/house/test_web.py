"""The browser client keeps the house rules too, and its libraries are what their authors published."""

import hashlib
import json
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from nexus.gateway.http.bundle import FIRST, Bundles
from tests.house.sources import PACKAGE, ROOT, shown
from tests.house.test_sizes import FILE_LINES, FUNCTION_LINES
from tests.house.test_words import NAMELESS, PROMISES

WEB = PACKAGE / "web"

FILES = [path for path in sorted(WEB.rglob("*.*")) if "vendor" not in path.parts]

MODULES = [path for path in FILES if path.suffix == ".js"]

LOCK: dict[str, dict[str, Any]] = json.loads((ROOT / "requirements" / "web.lock").read_text("utf-8"))

AT_ONCE = re.compile(r"""^(?:import|export)\b[^;]*?\bfrom '([^']+)'|^import '([^']+)'""", re.MULTILINE)

WHEN_NEEDED = re.compile(r"""\bimport\('([^']+)'\)""")

TEXTS = sorted((WEB / "texts").glob("*.js"))


def texts(module: Path) -> dict[str, str]:
    """What the page says in one language."""
    return dict(re.findall(r"^  '([\w.]+)': '(.+)',$", spoken(module), re.MULTILINE))


def spoken(module: Path) -> str:
    """The whole of a language: its module, and the parts beside it."""
    return "".join(part.read_text("utf-8") for part in (module, *module.with_suffix("").glob("*.js")))


def fields(text: str) -> set[str]:
    """The places in a text that are filled in."""
    return set(re.findall(r"{(\w+)}", text))


def imports(module: Path) -> set[str]:
    """What a module imports, as it is written; types in comments are none."""
    code = re.sub(r"/\*.*?\*/", "", module.read_text("utf-8"), flags=re.DOTALL)
    return {next(filter(None, found)) for found in AT_ONCE.findall(code)} | set(WHEN_NEEDED.findall(code))


def own_imports(module: Path) -> set[Path]:
    """The modules of ours that a module imports."""
    return {(module.parent / name).resolve() for name in imports(module) if name.startswith(".")}


def vendored() -> dict[Path, str]:
    """Each vendored file with its hash."""
    return {
        ROOT / package["into"] / file["name"]: file["sha256"]
        for package in LOCK.values()
        for file in (*package["files"].values(), *package.get("made", ()))
    }


def test_no_file_of_the_page_has_more_lines_than_allowed() -> None:
    lengths = {shown(path): len(path.read_text("utf-8").splitlines()) for path in FILES}
    wrong = [f"{name} has {lines} lines" for name, lines in lengths.items() if lines > FILE_LINES]

    assert not wrong, f"Over {FILE_LINES} lines:\n" + "\n".join(wrong)


FUNCTION = re.compile(
    r"(?:export )?(?:default )?(?:async )?function\b.*"
    r"|(?:static |async |get |set )*[#\w]+\(.*\) \{"
    r"|(?:export )?const \w+ = (?:async )?\(.*\) => \{"
)
"""The first line of a function, a method, or a constant that is one."""

BLOCKS = ("if", "for", "while", "switch", "catch", "else")
"""What looks like a method and is a statement."""


def functions(module: Path) -> Iterator[tuple[int, int, str]]:
    """Line, length and name of each function of a module; a function ends where its line's indentation comes back."""
    lines = module.read_text("utf-8").splitlines()
    for number, line in enumerate(lines):
        text = line.strip()
        if FUNCTION.fullmatch(text) is None or text.startswith(tuple(f"{word} (" for word in BLOCKS)):
            continue
        end = f"{line[: len(line) - len(text)]}}}"
        last = next((at for at in range(number + 1, len(lines)) if lines[at].startswith(end)), len(lines) - 1)
        yield number + 1, last - number + 1, text


def test_no_function_of_the_page_has_more_lines_than_allowed() -> None:
    measured = [(module, *function) for module in MODULES for function in functions(module)]
    wrong = [
        f"{shown(module)}:{line} {name} has {length} lines"
        for module, line, length, name in measured
        if length > FUNCTION_LINES
    ]

    assert len(measured) > 400, "Functions are found."
    assert not wrong, f"Over {FUNCTION_LINES} lines:\n" + "\n".join(wrong)


def test_modules_reach_for_no_element_of_another_and_press_no_button() -> None:
    """Who draws an element has a reference to it; a key and a button call the same function."""
    wrong = [
        f"{shown(module)} has {call}"
        for module in MODULES
        for call in ("getElementById", "document.querySelectorAll", ".click()")
        if call in module.read_text("utf-8") and module.name != "app.js"
    ]

    assert not wrong


def test_every_module_says_what_it_is_and_leaves_nothing_for_later() -> None:
    silent = [shown(path) for path in MODULES if not path.read_text("utf-8").startswith("/**")]
    nameless = [shown(path) for path in FILES if path.stem in NAMELESS]
    later = [shown(path) for path in FILES if any(word in path.read_text("utf-8") for word in PROMISES)]

    assert not silent, f"Begin these with a sentence in /** */: {silent}"
    assert not nameless, f"Name these after their subject: {nameless}"
    assert not later


def test_imports_lead_to_files_and_never_in_a_circle() -> None:
    graph = {module: own_imports(module) for module in MODULES}
    missing = {shown(module): found - graph.keys() for module, found in graph.items() if found - graph.keys()}

    assert not missing
    TopologicalSorter(graph).prepare()


def test_modules_are_written_so_that_a_server_can_put_them_in_one_file() -> None:
    """Whole lines, and nothing that is exported changes; `nexus.gateway.http.bundle` counts on both."""
    whole = re.compile(
        r"^(?:import (?:.+ from )?'[^']+';.*|export (?:(?:async )?function|class|const|default)\b.*|export {};)$"
    )
    wrong = [
        f"{shown(module)}: {line}"
        for module in MODULES
        for line in module.read_text("utf-8").splitlines()
        if re.match(r"(?:import|export)\b(?!\()", line) and not whole.match(line)
    ]

    assert not wrong


def test_the_engine_knows_nothing_of_the_page() -> None:
    wrong = [
        f"{shown(module)} imports {shown(found)}"
        for module in MODULES
        if "engine" in module.parts
        for found in own_imports(module)
        if "engine" not in found.parts
    ]

    assert not wrong


def test_libraries_are_imported_by_the_names_of_the_import_map() -> None:
    page = (WEB / "index.html").read_text("utf-8")
    found = re.search(r'<script type="importmap">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    known = json.loads(found[1])["imports"]
    asked = {name for module in MODULES for name in imports(module) if not name.startswith(".")}

    assert asked <= known.keys()
    assert {name.rpartition("/vendor/")[2] for name in known.values()} <= {path.name for path in vendored()}


def test_each_language_says_everything_with_the_same_fields() -> None:
    english = texts(WEB / "texts" / "en.js")
    wrong = [
        f"{module.name}: {key}"
        for module in TEXTS
        for found in [texts(module)]
        for key in sorted(english.keys() | found.keys())
        if key not in found or key not in english or fields(found[key]) != fields(english[key])
    ]
    lines = [line for module in TEXTS for line in spoken(module).splitlines() if line.startswith("  '")]

    assert len(TEXTS) > 1
    assert not wrong
    assert len(lines) == len(TEXTS) * len(english), "each text is one line, and there once"


def test_what_is_shown_at_first_says_nothing_whose_text_is_loaded_later() -> None:
    first = (WEB / "texts" / "en.js").read_text("utf-8")
    bundles = Bundles({module.relative_to(WEB).as_posix(): module.read_text("utf-8") for module in MODULES})
    at_first = {WEB / name for name in bundles.files[FIRST]}
    later = {key for key in texts(WEB / "texts" / "en.js") if f"'{key}'" not in first}
    late_names = {f"'{name}'" for key in later for name in (key, re.sub(r"\.(one|other)$", "", key))}
    wrong = [
        f"{shown(module)} says {name}"
        for module in MODULES
        if module in at_first
        for name in sorted(late_names)
        if name in module.read_text("utf-8")
    ]

    assert later
    assert not wrong, f"Move the texts of these to texts/en.js: {wrong}"


def test_what_the_page_imports_by_name_is_there() -> None:
    wrong = []
    for module in MODULES:
        code = module.read_text("utf-8")
        for names, source in re.findall(r"^import {([^}]*)} from '(\.[^']+)'", code, re.MULTILINE):
            there = set(
                re.findall(
                    r"^export (?:async )?(?:function|const|class|let) (\w+)",
                    (module.parent / source).read_text("utf-8"),
                    re.MULTILINE,
                )
            )
            wrong += [
                f"{shown(module)}: {name}"
                for name in (one.split(" as ")[0].strip() for one in names.split(","))
                if name and name not in there
            ]

    assert not wrong


def test_every_library_is_as_it_is_locked() -> None:
    wrong = [
        shown(path)
        for path, digest in vendored().items()
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest
    ]
    strangers = [
        shown(path)
        for folder in {path.parent for path in vendored()}
        for path in folder.iterdir()
        if path not in vendored()
    ]

    assert not wrong, f"Run `make vendor`: {wrong}"
    assert not strangers, f"requirements/web.lock does not know {strangers}"


def test_every_library_has_its_licence_beside_it_and_no_address() -> None:
    bare = [name for name, package in LOCK.items() if not any("LICENSE" in file for file in package["files"])]

    assert not bare
    assert "//" not in (ROOT / "requirements" / "web.lock").read_text("utf-8")
