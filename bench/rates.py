"""What one measurement gives, and the search for the highest rate that holds."""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from bench.generator import Generator, Load, Phase
from bench.processes import Server
from bench.servers import Kind

TOLERATED_MS = 100.0
"""The 99th percentile that a rate may have to count as held."""

NEVER = ("duplicates", "out_of_order", "foreign")
"""Faults that no overload excuses."""

FINE = 1.2
"""The search for the highest rate ends when it is known within this factor."""


@dataclass(frozen=True)
class Effort:
    """How long one measurement takes, in seconds, and what it runs on."""

    warm: float
    seconds: float
    window: int | None
    server_core: int
    generator_core: int


@dataclass
class Result:
    """What one round of a case gave for one server: its columns, and everything the generator said on the way."""

    values: dict[str, float]
    faults: dict[str, int] = field(default_factory=dict)
    generator_limited: bool = False
    disturbed: bool = False
    phases: list[dict[str, float]] = field(default_factory=list)

    @classmethod
    def of(cls, values: dict[str, float], phases: list[Phase], *, overloaded: bool = False) -> "Result":
        """Of phases; where some were meant to be too much, what had not arrived in the end is no fault."""
        faults: dict[str, int] = {}
        for phase in phases:
            for name, count in phase.faults.items():
                if not overloaded or name in NEVER:
                    faults[name] = faults.get(name, 0) + count
        limited = any(phase.generator_limited for phase in phases)
        disturbed = any(phase.disturbed for phase in phases)
        return cls(values, faults, limited, disturbed, [asdict(phase) for phase in phases])


@dataclass(frozen=True)
class Contestant:
    """A server in a case; ourselves once more where nonces are not as our clients make them."""

    kind: Kind
    random_nonces: bool = False

    @property
    def name(self) -> str:
        """How the table calls it."""
        return f"{self.kind.name}, random nonces" if self.random_nonces else self.kind.name


def find_highest(holds: Callable[[float], bool], first: float) -> float:
    """The highest rate that holds, within the factor FINE: doubled or halved from the first, then closed in on."""
    good, bad, rate = 0.0, math.inf, first
    while not (good and bad / good < FINE):
        if holds(rate):
            good = rate
        else:
            bad = rate
        if not good and rate < 1:
            return 0.0
        rate = 2 * good if bad == math.inf else math.sqrt(good * bad) if good else bad / 2
    return good


class Ladder:
    """One room, tried at one rate after another; after a rate that did not hold everything starts over."""

    def __init__(self, contestant: Contestant, effort: Effort, load: Load) -> None:
        self.best: Phase | None = None
        self.phases: list[Phase] = []
        self._contestant = contestant
        self._effort = effort
        self._load = load
        self._server: Server | None = None
        self._generator: Generator | None = None

    def holds(self, rate: float) -> bool:
        """Whether all messages arrive at this rate, 99 of 100 within the tolerated time; the second try counts too."""
        return self._held(rate) or self._held(rate)

    def _held(self, rate: float) -> bool:
        effort = self._effort
        phase = self._ready().at_rate(rate, warm=effort.warm, seconds=effort.seconds, drain=3)
        self.phases.append(phase)
        late = phase.posts < 0.97 * rate * phase.seconds - 1
        if phase.faults or late or phase.p99_ms > TOLERATED_MS:
            self.end()
            return False
        if self.best is None or phase.posts > self.best.posts:
            self.best = phase
        return True

    def _ready(self) -> Generator:
        if self._generator is None:
            self._server = Server(self._contestant.kind, self._effort.server_core).__enter__()
            self._generator = Generator(self._server, self._load, self._effort.generator_core).__enter__()
        return self._generator

    def end(self) -> None:
        """Stop what runs."""
        generator, server = self._generator, self._server
        self._generator = self._server = None
        if generator is not None:
            generator.__exit__()
        if server is not None:
            server.__exit__()
