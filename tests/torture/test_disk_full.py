"""The disk is full: posts are refused, reading goes on, and all is well again as soon as there is space."""

import resource
import time
from pathlib import Path

import pytest

from tests.live.server import Server
from tests.torture.disk import memory_disk, need_mounting
from tests.torture.guests import Guest
from tests.torture.load import ROOMS, WITHIN, Load, read_history, read_transcripts
from tests.torture.scale import SEED, scaled
from tests.torture.sender import FINAL
from tests.torture.starting import refuses_to_start
from tests.torture.verdict import settle

TIMES = scaled(2, 15)

BETWEEN_LOOKS = 0.05
"""Seconds between two looks at files, which tell nobody that they grew."""


@pytest.mark.parametrize(
    ("folder", "final"),
    [("data", FINAL), ("data", FINAL | {"unavailable"}), ("", FINAL)],
    ids=["sent again", "given up", "with the server's own log on it"],
)
def test_a_full_disk_refuses_posts_and_nothing_else_until_there_is_space(
    tmp_path: Path, folder: str, final: frozenset[str]
) -> None:
    need_mounting()
    disk = memory_disk(tmp_path / "disk" / folder, "48m")
    with (
        disk,
        Server(tmp_path / "disk" / "data") as server,
        Load(server.ws, SEED, final=final, file=tmp_path / "load.jsonl") as load,
    ):
        load.more(50)
        guest = Guest(server, ROOMS[0])
        for _ in range(TIMES):
            disk.fill()
            load.until(refused=load.log.counts["refused"] + 100)
            guest.is_refused("The disk is full")
            guest.reads()
            disk.free()
            load.more(200)
        guest.leave()
        settle(load, server)


def test_a_file_that_may_not_grow_refuses_posts_until_it_may(tmp_path: Path) -> None:
    """A quota, as it were, and it needs no rights to try."""
    with (
        Server(tmp_path / "data") as server,
        Load(server.ws, SEED + 1, final=FINAL | {"unavailable"}, file=tmp_path / "load.jsonl") as load,
    ):
        load.more(50)
        guest = Guest(server, ROOMS[0])
        for _ in range(TIMES):
            assert server.process is not None
            _, most = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (4096, most))
            load.until(refused=load.log.counts["refused"] + 100)
            guest.is_refused("The disk ")
            guest.reads()
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (most, most))
            load.more(200)
        guest.leave()
        settle(load, server)


def test_a_server_on_a_full_disk_says_so_and_starts_when_there_is_space(tmp_path: Path) -> None:
    need_mounting()
    with (
        memory_disk(tmp_path / "data", "48m") as disk,
        Server(disk.path) as server,
        Load(server.ws, SEED + 2, file=tmp_path / "load.jsonl") as load,
    ):
        load.more(100)
        server.kill()
        disk.fill()
        assert refuses_to_start(server) == (
            f"{disk.path / 'nexus.db'} cannot be opened. The disk is full (SQLITE_FULL).\n"
        )
        disk.free()
        server.start()
        load.more(100)
        settle(load, server)


def test_a_first_start_on_a_full_disk_is_refused_in_a_sentence(tmp_path: Path) -> None:
    need_mounting()
    with memory_disk(tmp_path / "data", "8m") as disk:
        disk.fill()
        assert refuses_to_start(Server(disk.path)) == (
            f"The data directory {disk.path} cannot be used: No space left on device.\n"
        )
        disk.free()
        with Server(disk.path):
            pass


def test_a_transcript_without_space_is_completed_when_there_is_some(tmp_path: Path) -> None:
    """The posts go on meanwhile; a kill in between changes nothing."""
    need_mounting()
    with (
        memory_disk(tmp_path / "data" / "logs", "8m") as disk,
        Server(tmp_path / "data") as server,
        Load(server.ws, SEED + 3, file=tmp_path / "load.jsonl") as load,
    ):
        for number in range(TIMES):
            load.more(50)
            disk.fill(leave=8192 * (number % 3))
            load.more(300)
            if number % 2:
                server.kill()
                server.start()
                load.more(50)
            assert load.log.counts["refused"] < load.acknowledged / 10  # those that have to be
            disk.free()
            load.more(50)
        load.quiet()
        wait_for_transcripts(server, load.rooms)
        settle(load, server)


def wait_for_transcripts(server: Server, rooms: list[str]) -> None:
    """Until the transcripts have as many lines as the rooms have events, while the server runs."""
    heads = {room: len(events) for room, events in read_history(server.ws, rooms).items()}
    until = time.monotonic() + WITHIN
    while heads != (lines := {room: len(of) for room, of in read_transcripts(server.data, rooms).items()}):
        assert time.monotonic() < until, f"The transcripts have {lines} lines of {heads}."
        time.sleep(BETWEEN_LOOKS)
