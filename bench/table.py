"""How results are told: medians with their spread, a table per case, a JSON file for all."""

import json
import math
import statistics
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.cases import Case
from bench.rates import Result

RESULTS = Path(__file__).with_name("results")


def median(rounds: list[Result], name: str) -> float:
    """The median of a column over the rounds; NaN where it was never measured."""
    values = [result.values[name] for result in rounds if not math.isnan(result.values.get(name, math.nan))]
    return statistics.median(values) if values else math.nan


def as_text(case: Case, results: dict[str, list[Result]]) -> str:
    """A case as a table: the first column as median (lowest-highest), the others as median."""
    header = [case.name, *case.columns, "checked"]
    rows = [header]
    for name, rounds in results.items():
        if rounds:
            rows.append([name, *(_cell(case, rounds, column) for column in case.columns), _checked(rounds)])
    widths = [max(len(row[index]) for row in rows) for index in range(len(header))]
    lines = ["  ".join(_aligned(row, widths)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return f"{case.says}\n\n" + "\n".join(lines)


def _aligned(row: list[str], widths: list[int]) -> list[str]:
    left = {0, len(row) - 1}
    return [
        cell.ljust(width) if at in left else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]


def _cell(case: Case, rounds: list[Result], column: str) -> str:
    form = case.columns[column]
    middle = median(rounds, column)
    if math.isnan(middle):
        return "-"
    text = form.format(middle)
    first = column == next(iter(case.columns))
    values = [result.values[column] for result in rounds if column in result.values]
    if first and len(values) > 1:
        text += f" ({form.format(min(values))}-{form.format(max(values))})"
    return text


def _checked(rounds: list[Result]) -> str:
    """What went wrong over all rounds, and whether the generator was the limit."""
    if not any(result.phases for result in rounds):
        return ""
    faults: dict[str, int] = {}
    for result in rounds:
        for name, count in result.faults.items():
            faults[name] = faults.get(name, 0) + count
    said = (
        ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in faults.items())
        or "all arrived, once, in order"
    )
    for what, count in (
        ("the generator was the limit", sum(result.generator_limited for result in rounds)),
        ("others used the server's core", sum(result.disturbed for result in rounds)),
    ):
        if count:
            said += f"; {what} in {count} of {len(rounds)} rounds"
    return said


def as_json(case: Case, results: dict[str, list[Result]]) -> dict[str, Any]:
    """A case with every number of every round."""
    return {
        "says": case.says,
        "servers": {
            name: {
                "median": {column: median(rounds, column) for column in case.columns},
                "rounds": [asdict(result) for result in rounds],
            }
            for name, rounds in results.items()
            if rounds
        },
    }


def write(name: str, everything: dict[str, Any]) -> Path:
    """Write the file of a run; returns where it is."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(everything, indent=1) + "\n")
    return path
