"""Runs a command line of Python with a wall clock that a test turns: python clock.py FILE python -m nexus ...

FILE holds how far the clock is off, eight bytes, in nanoseconds; writing them turns it at once.
"""

import mmap
import runpy
import struct
import sys
import time
from pathlib import Path


def turn(file: Path, seconds: float) -> None:
    """Let the clocks that go by a file be off by so many seconds."""
    with file.open("r+b" if file.exists() else "wb") as out:
        out.write(struct.pack("q", int(seconds * 1e9)))


def going_by(file: Path) -> tuple[str, ...]:
    """The command under which a server's clock goes by a file."""
    return (sys.executable, __file__, str(file))


def _main() -> None:
    with Path(sys.argv[1]).open("rb") as file:
        offset = mmap.mmap(file.fileno(), 8, access=mmap.ACCESS_READ)
    true_ns = time.time_ns
    time.time_ns = lambda: true_ns() + struct.unpack("q", offset)[0]
    time.time = lambda: time.time_ns() / 1e9
    _, _, _, module, *arguments = sys.argv[1:]
    sys.argv = [module, *arguments]
    sys.path.remove(str(Path(__file__).parent))
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _main()
