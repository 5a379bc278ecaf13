"""What it costs to serve those who are far behind, on a node in memory."""

from typing import Any

import pytest

from nexus.protocol import commands as c
from nexus.protocol.events import Posted
from nexus.protocol.types import Position
from nexus.settings import Limits
from tests.world.node import World


@pytest.mark.parametrize("length", [1, 8000])
def test_little_is_read_in_vain_for_who_is_far_behind(length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(limits=Limits(tail_events=10))
    ann = world.guest("Ann", "garden")
    for _ in range(300):
        ann.says("x" * length)
    bo = world.guest("Bo")
    page, read = world.store.page, []

    def counted(*args: Any, **fields: Any) -> Any:
        events = page(*args, **fields)
        read.extend(events)
        return events

    monkeypatch.setattr(world.store, "page", counted)
    bo.ask(c.Join, room="garden", after=Position(0))

    assert [event.seq for event in bo.heard(Posted)] == list(range(1, 301))
    assert len(read) <= 3 * 300
