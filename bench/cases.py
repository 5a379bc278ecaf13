"""What is measured: each case with its load, its servers and its columns."""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bench import nodes
from bench.abuse import contestants, measure_abuse
from bench.crowd import ACCOUNTS, OWN, ROOMS, measure_crowd
from bench.generator import Generator, Load, Phase
from bench.history import measure_history
from bench.page import measure_page
from bench.processes import Server, with_other_people
from bench.rates import Contestant, Effort, Ladder, Result, find_highest
from bench.searching import MESSAGES, QUERIES, measure_searching
from bench.servers import ALL, NATS, NEXUS, NEXUS_UNTOLD, NGIRCD, REFERENCE, SOCKETIO, STARLETTE, WEBSOCKETS


@dataclass(frozen=True)
class Case:
    """One row of tables: the first column is what it is about."""

    name: str
    says: str
    columns: dict[str, str]
    """How each value is written (a format of Python), by its name."""
    contestants: tuple[Contestant, ...]
    measure: Callable[[Contestant, Effort], Result]


RANDOM = Contestant(NEXUS, random_nonces=True)
EVERYONE = tuple(map(Contestant, ALL))
FLAT_OUT_WINDOW = 8
OWN_ROOM_WINDOW = 8

OWN_RATE, HOT_RATE = 200.0, 1000.0
"""Posts a second of those in rooms of their own, and of the crowd in one room."""


def measure_hot(contestant: Contestant, effort: Effort) -> Result:
    """The highest rate to 1,000 people in one room at which 99 % of deliveries take at most 100 ms."""
    ladder = Ladder(contestant, effort, Load(people=1000, rooms=1, speakers=1000))
    try:
        rate = find_highest(ladder.holds, contestant.kind.first_rate)
    finally:
        ladder.end()
    best = ladder.best
    values = {"posts/s": rate, "deliveries/s": 1000 * rate}
    if best is not None:
        values |= {"p50 ms": best.p50_ms, "p99 ms": best.p99_ms, "CPU µs/delivery": best.micros_per_delivery}
    return Result.of(values, ladder.phases, overloaded=True)  # and a rate with any fault did not hold


def measure_flat(contestant: Contestant, effort: Effort) -> Result:
    """100 people in one room, each posting again as soon as the last message came back."""
    return _flat_out(contestant, effort, Load(100, 1, 100, contestant.random_nonces), FLAT_OUT_WINDOW)


def measure_one(contestant: Contestant, effort: Effort) -> Result:
    """100 people in one room, each posting when the last message came back."""
    return _flat_out(contestant, effort, Load(100, 1, 100, contestant.random_nonces), 1)


def measure_own(contestant: Contestant, effort: Effort) -> Result:
    """200 people, each in a room of their own, with a few messages on their way all the time."""
    return _flat_out(contestant, effort, Load(200, 200, 200, contestant.random_nonces), OWN_ROOM_WINDOW)


def measure_alone(contestant: Contestant, effort: Effort) -> Result:
    """One person who posts when the last message came back: nothing can be gathered, and nobody else is served."""
    return _flat_out(contestant, effort, Load(1, 1, 1), 1)


def _flat_out(contestant: Contestant, effort: Effort, load: Load, window: int) -> Result:
    with (
        Server(contestant.kind, effort.server_core) as server,
        Generator(server, load, effort.generator_core) as generator,
    ):
        phase = generator.flat_out(effort.window or window, warm=effort.warm, seconds=effort.seconds, drain=10)
    values = {
        "posts/s": phase.posts / phase.seconds,
        "deliveries/s": phase.deliveries / phase.seconds,
        **_shared(phase),
    }
    return Result.of(values, [phase])


def _shared(phase: Phase) -> dict[str, float]:
    return {
        "p50 ms": phase.p50_ms,
        "p99 ms": phase.p99_ms,
        "CPU µs/delivery": phase.micros_per_delivery,
        "server busy": phase.server_busy,
        "generator busy": phase.generator_busy,
    }


def measure_quiet(contestant: Contestant, effort: Effort) -> Result:
    """1,000 people in one room and 50 posts a second."""
    load = Load(people=1000, rooms=1, speakers=1000)
    with (
        Server(contestant.kind, effort.server_core) as server,
        Generator(server, load, effort.generator_core) as generator,
    ):
        phase = generator.at_rate(50, warm=effort.warm, seconds=2 * effort.seconds, drain=5)
    return Result.of(_shared(phase), [phase])


