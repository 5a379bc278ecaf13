"""Bytes on the disk are torn, flipped or gone: what is whole survives, and no history changes silently."""

import os
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

import pytest

from nexus.core.lines import read_line
from nexus.protocol.kinds import text_of
from nexus.transcript.files import WINDOW
from tests.live.server import Server
from tests.torture.copies import read_heads, wait_until_all_are_cut_off
from tests.torture.judge import Restored
from tests.torture.load import ROOMS, Load, read_history
from tests.torture.record import Event
from tests.torture.scale import SEED, scaled
from tests.torture.verdict import settle

HEADER, FRAME = 32, 24 + 4096
"""Bytes at the beginning of a write-ahead log, and of each page in it (sqlite.org/fileformat2.html, section 4.1)."""


def cut(file: Path, at: int) -> None:
    """End the file there."""
    os.truncate(file, at)


def flip(file: Path, at: int, bits: int = 0x80) -> None:
    """Turn one bit around; the highest one of a text leaves no text."""
    data = bytearray(file.read_bytes())
    data[at] ^= bits
    file.write_bytes(data)


def blank(file: Path, at: int) -> None:
    """Let nothing but zeros stand where a page was to be written, as after a power cut."""
    data = bytearray(file.read_bytes())
    data[at : at + 4096] = bytes(len(data[at : at + 4096]))
    file.write_bytes(data)


@pytest.mark.parametrize("damage", scaled([cut, flip], [cut, flip, blank]))
def test_what_stands_before_the_damage_in_the_write_ahead_log_survives(
    tmp_path: Path, damage: Callable[[Path, int], None]
) -> None:
    """And all that was in the file already; a client that knows more is told to start over."""
    chance = Random(f"{SEED} {damage.__name__}")
    for number in range(scaled(1, 15)):
        data = tmp_path / f"data{number}"
        with (
            Server(data) as server,
            Load(server.ws, SEED + number, senders=scaled(2, 5), file=tmp_path / "load.jsonl") as load,
        ):
            load.more(chance.randint(20, 100))
            assert server.stop() == 0
            server.start()
            load.more(chance.randint(50, scaled(100, 500)))
            server.kill()
            wait_until_all_are_cut_off(load)
            wal = data / "nexus.db-wal"
            at = chance.randrange(HEADER if number == 1 else wal.stat().st_size)
            whole = read_heads(data, ROOMS, wal=max(0, at - (at - HEADER) % FRAME))
            damage(wal, at)
            restored = Restored(time.monotonic(), whole)
            server.start()
            load.more(50)
            settle(load, server, restored)


def test_a_transcript_whose_end_is_torn_or_flipped_is_mended_from_the_history(tmp_path: Path) -> None:
    chance = Random(SEED)
    with (
        Server(tmp_path / "data") as server,
        Load(server.ws, SEED, senders=scaled(2, 5), file=tmp_path / "load.jsonl") as load,
    ):
        for _ in range(scaled(2, 30)):
            load.more(50)
            server.kill()
            for file in sorted((tmp_path / "data" / "logs").glob("*/*.log")):
                size, first = file.stat().st_size, file.read_bytes().index(b"\n") + 1
                chance.choice([cut, flip])(file, chance.randrange(max(first, size - WINDOW // 2), size))
            server.start()
            load.more(50)
        settle(load, server)


def test_a_flipped_bit_in_a_transcript_costs_only_what_it_destroyed(tmp_path: Path) -> None:
    """A changed letter far from the end stays; at worst a line feed, and two lines run together."""
    chance = Random(SEED)
    with (
        Server(tmp_path / "data") as server,
        Load(server.ws, SEED + 1, senders=scaled(2, 5), file=tmp_path / "load.jsonl") as load,
    ):
        for _ in range(scaled(1, 10)):
            load.more(100)
            server.kill()
            files = sorted((tmp_path / "data" / "logs").glob("*/*.log"))
            before = {file: file.read_bytes() for file in files}
            for file in files:
                flip(file, chance.randrange(file.stat().st_size), 1 << chance.randrange(8))
            server.start()
            load.more(50)
            history = read_history(server.ws, load.rooms)
            server.kill()
            assert all(len(untold(history, server, room)) <= 2 for room in load.rooms)
            for file, data in before.items():
                file.write_bytes(data)
            server.start()
        settle(load, server)


def untold(history: Mapping[str, list[Event]], server: Server, room: str) -> list[int]:
    """The events, up to the last that the transcript has, that it does not have in their own words."""
    texts = [file.read_bytes().decode(errors="replace") for file in (server.data / "logs" / room).glob("*.log")]
    read = [read_line(f"{line}\n") for text in texts for line in text.split("\n")]
    told = {(line.seq, line.at, line.by, text_of(line)) for line in read if line is not None}
    last = max(line.seq for line in read if line is not None)
    meant = {(event["seq"], event["at"], event["by"], event.get("text", "")) for event in history[room]}
    return [event[0] for event in meant - told if event[0] < last]


def test_transcripts_that_were_deleted_are_written_again_in_full(tmp_path: Path) -> None:
    logs = tmp_path / "data" / "logs"
    with (
        Server(tmp_path / "data") as server,
        Load(server.ws, SEED + 2, senders=scaled(2, 5), file=tmp_path / "load.jsonl") as load,
    ):
        load.more(100)
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
