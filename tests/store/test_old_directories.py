"""A data directory of the first version is opened by this one: a copy is kept, and nothing is missing."""

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from nexus.core.searching import read_query
from nexus.core.words import words
from nexus.protocol.events import Posted
from nexus.protocol.kinds import text_of
from nexus.store import StoreError
from nexus.store.sqlite import SqliteStore, migrate
from tests.conformance.peer import Frame, Peer
from tests.contract.groups import whole
from tests.live.server import Server

OLD = Path(__file__).parent / "old" / "schema-1.tar.gz"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data directory of a server of the first version."""
    with tarfile.open(OLD) as archive:
        archive.extractall(tmp_path / "data", filter="data")
    return tmp_path / "data"


def rows(database: Path) -> list[str]:
    """Everything in a database of SQLite, in its own words."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        return list(connection.iterdump())


def history(peer: Peer, room: str) -> list[Frame]:
    events: list[Frame] = peer.done("history", room=room, limit=200)["events"]
    return events


def test_everything_is_there_and_goes_on(data: Path) -> None:
    logs = {path: path.read_text("utf-8") for path in (data / "logs").rglob("*.log")}
    with Server(data) as server:
        ann = Peer(server.ws)
        rooms = ann.done("hello", name="Ann", password="correct horse battery")["rooms"]
        told = {room["name"]: (room["topic"], room["head"], room["read"], room["unread"]) for room in rooms}
        before = history(ann, "garden")
        ann.done("join", room="garden")
        seq = ann.done("post", room="garden", text="And on it goes.")["seq"]
        ann.leave()
        assert server.stop() == 0

    texts = [event["text"] for event in before if event["type"] == "posted"]
    assert texts == [f"Message {number} of the first version \U0001f331 äöü" for number in range(1, 31)] + ["An answer"]
    assert {event["by"] for event in before} == {"Ann", "Bo"}
    assert [event["seq"] for event in before] == list(range(1, before[-1]["seq"] + 1))
    assert before[-1]["reply_to"] == 5
    assert seq == before[-1]["seq"] + 1
    assert told["garden"][:3] == ("What grew in the first version", before[-1]["seq"], 20)
    assert told["garden"][3] == sum(e["seq"] > 20 and e["type"] == "posted" and e["by"] == "Bo" for e in before)
    assert told["shed"][0] == "Tools"
    assert all(path.read_text("utf-8").startswith(text) for path, text in logs.items())


def test_what_was_sent_to_the_old_server_is_not_stored_again(data: Path) -> None:
    """Its answer was lost, the server was upgraded, and the client asks again."""
    with Server(data) as server:
        ann = Peer(server.ws)
        ann.done("hello", name="Ann", password="correct horse battery")
        ann.done("join", room="garden")
        (known,) = [e for e in history(ann, "garden") if e.get("text", "").startswith("Message 7 ")]
        again = ann.done("post", room="garden", text=known["text"], nonce="old-7")
        ann.leave()

    assert again["seq"] == known["seq"]


def schema(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return migrate.schema_of(connection)


def test_a_copy_keeps_the_old_schema(data: Path) -> None:
    before = rows(data / "nexus.db")

    store = SqliteStore.open(data)
    store.close()

    assert store.snapshot == data / "nexus.db.schema-1"
    assert rows(store.snapshot) == before
    assert schema(store.snapshot) == 1 < schema(data / "nexus.db")
    assert store.snapshot.stat().st_mode & 0o777 == 0o600
    assert not list(data.glob("*.copying*"))


def test_what_was_said_in_the_first_version_is_found(data: Path) -> None:
    with closing(SqliteStore.open(data)) as store:
        while store.index():
            pass
        messages = [one for row in store.rooms(9) for one in whole(store, row.id) if isinstance(one.event, Posted)]
        assert messages
        for one in messages:
            text = " ".join(words(text_of(one.event))[:5])
            hits = store.search(read_query(f'"{text}"'), room=one.room, before=None, limit=50).hits
            assert one in hits


def test_a_database_that_is_up_to_date_is_not_copied(data: Path) -> None:
    SqliteStore.open(data).close()
    (data / "nexus.db.schema-1").unlink()

    store = SqliteStore.open(data)
    store.close()

    assert store.snapshot is None
    assert not list(data.glob("nexus.db.*"))


def test_without_space_for_the_copy_nothing_is_touched(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows(data / "nexus.db")
    monkeypatch.setattr(migrate, "SPARE", 1 << 60)

    with pytest.raises(StoreError, match=r"no space to copy it before .* Nothing was changed\.$"):
        SqliteStore.open(data)

    assert rows(data / "nexus.db") == before