def measure_beside(contestant: Contestant, effort: Effort) -> Result:
    """200 people in rooms of their own: alone, and while another room of the same server is as hot as it may be."""
    with (
        Server(contestant.kind, effort.server_core) as server,
        Generator(server, Load(200, 200, 200), effort.generator_core) as own,
    ):
        alone = own.at_rate(OWN_RATE, warm=effort.warm, seconds=effort.seconds, drain=5)
        with (
            Generator(with_other_people(server), Load(1000, 1, 1000), effort.generator_core) as crowd,
            ThreadPoolExecutor() as pool,
        ):
            noise = pool.submit(crowd.at_rate, HOT_RATE, warm=0.0, seconds=effort.seconds + 2, drain=5)
            beside = own.at_rate(OWN_RATE, warm=1.0, seconds=effort.seconds, drain=5)
            hot = noise.result()
    values = {
        "p99 ms": beside.p99_ms,
        "p50 ms": beside.p50_ms,
        "alone p99 ms": alone.p99_ms,
        "alone p50 ms": alone.p50_ms,
        "hot room p99 ms": hot.p99_ms,
        "server busy": beside.server_busy,
    }
    return Result.of(values, [alone, beside, hot])


# --- many idle, and starting -----------------------------------------------------------------------

IDLE_PEOPLE = 10_000
IDLE_POSTS = 5


def measure_idle(contestant: Contestant, effort: Effort) -> Result:
    """10,000 people who come, greet, enter one room and are quiet; then one post at a time reaches all of them."""
    with Server(contestant.kind, effort.server_core) as server:
        time.sleep(1)
        empty, spent = server.memory(), server.processor_seconds()
        with Generator(server, Load(IDLE_PEOPLE, 1, 1), effort.generator_core) as generator:
            spent = server.processor_seconds() - spent
            time.sleep(2)  # what follows the greeting: presence, garbage
            full = server.memory()
            phases = [generator.at_rate(1, warm=0, seconds=0.5, drain=10) for _ in range(IDLE_POSTS)]
            after = server.memory()
    values = {
        "CPU ms/greeting": 1000 * spent / IDLE_PEOPLE,
        "KiB each": (full - empty) / IDLE_PEOPLE / 1024,
        "came within s": generator.connect_seconds,
        "post reaches half ms": statistics.median(phase.p50_ms for phase in phases),
        "post reaches all ms": statistics.median(phase.slowest_ms for phase in phases),
        "KiB each after": (after - empty) / IDLE_PEOPLE / 1024,
    }
    return Result.of(values, phases)


def measure_start(contestant: Contestant, effort: Effort) -> Result:
    """How long a server takes to start, and what it holds when nobody is there."""
    seconds, memories = [], []
    for _ in range(3):
        with Server(contestant.kind, effort.server_core) as server:
            seconds.append(server.start_seconds)
            time.sleep(1)
            memories.append(server.memory())
    return Result({"seconds": statistics.median(seconds), "MiB": statistics.median(memories) / 2**20})


def measure_deep(contestant: Contestant, effort: Effort) -> Result:
    """A room with a million messages beside one with a thousand."""
    return Result(measure_history(contestant.kind, effort.server_core))


def measure_search(contestant: Contestant, effort: Effort) -> Result:
    """Common words and rare ones, alone, side by side and never together."""
    return Result(measure_searching(contestant.kind, effort.server_core))


def measure_large(contestant: Contestant, effort: Effort) -> Result:
    """Somebody who belongs to many rooms comes, again and again."""
    return Result(measure_crowd(contestant.kind, effort.server_core))


FLAT_COLUMNS = {
    "deliveries/s": "{:,.0f}",
    "x reference": "{:.2f}",
    "posts/s": "{:,.0f}",
    "p50 ms": "{:.1f}",
    "p99 ms": "{:.1f}",
    "CPU µs/delivery": "{:.2f}",
    "server busy": "{:.0%}",
    "generator busy": "{:.0%}",
}
SHARED_COLUMNS = {name: FLAT_COLUMNS[name] for name in list(FLAT_COLUMNS)[3:]}

