"""docs/architecture.md says what is: its floors and its server are those of the imports, its example works."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

from nexus.core.speaker import Speaker
from nexus.server.sessions import Session
from tests.house.examples import blocks
from tests.house.sources import PACKAGE, ROOT, parse, python_files, shown
from tests.house.test_floors import FLOORS, MODULES, imports_of

PAGE = ROOT / "docs" / "architecture.md"

SERVER = "nexus.server."


def test_the_table_has_every_part_on_its_floor() -> None:
    table = re.findall(r"^\| (\d) \| `(\w+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)
    drawn = {part: int(floor) for floor, part in table}

    assert len(drawn) == len(table), "Each part is there once."
    assert drawn == {part: floor for part, floor in FLOORS.items() if part not in ("nexus", "__main__")}


def drawn_rows() -> list[list[str]]:
    """The modules of the server, line by line from the top."""
    (drawing,) = [block.text for block in blocks(PAGE) if block.language == "text" and block.text.startswith("build")]
    return [re.split(r" · ", line.split("  ", 1)[0]) for line in drawing.splitlines()]


def test_each_line_of_the_server_uses_only_itself_and_those_below() -> None:
    row = {name: number for number, names in enumerate(drawn_rows()) for name in names}
    modules = {name.removeprefix(SERVER) for name in MODULES if name.startswith(SERVER)}
    wrong = [
        f"{name} uses {target}"
        for name in modules & row.keys()
        for used in imports_of(SERVER + name)
        if (target := used.removeprefix(SERVER)) in row and used.startswith(SERVER) and row[target] < row[name]
    ]

    assert row.keys() == modules
    assert not wrong


def test_a_session_changes_by_its_own_methods_alone() -> None:
    slots = {*Session.__slots__, *Speaker.__slots__}
    wrong = [
        f"{shown(path)}:{node.lineno} {ast.unparse(node)}"
        for path in python_files("src/nexus/server")
        if path.name != "sessions.py"
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr in slots
        if isinstance(node.value, ast.Name) and node.value.id in ("session", "speaker", "one", "other", "guest")
    ]

    assert not wrong, f"Give the session a method that says what happens: {wrong}"


CHECK = """
from nexus.client.reading import read_page
from nexus.client.view import RoomView
from nexus.core.changes import MakeRoom, Post
from nexus.core.lines import line, read_line
from nexus.core.log import Record
from nexus.protocol.codec import decode, decode_event, encode
from nexus.protocol.events import Labelled, Posted
from nexus.store.sqlite import SqliteStore
from nexus.tui.screen import styled
from pathlib import Path
import sys, msgspec

store = SqliteStore.open(Path(sys.argv[1]))
store.commit([], [MakeRoom("garden", "garden", 1)])
common = {"room": "garden", "seq": 0, "at": 5, "by": "Cy", "guest": True}
label = Labelled(**common, target=1, label="urgent", colour="red")
store.commit([Record(1, -7, Posted(**common, text="hello"))], [Post(Record(1, -7, label, "n1"))])
store.close()
store = SqliteStore.open(Path(sys.argv[1]))
page = [record.event for record in store.page(1, after=0, before=9, limit=9, newest=False)]
assert page[1] == Labelled(**{**common, "seq": 2}, target=1, label="urgent", colour="red"), page
written = line(page[1])
assert written.endswith("#2 * ~Cy labelled #1: urgent\\n"), written
assert (read_line(written).label, read_line(written).target) == ("urgent", 1)
raw = encode(page[1])
assert decode_event(raw) == page[1]
assert b'"type":"labelled"' in raw
view = RoomView("garden")
for event in read_page([msgspec.Raw(encode(event)) for event in page]):
    assert view.apply(event)
assert view.events[-1] == page[1]
print("".join(text for _, text in styled(view.events[-1])))
"""


def test_a_kind_of_event_is_added_as_the_example_says(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "nexus", ignore=shutil.ignore_patterns("__pycache__"))
    text = PAGE.read_text("utf-8").partition("## Adding a kind of event")[2]
    patched = set()
    file = Path()
    for found in re.finditer(r"`src/nexus/([\w/.]+)`|```diff\n(.*?)```", text, re.DOTALL):
        if found[1]:
            file = tmp_path / "nexus" / found[1]
        else:
            apply(file, found[2])
            patched.add(file.name)
    data = tmp_path / "data"
    data.mkdir()

    done = subprocess.run(
        [sys.executable, "-c", CHECK, str(data)],
        env={"PYTHONPATH": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert patched == {"events.py", "kinds.py", "screen.py"}
    assert done.returncode == 0, done.stderr
    assert done.stdout.rstrip().endswith("* ~Cy labelled #1: urgent")


def apply(file: Path, patch: str) -> None:
    """Change a file as a diff says, whose lines have to be there."""
    lines = patch.splitlines()
    before = "\n".join(line[1:] for line in lines if not line.startswith("+"))
    after = "\n".join(line[1:] for line in lines if not line.startswith("-"))
    code = file.read_text("utf-8")
    assert code.count(before) == 1, f"{file.name} has not once:\n{before}"
    file.write_text(code.replace(before, after), "utf-8")
