"""What it costs to take one text message off the wire: our frame layer, and the one of `websockets` without I/O.

`python bench/frames.py` prints nanoseconds per 150-byte masked text, the median of several rounds that take turns,
for chunks of 1 and of 50 frames as a socket hands them over.
"""

import os
import statistics
import time
from collections.abc import Callable

from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

from nexus.gateway.frames import FrameLimits, Frames

SIZE = 150
MESSAGES = 5_000
ROUNDS = 15
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
    start = time.perf_counter_ns()
    taken = layer(chunk, times)
    spent = time.perf_counter_ns() - start
    assert taken == len(text) * per_chunk * times
    return spent / (per_chunk * times)


def main() -> None:
    """Let both layers take turns, so that a busy machine is unfair to neither."""
    texts = {"ASCII": os.urandom(SIZE // 2).hex().encode(), "other": "é".encode() * (SIZE // 2)}
    print(f"ns per {SIZE}-byte text        ours   websockets   times")
    for name, text in texts.items():
        for per_chunk in (1, 50):
            rounds = [(cost(ours, text, per_chunk), cost(theirs, text, per_chunk)) for _ in range(ROUNDS)]
            our, their = (statistics.median(costs) for costs in zip(*rounds, strict=True))
            print(f"{name}, {per_chunk:2} in a chunk {our:14.0f} {their:12.0f} {their / our:7.1f}")


if __name__ == "__main__":
    main()
