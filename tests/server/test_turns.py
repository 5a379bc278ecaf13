"""Who is stored when a group is full: everyone's posts in their order, and people by turns."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexus.core.mentions import MOST_PLACES
from nexus.protocol import commands as c
from nexus.protocol.events import Posted
from nexus.protocol.replies import Done, Refused
from nexus.server import journal
from nexus.server.messages import price_of
from nexus.server.turns import Turns, Waiting
from nexus.settings import Limits
from tests.world.node import World
from tests.world.people import Person


def comes(world: World, name: str, address: str) -> Person:
    """Someone in the garden, from an address."""
    person = world.connect(name, address=address)
    person.hello()
    person.join("garden")
    return person


def groups(world: World) -> list[int]:
    """How many entries each group has from now on."""
    sizes: list[int] = []
    commit = world.store.commit

    def counted(posts: Any, changes: Any) -> Any:
        sizes.append(len(posts) + len(changes))
        return commit(posts, changes)

    world.store.commit = counted  # type: ignore[method-assign]
    return sizes


def test_a_flood_from_one_address_waits_for_itself() -> None:
    world = World()
    mallory, ann = comes(world, "Mallory", "198.51.100.7"), comes(world, "Ann", "203.0.113.9")
    sizes = groups(world)
    world.threads.held = True
    text = " ".join(f"@nobody{number}" for number in range(100))
    floods = [mallory.sends(c.Post, room="garden", text=text) for _ in range(200)]
    world.settle()
    hello = ann.sends(c.Post, room="garden", text="hello")
    world.threads.held = False
    world.threads.release()
    world.clock.advance(5)

    done = ann.reply(hello)
    assert isinstance(done, Done)
    last = mallory.reply(floods[-1])
    assert isinstance(last, Done)
    assert done.seq is not None
    assert last.seq == 201
    most = journal.FULL // (journal.NAME * MOST_PLACES) + 1
    assert max(sizes) <= most, "A group takes no longer than it may."
    assert done.seq <= 2 * most + 1, "Ann is in the first group that was made up after she spoke."


def test_what_one_says_and_does_keeps_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "FULL", 40)
    world = World()
    ann, bo = world.member("Ann", "garden"), world.guest("Bo", "garden")
    first = ann.ask(c.Post, room="garden", text="first").seq
    world.threads.held = True
    refs = [ann.sends(c.Post, room="garden", text=f"{number}") for number in range(9)]
    refs.append(ann.sends(c.Edit, room="garden", seq=first, text="second thoughts"))
    refs += [ann.sends(c.Post, room="garden", text=f"{number}") for number in range(9, 12)]
    others = [bo.sends(c.Post, room="garden", text="meanwhile") for _ in range(5)]
    world.settle()
    world.threads.held = False
    world.threads.release()
    world.clock.advance(5)

    seqs = [getattr(ann.reply(ref), "seq", 0) for ref in refs]
    assert 0 not in seqs
    assert seqs == sorted(seqs)
    theirs = [getattr(bo.reply(ref), "seq", 0) for ref in others]
    assert theirs == sorted(theirs)


def test_one_source_cannot_fill_what_may_wait() -> None:
    world = World(limits=Limits(waiting_bytes=400_000))
    mallory, ann = comes(world, "Mallory", "198.51.100.7"), comes(world, "Ann", "203.0.113.9")
    world.threads.held = True
    text = " ".join(f"@nobody{number}" for number in range(100)) + " " + "x" * 5000
    floods = [mallory.sends(c.Post, room="garden", text=text) for _ in range(100)]
    world.settle()
    refused = [frame for frame in mallory.frames if isinstance(frame, Refused) and frame.ref in floods]
    hello = ann.sends(c.Post, room="garden", text="hello")
    world.threads.held = False
    world.threads.release()
    world.clock.advance(5)

    assert refused
    assert {one.code for one in refused} == {"unavailable"}
    assert isinstance(ann.reply(hello), Done)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 9)), max_size=60))
def test_turns_keep_each_sources_order_and_let_nobody_wait_for_ever(entries: list[tuple[str, int]]) -> None:
    turns, put = Turns(), dict[str, list[Any]]()
    for source, size in entries:
        waiting = Waiting(Posted(room="garden", seq=0, at=0, by="Bo", text=""), size, 1, None, 1)  # type: ignore[arg-type]
        turns.put(source, waiting)
        put.setdefault(source, []).append(waiting)
    assert turns.size == sum(size for _, size in entries)

    taken: dict[str, list[Any]] = {}
    rounds = list[str]()
    while turns.count:
        one = turns.take()
        source = next(name for name, all_of in put.items() if any(one is each for each in all_of))
        taken.setdefault(source, []).append(one)
        rounds.append(source)

    assert {key: list(map(id, value)) for key, value in taken.items()} == {
        key: list(map(id, value)) for key, value in put.items()
    }
    assert turns.size == 0
    for source, all_of in put.items():
        assert rounds.index(source) < len(put), f"{source} has its first turn in the first round"
        assert turns.size_of(source) == 0, all_of


@pytest.mark.parametrize(
    ("text", "listeners", "price"),
    [
        ("hello", 1000, 1),
        ("x" * 8000, 1, 5),
        ("x" * 8000, 100, 13),
        ("@a " * 64, 1, 9),
        ("@a " * 2000, 1, 12),
    ],
)
def test_a_message_is_priced_by_what_storing_and_sending_it_takes(text: str, listeners: int, price: int) -> None:
    assert price_of(text, listeners) == price
