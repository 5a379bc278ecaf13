"""Every node is replaced by the next version of Nexus and back, under load: nobody notices but for a reconnect."""

import re
import shutil
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import psycopg

import nexus
from tests.postgres import needs_postgres
from tests.torture.judge import judge
from tests.torture.load import Load, read_history
from tests.torture.nodes import Node, Nodes, several
from tests.torture.record import Record
from tests.torture.scale import SEED, scaled
from tests.torture.verdict import SHOWN

ROUNDS = scaled(1, 10)

SCHEMA = """-- Goes on with: {known}
ALTER TABLE events ADD COLUMN mood text;
ALTER TABLE rooms ADD COLUMN mood text NOT NULL DEFAULT '';
"""


def make_next(folder: Path) -> None:
    """A copy of the code that is the next version, with tables of its own."""
    shutil.copytree(Path(nexus.__file__).parent, folder / "nexus")
    (folder / "nexus/__init__.py").write_text('__version__ = "99.0.0"\n')
    scripts = folder / "nexus/store/postgres"
    known = len(list(scripts.glob("0*.sql")))
    with (folder / "nexus/web/engine/prefix.js").open("a") as page:
        page.write("// another page\n")
    (scripts / f"{known + 1:04}.sql").write_text(SCHEMA.format(known=known))


def replace(node: Node, load: Load, path: str) -> str:
    """Drain a node, let everyone go on elsewhere, start other code in its place; returns what that printed."""
    begun = len(load.log.records)
    assert node.server.stop() == 0
    load.more(50)
    node.server.env["PYTHONPATH"] = path
    printed = node.server.start()
    load.more(50)
    check_notice(load, load.log.records[begun:])
    return printed


def check_notice(load: Load, records: Sequence[Record]) -> None:
    """Who stays was told when to come back, once, and was let in at once."""
    those = {person.name for person in load.people if type(person).__name__ in ("Person", "Sender")}
    ended = Counter(record.who for record in records if record.what == "ended" and record.who in those)
    assert set(ended.values()) <= {1}
    assert {record.code for record in records if record.what == "goodbye"} <= {"restarting"}
    assert [record for record in records if record.what in ("reset", "turned_away") and record.who in those] == []


def answer(url: str) -> tuple[int, bytes]:
    """What a browser gets."""
    try:
        with urllib.request.urlopen(url, timeout=60) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as why:
        return why.code, b""


def check_pages(nodes: Nodes) -> None:
    """Of two nodes of different versions each has the files of its own page, once they know of each other."""
    for one, other in (nodes.all, reversed(nodes.all)):
        (name,) = set(re.findall(rb"/web/\w+/style\.css", answer(one.server.url + "/")[1]))
        assert answer(one.server.url + name.decode())[0] == 200
        while answer(other.server.url + name.decode())[0] != 404:  # within a second
            assert len(versions(nodes)) == 2


def versions(nodes: Nodes) -> set[str]:
    """What runs, as the nodes say."""
    with psycopg.connect(nodes.url) as connection:
        rows = connection.execute("SELECT version FROM nodes WHERE gone IS NULL").fetchall()
    assert len(rows) == len(nodes.all)
    return {version for (version,) in rows}


def test_nodes_are_replaced_by_the_next_version_and_back_and_nobody_notices(tmp_path: Path) -> None:
    needs_postgres()
    make_next(tmp_path / "next")
    with several(tmp_path, 2) as nodes, Load(nodes.balancer.ws, SEED, slow=0, file=tmp_path / "load.jsonl") as load:
        load.more(100)
        printed: list[str] = []
        for _ in range(ROUNDS):
            for path, version in ((str(tmp_path / "next"), "99.0.0"), ("", nexus.__version__)):
                printed.append(replace(nodes.all[0], load, path))
                check_pages(nodes)
                printed.append(replace(nodes.all[1], load, path))
                assert versions(nodes) == {version}
        load.finish()
        load.reach(nodes.heads(load.rooms))
        found = judge(list(load.log.records), read_history(nodes.balancer.ws, load.rooms))
    assert not found, f"{len(found)} faults (seed {SEED}):\n" + "\n".join(found[:SHOWN])
    assert len({code for text in printed for code in re.findall(r"#admin=(\S+)", text)}) == 1
    assert all("#admin=" in text for text in printed)
