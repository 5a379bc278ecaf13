"""No commit and no checkpoint run beside each other: `Writer` says which fault of SQLite that keeps away."""

from pathlib import Path
from threading import Event, Thread

import pytest

from nexus.core.changes import MakeRoom
from nexus.store.sqlite import SqliteStore, checkpoint
from nexus.store.sqlite.checkpoint import Tidier


def test_a_commit_waits_for_a_checkpoint_that_is_under_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "TIDY_ABOVE", 0)
    store = SqliteStore.open(tmp_path)
    store.commit([], [MakeRoom("garden", "garden", 1)])
    entered, go_on, order = Event(), Event(), list[str]()
    real = Tidier._checkpoint

    def held(tidier: Tidier, connection: object) -> None:
        entered.set()
        assert go_on.wait(30)
        real(tidier, connection)  # type: ignore[arg-type]
        order.append("checkpoint")

    monkeypatch.setattr(Tidier, "_checkpoint", held)
    tidying = Thread(target=store.tidy)
    tidying.start()
    assert entered.wait(30)

    def commit() -> None:
        store.commit([], [MakeRoom("kitchen", "kitchen", 1)])
        order.append("commit")

    committing = Thread(target=commit)
    committing.start()
    assert not order
    go_on.set()
    committing.join(30)
    tidying.join(30)

    assert order == ["checkpoint", "commit"]
    store.close()