CASES = (
    Case(
        "hot",
        "1,000 people in one room, rising rate: the highest with p99 at most 100 ms",
        {
            name: FLAT_COLUMNS[name]
            for name in ("posts/s", "x reference", "deliveries/s", "p50 ms", "p99 ms", "CPU µs/delivery")
        },
        EVERYONE,
        measure_hot,
    ),
    Case(
        "one",
        "100 people in one room, flat out (one message of each on its way)",
        FLAT_COLUMNS,
        (EVERYONE[0], RANDOM, *EVERYONE[1:]),
        measure_one,
    ),
    Case(
        "flat",
        f"100 people in one room, flat out ({FLAT_OUT_WINDOW} messages of each on their way)",
        FLAT_COLUMNS,
        (EVERYONE[0], RANDOM, *EVERYONE[1:]),
        measure_flat,
    ),
    Case("quiet", "1,000 people in one room, 50 posts/s", SHARED_COLUMNS, EVERYONE, measure_quiet),
    Case(
        "own",
        f"200 people, each in an own room, flat out ({OWN_ROOM_WINDOW} messages of each on their way)",
        {name: FLAT_COLUMNS[name] for name in ("posts/s", "x reference", *SHARED_COLUMNS)},
        (EVERYONE[0], RANDOM, *(one for one in EVERYONE[1:] if one.kind is not NGIRCD)),
        measure_own,
    ),
    Case(
        "alone",
        "one person in one room, who posts when the last message came back",
        {"p50 ms": "{:.3f}", "x reference": "{:.2f}", "p99 ms": "{:.3f}", "CPU µs/delivery": "{:.1f}"},
        EVERYONE,
        measure_alone,
    ),
    Case(
        "beside",
        f"200 people in own rooms, {OWN_RATE:.0f} posts/s, beside a room of 1,000 with {HOT_RATE:,.0f} posts/s",
        {
            **dict.fromkeys(("p99 ms", "p50 ms", "alone p99 ms", "alone p50 ms", "hot room p99 ms"), "{:.1f}"),
            "server busy": "{:.0%}",
        },
        (EVERYONE[0],),
        measure_beside,
    ),
    Case(
        "idle",
        f"{IDLE_PEOPLE:,} people, greeted and in one room; then one post to all",
        {
            "CPU ms/greeting": "{:.3f}",
            "x reference": "{:.1f}",
            "KiB each": "{:.1f}",
            "came within s": "{:.1f}",
            "post reaches half ms": "{:.0f}",
            "post reaches all ms": "{:.0f}",
            "KiB each after": "{:.1f}",
        },
        # Not ngircd, which tells everyone in the channel of everyone who comes: 50 million lines.
        tuple(map(Contestant, (NEXUS, REFERENCE, WEBSOCKETS, STARLETTE, SOCKETIO, NATS))),
        measure_idle,
    ),
    Case(
        "deep",
        "a room with 1,000,000 messages, and one with 1,000: round trips in ms, the median",
        {
            "join": "{:.2f}",
            "resume": "{:.2f}",
            "page": "{:.2f}",
            "join, 1,000": "{:.2f}",
            "resume, 1,000": "{:.2f}",
            "page, 1,000": "{:.2f}",
        },
        (Contestant(NEXUS_UNTOLD),),
        measure_deep,
    ),
    Case(
        "search",
        f"{MESSAGES:,} messages in 50 rooms: round trips of a search in ms, the median",
        dict.fromkeys(QUERIES, "{:.2f}"),
        (Contestant(NEXUS_UNTOLD),),
        measure_search,
    ),
    Case(
        "crowd",
        f"{ACCOUNTS:,} accounts, {ROOMS:,} rooms, somebody in {OWN} of them: processor time, and round trips in ms",
        {"CPU ms/hello": "{:.1f}", "hello": "{:.1f}", "rooms": "{:.1f}", "direct": "{:.1f}"},
        (Contestant(NEXUS_UNTOLD),),
        measure_large,
    ),
    Case(
        "page",
        "the page in Chromium: its weight, milliseconds (medians), and its heap after 10,000 and 100,000 messages",
        {
            "first load KiB": "{:.0f}",
            "ready ms": "{:.0f}",
            "switch ms": "{:.0f}",
            "drawn ms": "{:.0f}",
            "key ms": "{:.0f}",
            "heap MiB": "{:.1f}",
            "heap MiB after 100,000": "{:.1f}",
            "elements": "{:.0f}",
        },
        (Contestant(NEXUS),),
        lambda contestant, effort: Result(measure_page(contestant.kind, effort.server_core)),
    ),
    Case(
        "start",
        "from start to the first answer, and memory when idle",
        {"seconds": "{:.2f}", "MiB": "{:.0f}"},
        EVERYONE,
        measure_start,
    ),
    Case(
        "nodes",
        "two nodes beside one on PostgreSQL: times the processor time of all processes; what one node takes",
        nodes.COLUMNS,
        (Contestant(nodes.KIND),),
        nodes.measure_nodes,
    ),
    Case(
        "abuse",
        "somebody's posts and pages of history, in quiet and beside one address that does its worst (connections)",
        {
            "post p99": "{:.1f}",
            "post quiet p99": "{:.1f}",
            "post holds": "{:.0f}",
            "history p99": "{:.1f}",
            "history quiet p99": "{:.1f}",
            "history holds": "{:.0f}",
        },
        contestants(),
        measure_abuse,
    ),
)
