"""The command: `python -m bench [CASE ...]`."""

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import machine, table
from bench.cases import CASES, EVERYONE, Case
from bench.generator import compile_generator
from bench.machine import CannotMeasure
from bench.rates import Contestant, Effort, Result
from bench.servers import ALL, NEXUS, REFERENCE, before

KNOWN = {kind.name for kind in ALL}
"""Servers that one may choose from; a case may have others of its own, which are always there."""

RATIO = "x reference"
"""The column with the ratio to the reference of the same round."""

OPEN_FILES = 10_500
"""What the case with the most connections needs, on either side."""


def main() -> int:
    """Measure what was asked for; the exit code is 1 where this machine cannot."""
    asked = _arguments(sys.argv[1:])
    try:
        cores = machine.cores()
        compile_generator()
    except CannotMeasure as why:
        print(why, file=sys.stderr)
        return 1
    if machine.raise_open_files() < OPEN_FILES:
        print(f"Fewer than {OPEN_FILES:,} open files are allowed here (ulimit -Hn): `idle` will fail.", file=sys.stderr)
    os.sched_setaffinity(0, {cores[1]})  # between its orders to the generator this process sleeps
    cases = [_with(asked.before, case) for case in CASES if case.name in asked.cases]
    effort = Effort(0.5 if asked.quick else 1.0, asked.seconds, asked.window, *cores)
    measured = _measure(cases, effort, asked.rounds, asked.servers)
    facts = machine.describe()
    for case in cases:
        print(f"\n{table.as_text(case, measured[case.name])}")
    path = table.write(
        f"{datetime.now(UTC):%Y-%m-%dT%H%M%S}",
        {
            "command": " ".join(["python", "-m", "bench", *sys.argv[1:]]),
            "machine": facts,
            "cases": {case.name: table.as_json(case, measured[case.name]) for case in cases},
        },
    )
    print(f"\n{_about(facts, asked.rounds, asked.seconds)}\nEvery number: {path}")
    return 0


def _with(checkout: Path | None, case: Case) -> Case:
    """A case with Nexus of another checkout beside ours, where there is one."""
    if checkout is None or EVERYONE[0] not in case.contestants:
        return case
    older = before(checkout)
    twice = [replace(one, kind=older) for one in case.contestants if one.kind is NEXUS]
    return replace(case, contestants=(*case.contestants, *twice))


def _arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure Nexus and its peers: the same load, the same cores, in the same run.",
        epilog="cases:\n"
        + "\n".join(f"  {case.name:6}  {case.says}" for case in CASES)
        + "\n\nservers:\n"
        + "\n".join(f"  {kind.name:11}  {kind.says}" for kind in ALL),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = [case.name for case in CASES]
    parser.add_argument("cases", nargs="*", metavar="CASE", help="what to measure; everything if none is named")
    parser.add_argument("--rounds", type=int, default=3, help="how often, all servers taking turns (3)")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of each measurement (3)")
    parser.add_argument("--quick", action="store_true", help="one round of one second each, to see that it runs")
    parser.add_argument("--window", type=int, help="messages each person has on their way where it is flat out")
    parser.add_argument("--servers", default="", help="only these, by name, with commas between them")
    parser.add_argument(
        "--before", type=Path, metavar="CHECKOUT", help="Nexus of another checkout as well, as 'before'"
    )
    asked = parser.parse_args(given)
    for name in asked.cases:
        if name not in names:
            parser.error(f"there is no case {name!r}; there are {', '.join(names)}")
    asked.cases = asked.cases or names
    asked.servers = set(filter(None, asked.servers.split(","))) or {kind.name for kind in ALL}
    if unknown := asked.servers - {kind.name for kind in ALL}:
        parser.error(f"there is no server {', '.join(unknown)}; there are {', '.join(kind.name for kind in ALL)}")
    if asked.quick:
        asked.rounds, asked.seconds = 1, 1.0
    return asked


def _measure(cases: list[Case], effort: Effort, rounds: int, servers: set[str]) -> dict[str, dict[str, list[Result]]]:
    """All rounds of all cases; in a round every server has its turn, in the other order every other time."""
    measured: dict[str, dict[str, list[Result]]] = {}
    missing: dict[str, str | None] = {}
    for case in cases:
        present = []
        for contestant in case.contestants:
            kind = contestant.kind
            if kind.name in KNOWN - servers:
                continue
            if kind.name not in missing:
                missing[kind.name] = kind.missing()
                if missing[kind.name]:
                    print(f"Left out: {kind.name}, because {missing[kind.name]}.", file=sys.stderr)
            if not missing[kind.name]:
                present.append(contestant)
        measured[case.name] = {contestant.name: [] for contestant in present}
        for number in range(rounds):
            order = present if number % 2 == 0 else list(reversed(present))
            done = {contestant.name: _try(case, contestant, effort) for contestant in order}
            _compare(case, done)
            for name, result in done.items():
                if result is not None:
                    measured[case.name][name].append(result)
    return measured


def _compare(case: Case, done: Mapping[str, Result | None]) -> None:
    """Put beside each result of a round how many times that of the reference it is."""
    first, reference = next(iter(case.columns)), done.get(REFERENCE.name)
    if RATIO not in case.columns or reference is None:
        return
    for result in done.values():
        if result is not None and reference.values.get(first):
            result.values[RATIO] = result.values[first] / reference.values[first]


def _try(case: Case, contestant: Contestant, effort: Effort) -> Result | None:
    """One measurement; one that fails is told and left out, so that the others are made all the same."""
    begun = time.monotonic()
    try:
        result = case.measure(contestant, effort)
    except (CannotMeasure, OSError) as why:
        print(f"{case.name}, {contestant.name}: {why}", file=sys.stderr)
        return None
    first = next(iter(case.columns))
    told = case.columns[first].format(result.values.get(first, float("nan")))
    print(f"{case.name}, {contestant.name}: {told} {first} ({time.monotonic() - begun:.0f} s)", file=sys.stderr)
    return result


def _about(facts: dict[str, Any], rounds: int, seconds: float) -> str:
    return (
        f"{facts['processor']}, {facts['cores']} cores, Linux {facts['kernel']}, Python {facts['python']}, "
        f"SQLite {facts['sqlite']}; a disk sync takes {facts['disk_sync_ms']} ms and an empty "
        f"turn of a loop in Python {facts['spin_ns']} ns. "
        f"Median of {rounds} rounds of {seconds:g} s each; server on one core, generator on another."
    )
