"""The case of one address that does its worst: what others notice of it when they post and read history.

Every limit is as it is by default. The others come from another address; both are named by a proxy, as one that
is trusted would.
"""

import atexit
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from bench import attacker
from bench.machine import BUILD
from bench.processes import Server
from bench.rates import Contestant, Effort, Result
from bench.servers import NEXUS
from bench.talker import Talker
from nexus.core.changes import Amend, MakeRoom, Register
from nexus.core.log import Record
from nexus.protocol.events import Pinned, Posted, Reacted
from nexus.store.sqlite import SqliteStore

VICTIM = "203.0.113.9"
CALM = "calm"
ROOMS = 200_000
GROUP = 5000
PAUSE = 0.03
"""Seconds between two things that the others do."""

COME = 1.5
"""Seconds that the flood has to come."""

CONNECTIONS = (1, 100)
FLOODS = (*attacker.ROWS, attacker.SLOW)
DEFAULTS = {"NEXUS_TRANSCRIPT_ON": "false"}
"""Everything by default, but for the transcripts of rooms that were filled behind the server's back."""


def contestants() -> tuple[Contestant, ...]:
    """A line of the table for each flood and number of connections."""
    names = [f"{flood} ({count})" for flood in FLOODS for count in CONNECTIONS]
    return tuple(Contestant(replace(NEXUS, name=name, environment=DEFAULTS)) for name in names)


def measure_abuse(contestant: Contestant, effort: Effort) -> Result:
    """Post and history of somebody else: in quiet, and beside the flood."""
    flood, _, count = contestant.kind.name.rpartition(" (")
    directory = Path(tempfile.mkdtemp(dir=BUILD, prefix="abuse-"))
    try:
        shutil.copytree(_filled(), directory / "data")
        with (
            Server(contestant.kind, effort.server_core, data=directory) as server,
            Talker(server.port, VICTIM) as talker,
        ):
            talker.ask({"type": "hello", "name": "Vera"})
            talker.ask({"type": "join", "room": CALM, "last": 0})
            _times(talker, effort.warm)
            quiet = _times(talker, effort.seconds)
            command = [sys.executable, "-m", "bench.attacker", flood, str(server.port), count.rstrip(")")]
            # Not `pinned`, which would have it go ahead of the one who measures, on the same core.
            attacking = subprocess.Popen(
                ["taskset", "-c", str(effort.generator_core), *command],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            try:
                time.sleep(COME)
                beside = _times(talker, effort.seconds)
                assert attacking.poll() is None, f"The flood of {flood} ended by itself."
            finally:
                attacking.kill()
                attacking.wait()
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    values: dict[str, float] = {}
    for what in ("post", "history"):
        before, now = quiet[what], beside[what]
        values |= {f"{what} quiet p99": before, f"{what} p99": now}
        values[f"{what} holds"] = float(now <= max(2 * before, before + 10))
    return Result(values)


def _times(talker: Talker, seconds: float) -> dict[str, float]:
    """The 99th percentile of what a post and a page of history take, in milliseconds."""
    taken: dict[str, list[float]] = {"post": [], "history": []}
    commands: dict[str, dict[str, Any]] = {
        "post": {"type": "post", "room": CALM, "text": "hello"},
        "history": {"type": "history", "room": CALM, "limit": 50},
    }
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for what, command in commands.items():
            begun = time.perf_counter()
            talker.ask(command)
            taken[what].append(1000 * (time.perf_counter() - begun))
        time.sleep(PAUSE)
    return {what: sorted(times)[int(0.99 * len(times))] for what, times in taken.items()}


# --- what is there before ----------------------------------------------------------------------------


@cache
def _filled() -> Path:
    """A data directory with rooms for each flood, made once a run and removed in the end."""
    directory = Path(tempfile.mkdtemp(dir=BUILD, prefix="abused-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    store = SqliteStore.open(directory)
    try:
        _fill(store)
        while store.index():
            pass
    finally:
        store.close()
    return directory


def _fill(store: SqliteStore) -> None:
    names = (attacker.STUFFED, attacker.PINNED, attacker.REACTED, attacker.DEEP, attacker.CROWD, CALM)
    hashed = PasswordHasher(parallelism=1).hash("nobody knows")
    victim = Register(0, "Victim", "victim", "victim", hashed, "member", 1)
    store.commit([], [victim, *(MakeRoom(name, name, 1) for name in names)])
    stuffed = " ".join(["abcd", "x"] * 600 + ["efgh"])
    store.commit([_posted(1, f"{number} {stuffed}") for number in range(600)], [])
    store.commit([_posted(2, f"{number} " + "p" * 7000) for number in range(200)], [])
    store.commit([], [Amend(_about(2, Pinned, number, author=1), "member") for number in range(1, 201)])
    store.commit([_posted(3, f"{number}") for number in range(50)], [])
    for number in range(1, 51):
        reactions = [_about(3, Reacted, number, author=-person, emoji="👍") for person in range(10, 1010)]
        store.commit([], [Amend(one) for one in reactions])
    store.commit([_posted(4, f"{number} " + "d" * 300) for number in range(2500)], [])
    store.commit([_posted(6, f"{number}") for number in range(100)], [])
    for first in range(0, ROOMS, GROUP):
        store.commit([], [MakeRoom(f"junk-{n}", f"junk-{n}", 1) for n in range(first, first + GROUP)])


def _posted(room: int, text: str) -> Record:
    return Record(room, 1, Posted(room="", seq=0, at=1000, by="Victim", text=text), None)


def _about(room: int, kind: type[Pinned] | type[Reacted], target: int, *, author: int, **fields: str) -> Record:
    event = kind(room="", seq=0, at=1000, by=f"P{author}", guest=author < 0, target=target, **fields)
    return Record(room, author, event, None)
