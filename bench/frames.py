"""What it costs to take one text message off the wire: our frame layer, and the one of `websockets` without I/O.

`python bench/frames.py` prints nanoseconds of CPU per 150-byte masked text, the median of several rounds that take
turns, for chunks of 1 and of 50 frames as a socket hands them over; then what an idle connection holds; then what
compressing costs and saves, with our window of 4 KiB and with zlib's default of 32 KiB.
"""

import json
import os
import random
import statistics
import time
import tracemalloc
import zlib
from collections.abc import Callable

from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

from nexus.gateway.websocket.deflate import compress
from nexus.gateway.websocket.frames import FrameLimits, Frames

SIZE = 150
MESSAGES = 5_000
ROUNDS = 15
SMALL_TALK = "the garden is open and we meet at seven please bring tea thanks everyone hello what about tomorrow"
LIMITS = FrameLimits(frame=131_072, message=131_072, fragments=128)


def sent(text: bytes) -> bytes:
    """A text as a client sends it."""
    return Frame(Opcode.TEXT, text).serialize(mask=True)


def ours(chunk: bytes, times: int) -> int:
    """Characters of JSON handed on by our layer."""
    frames, taken = Frames(LIMITS), 0
    for _ in range(times):
        frames.feed(chunk)
        while (message := frames.next()) is not None:
            assert type(message) is bytes
            taken += len(message)
    return taken


def theirs(chunk: bytes, times: int) -> int:
    """The same by `websockets`; the text is checked as its connections do, by decoding."""
    protocol, taken = ServerProtocol(state=State.OPEN, max_size=131_072), 0
    for _ in range(times):
        protocol.receive_data(chunk)
        for event in protocol.events_received():
            assert isinstance(event, Frame)
            bytes(event.data).decode()
            taken += len(event.data)
    return taken


def cost(layer: Callable[[bytes, int], int], text: bytes, per_chunk: int) -> float:
    """Nanoseconds per message."""
    chunk, times = sent(text) * per_chunk, MESSAGES // per_chunk
    start = time.process_time_ns()
    taken = layer(chunk, times)
    spent = time.process_time_ns() - start
    assert taken == len(text) * per_chunk * times
    return spent / (per_chunk * times)


def weigh(make: Callable[[], object]) -> float:
    """Bytes of a connection's layer between two messages."""
    make()
    tracemalloc.start()
    kept = [make() for _ in range(1000)]
    held = tracemalloc.get_traced_memory()[0] / len(kept)
    tracemalloc.stop()
    return held


def compare_memory() -> None:
    """Both layers at rest."""
    our, their = weigh(lambda: Frames(LIMITS)), weigh(lambda: ServerProtocol(state=State.OPEN))
    print(f"bytes per connection {our:15.0f} {their:12.0f} {their / our:7.1f}")


def default_compress(payload: bytes) -> bytes:
    """Compress as most servers do: zlib's defaults, a fresh window per message."""
    deflater = zlib.compressobj(wbits=-15)
    return (deflater.compress(payload) + deflater.flush(zlib.Z_SYNC_FLUSH))[:-4]


def posted(characters: int, seq: int) -> bytes:
    """An event as it travels, with a text of everyday words."""
    words = random.Random(seq).choices(SMALL_TALK.split(), k=characters // 3)
    text = " ".join(words)[:characters]
    event = {"type": "posted", "room": "garden", "seq": seq, "at": 1_790_000_000_000 + seq, "by": "Ann", "text": text}
    return json.dumps(event, separators=(",", ":")).encode()


def compare_windows() -> None:
    """Cost and size of an event, compressed by us and by zlib's defaults."""
    print("\ncompressing an event       ours              default")
    for characters in (40, 300, 2_000, 8_000):
        events = [posted(characters, seq) for seq in range(40)]
        size = sum(map(len, events))
        line = f"text of {characters:5} characters"
        for compressor in (compress, default_compress):
            costs = []
            for _ in range(ROUNDS):
                start = time.process_time_ns()
                small = sum(len(compressor(event)) for event in events)
                costs.append((time.process_time_ns() - start) / len(events))
            line += f" {statistics.median(costs) / 1000:5.0f} us to {small / size:3.0%}"
        print(line)


def compare_layers() -> None:
    """Both layers over the same chunks."""
    texts = {"ASCII": os.urandom(SIZE // 2).hex().encode(), "other": "é".encode() * (SIZE // 2)}
    print(f"ns per {SIZE}-byte text        ours   websockets   times")
    for name, text in texts.items():
        for per_chunk in (1, 50):
            rounds = [(cost(ours, text, per_chunk), cost(theirs, text, per_chunk)) for _ in range(ROUNDS)]
            our, their = (statistics.median(costs) for costs in zip(*rounds, strict=True))
            print(f"{name}, {per_chunk:2} in a chunk {our:14.0f} {their:12.0f} {their / our:7.1f}")


def main() -> None:
    """Everything takes turns, so that a busy machine is unfair to none."""
    compare_layers()
    compare_memory()
    compare_windows()


if __name__ == "__main__":
    main()
