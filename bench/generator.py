"""The load generator: compiled when it is needed, run on a core of its own, told its phases one by one."""

import json
import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.machine import BUILD, CannotMeasure
from bench.processes import Server, pinned

SOURCES = Path(__file__).with_name("load")
PROGRAM = BUILD / "load"
FLAGS = ("-O2", "-std=gnu11", "-D_GNU_SOURCE", "-Wall", "-Wextra")

BUSY = 0.95
"""Where the generator's core is busier than this, the generator was the limit."""

DISTURBED = 0.1
"""Others may use that much of the server's core; clock ticks are coarse."""


@dataclass(frozen=True)
class Load:
    """Who comes: people spread evenly over rooms, of whom some speak."""

    people: int
    rooms: int
    speakers: int
    random_nonces: bool = False


@dataclass(frozen=True)
class Phase:
    """What the generator saw; see load/main.c. `posts` and `deliveries` are those of the measured seconds."""

    seconds: float
    posts: int
    deliveries: int
    server_seconds: float
    core_seconds: float
    generator_seconds: float
    p50_ms: float
    p99_ms: float
    p999_ms: float
    slowest_ms: float
    posted: int
    arrived: int
    lost: int
    duplicates: int
    out_of_order: int
    foreign: int
    unacknowledged: int
    refused: int
    closed: int

    @property
    def faults(self) -> dict[str, int]:
        """Everything that should not have happened, with how often it did."""
        names = ("lost", "duplicates", "out_of_order", "foreign", "unacknowledged", "refused", "closed")
        return {name: count for name, count in asdict(self).items() if name in names and count}

    @property
    def server_busy(self) -> float:
        """How much of its core the server used."""
        return self.server_seconds / self.seconds

    @property
    def generator_busy(self) -> float:
        """How much of its core the generator used."""
        return self.generator_seconds / self.seconds

    @property
    def others_busy(self) -> float:
        """How much of the server's core was used by other processes, or not given to this machine at all."""
        return max(0.0, self.core_seconds - self.server_seconds) / self.seconds

    @property
    def disturbed(self) -> bool:
        """Whether others had so much of the server's core that the numbers say little."""
        return self.others_busy > DISTURBED

    @property
    def generator_limited(self) -> bool:
        """Whether a better server would have made no difference."""
        return self.generator_busy >= BUSY

    @property
    def micros_per_delivery(self) -> float:
        """Microseconds of processor time of the server for each delivery."""
        return 1e6 * self.server_seconds / self.deliveries if self.deliveries else float("nan")


def compile_generator() -> None:
    """Make the program from its sources, where it is missing or older than they are."""
    sources = sorted(SOURCES.glob("*.[ch]"))
    if PROGRAM.exists() and PROGRAM.stat().st_mtime >= max(source.stat().st_mtime for source in sources):
        return
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise CannotMeasure(
            "The load generator is written in C and there is no compiler here: none of cc, gcc and clang was found. "
            "On Debian and Ubuntu: sudo apt install gcc libc6-dev"
        )
    BUILD.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [compiler, *FLAGS, "-o", str(PROGRAM), *(str(source) for source in sources if source.suffix == ".c")],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotMeasure(f"The load generator could not be compiled by {compiler}:\n{done.stderr}")


class Generator:
    """All people of a load, connected and greeted; a context manager that ends them."""

    def __init__(self, server: Server, load: Load, core: int, second: int = 0) -> None:
        """With the port of a second node, every other one of a room comes there, and those of every other room."""
        self.connect_seconds = 0.0
        self._server = server
        self._load = load
        self._core = core
        self._second = second
        self._process: subprocess.Popen[str]

    def __enter__(self) -> "Generator":
        compile_generator()
        kind, load = self._server.kind, self._load
        script = BUILD / f"{kind.name}.script"
        script.write_text(kind.script)
        command = [str(PROGRAM), "--script", str(script), "--port", str(self._server.port)]
        command += ["--people", str(load.people), "--rooms", str(load.rooms), "--speakers", str(load.speakers)]
        command += ["--connecting", str(kind.connecting)]
        command += ["--pid", str(self._server.pid), "--core", str(self._server.core)]
        command += ["--second", str(self._second)] if self._second else []
        command += ["--random-nonces"] if load.random_nonces else []
        self._process = pinned(
            command, self._core, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.connect_seconds = self._read()["seconds"]
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def at_rate(self, posts: float, *, warm: float, seconds: float, drain: float) -> Phase:
        """Post so many a second, spread evenly over time and speakers; times in seconds."""
        return self._phase(f"rate {posts} {warm} {seconds} {drain}")

    def flat_out(self, window: int, *, warm: float, seconds: float, drain: float) -> Phase:
        """Let every speaker post again as soon as one of their `window` messages came back."""
        return self._phase(f"window {window} {warm} {seconds} {drain}")

    def _phase(self, line: str) -> Phase:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return Phase(**self._read())  # type: ignore[arg-type]

    def _read(self) -> dict[str, float]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            _, said = self._process.communicate()
            raise CannotMeasure(f"The load on {self._server.kind.name} ended: {said.strip()[-500:]}")
        answer: dict[str, float] = json.loads(line)
        return answer
