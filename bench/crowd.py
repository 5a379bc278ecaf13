"""The case of a large community: what a person in 500 of 5,000 rooms costs whenever they come, and what lists take.

Accounts and rooms are made through the store itself. Nobody has transcripts, and the server is told not to write any.
"""

import atexit
import random
import shutil
import statistics
import tempfile
import time
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher

from bench.machine import BUILD
from bench.processes import Server
from bench.servers import Kind
from bench.talker import Talker
from nexus.core.changes import Admit, MakeRoom, Register
from nexus.core.log import Record
from nexus.core.people import Account, RoomRow
from nexus.protocol.events import Joined, Posted
from nexus.store.sqlite import SqliteStore

ACCOUNTS = 10_000
ROOMS = 5_000
OWN = 500
"""Rooms of the person who comes."""

EACH = 20
"""Rooms of everybody else."""

MESSAGES = 50
"""In every room; the person has read the first ones of each."""

GROUP = 5_000
TRIES = 50
PASSWORD = "correct horse battery"
"""Everybody's."""


def measure_crowd(kind: Kind, core: int) -> dict[str, float]:
    """Milliseconds: the processor's per greeting, over all threads of the server, and medians of round trips."""
    with Server(kind, core, data=_filled()) as server:
        token = _token(server.port)
        spent = server.processor_seconds()
        hello = statistics.median(_greet(server.port, token) for _ in range(TRIES))
        spent = server.processor_seconds() - spent
        with Talker(server.port) as talker:
            talker.ask({"type": "hello", "token": token})
            rooms = _median(talker, {"type": "rooms"})
            direct = _median(talker, {"type": "direct", "names": ["person1", "person2"]})
    return {"CPU ms/hello": 1000 * spent / TRIES, "hello": hello, "rooms": rooms, "direct": direct}


def _median(talker: Talker, command: dict[str, object]) -> float:
    times = []
    for _ in range(TRIES):
        begun = time.perf_counter()
        talker.ask(command)
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)


def _token(port: int) -> str:
    with Talker(port) as talker:
        said = talker.ask({"type": "hello", "name": "person0", "password": PASSWORD})
        assert len(said["rooms"]) == OWN, "Newcomers learn of all rooms that they belong to."
        token: str = said["token"]
        return token


def _greet(port: int, token: str) -> float:
    with Talker(port) as talker:
        begun = time.perf_counter()
        said = talker.ask({"type": "hello", "token": token})
        taken = 1000 * (time.perf_counter() - begun)
    assert sum(room["unread"] for room in said["rooms"]) > OWN, "There is something unread to be counted."
    return taken


@cache
def _filled() -> Path:
    """A directory with all of them, made once a run and removed in the end."""
    directory = Path(tempfile.mkdtemp(dir=BUILD, prefix="crowd-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    data = directory / "data"
    data.mkdir()
    store = SqliteStore.open(data)
    try:
        _fill(store)
        while store.index():
            pass
        store.tidy()
    finally:
        store.close()
    return directory


def _fill(store: SqliteStore) -> None:
    chance = random.Random(1)
    hashed = PasswordHasher().hash(PASSWORD)
    names = [f"person{number}" for number in range(ACCOUNTS)]
    _, made = store.commit([], [Register(0, name, name, name, hashed, "member", 1) for name in names])
    accounts = [account for account in made if isinstance(account, Account)]
    _, found = store.commit([], [_room(number) for number in range(ROOMS)])
    rooms = [room for room in found if isinstance(room, RoomRow)]
    assert len(accounts) == ACCOUNTS
    assert len(rooms) == ROOMS
    first = [(room, accounts[0]) for room in chance.sample(rooms, OWN)]
    others = [(room, account) for account in accounts[1:] for room in chance.sample(rooms, EACH)]
    joined = [_admission(room, account) for room, account in first + others]
    for begin in range(0, len(joined), GROUP):
        store.commit([], joined[begin : begin + GROUP])
    said = [_record(room, accounts[1 + number], number) for number in range(MESSAGES) for room in rooms]
    for begin in range(0, len(said), GROUP):
        store.commit(said[begin : begin + GROUP], [])
        store.tidy()


def _room(number: int) -> MakeRoom:
    """Every fifth one is private."""
    name = f"p-{number:024x}" if number % 5 == 0 else f"room{number}"
    return MakeRoom(name, name, 1, kind="open" if number % 5 else "private", title="" if number % 5 else name)


def _admission(room: RoomRow, account: Account) -> Admit:
    return Admit(Record(room.id, account.id, Joined(room=room.name, seq=0, at=1, by=account.name)), 0)


def _record(room: RoomRow, author: Account, number: int) -> Record:
    text = f"message {number} of some length, as people write them" + (" to @person0" if number % 10 == 0 else "")
    event = Posted(room=room.name, seq=0, at=2 + number, by=author.name, text=text)
    return Record(room.id, author.id, event, f"{number:010x}")
