"""Bytes on the disk are torn, flipped or gone: what is whole survives, and nobody is told a changed history silently."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from nexus.server.roomfiles import WINDOW
from tests.live.server import Server
from tests.torture.copies import read_heads, wait_until_all_are_cut_off
from tests.torture.judge import Restored
from tests.torture.load import ROOMS, Load, read_transcripts
from tests.torture.scale import SEED, scaled
from tests.torture.verdict import settle

HEADER, FRAME = 32, 24 + 4096
"""Bytes at the beginning of a write-ahead log, and of each page in it (sqlite.org/fileformat2.html, section 4.1)."""


def cut(wal: Path, at: int) -> None:
    """End the file there."""
    with wal.open("r+b") as file:
        file.truncate(at)


def flip(wal: Path, at: int) -> None:
    """Turn one bit around."""
    data = bytearray(wal.read_bytes())
    data[at] ^= 0x80
    wal.write_bytes(data)


def blank(wal: Path, at: int) -> None:
    """Let nothing but zeros stand for a page, as after a power cut in the middle."""
    data = bytearray(wal.read_bytes())
    data[at : at + 4096] = bytes(len(data[at : at + 4096]))
    wal.write_bytes(data)


@pytest.mark.parametrize("damage", [cut, flip, blank])
def test_what_stands_before_the_damage_in_the_write_ahead_log_survives(
    tmp_path: Path, damage: Callable[[Path, int], None]
) -> None:
    """And all that was in the file already; whoever knows more is told to start over."""
    chance = Random(f"{SEED} {damage.__name__}")
    for number in range(scaled(1, 15)):
        data = tmp_path / f"data{number}"
        with Server(data) as server, Load(server.ws, SEED + number, file=tmp_path / "load.jsonl") as load:
            load.more(chance.randint(20, 100))
            assert server.stop() == 0
            server.start()
            load.more(chance.randint(100, 500))
            server.kill()
            wait_until_all_are_cut_off(load)
            wal = data / "nexus.db-wal"
            at = chance.randrange(HEADER if number else 0, wal.stat().st_size)
            whole = read_heads(data, ROOMS, wal=max(0, at - (at - HEADER) % FRAME))
            damage(wal, at)
            restored = Restored(time.monotonic(), whole)
            server.start()
            load.more(100)
            settle(load, server, restored)


def test_a_transcript_whose_end_is_torn_or_flipped_is_mended_from_the_history(tmp_path: Path) -> None:
    chance = Random(SEED)
    with Server(tmp_path / "data") as server, Load(server.ws, SEED, file=tmp_path / "load.jsonl") as load:
        for _ in range(scaled(2, 30)):
            load.more(50)
            server.kill()
            for file in (tmp_path / "data" / "logs").glob("*/*.log"):
                size = file.stat().st_size
                chance.choice([cut, flip])(file, size - chance.randint(1, min(size, WINDOW // 2)))
            server.start()
            load.more(50)
        settle(load, server)


def test_a_transcript_with_a_flipped_byte_anywhere_costs_no_more_than_its_line(tmp_path: Path) -> None:
    """A changed letter cannot be told; whatever is, is mended, and the room's history never has to do with it."""
    chance = Random(SEED)
    with Server(tmp_path / "data") as server, Load(server.ws, SEED + 1, file=tmp_path / "load.jsonl") as load:
        load.more(scaled(300, 3000))
        server.kill()
        flipped = 0
        for file in (tmp_path / "data" / "logs").glob("*/*.log"):
            data = bytearray(file.read_bytes())
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(7)
            file.write_bytes(data)
            flipped += 1
        server.start()
        load.more(50)
        load.finish()


def test_transcripts_that_were_deleted_are_written_again_in_full(tmp_path: Path) -> None:
    logs = tmp_path / "data" / "logs"
    with Server(tmp_path / "data") as server, Load(server.ws, SEED + 2, file=tmp_path / "load.jsonl") as load:
        load.more(200)
        assert server.stop() == 0
        shutil.rmtree(logs)
        server.start()
        load.more(50)
        server.kill()
        for file in (logs / ROOMS[0]).iterdir():
            file.unlink()
        server.start()
        load.more(50)
        settle(load, server)
