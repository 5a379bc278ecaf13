"""Prints the table as Markdown, a row for each rule: `python -m tests.rfc`; fails where a rule is not kept."""

import sys
from collections import Counter
from collections.abc import Iterable

from tests.rfc.cases import Case
from tests.rfc.echo import new_admission
from tests.rfc.handshakes import ASKS, Ask
from tests.rfc.results import Tried, shake_in_memory, try_every_chop, try_on_sockets
from tests.rfc.table import CASES
from tests.rfc.wire import BINARY, CLOSE, PONG, TEXT

WORDS = {TEXT: "echoed", BINARY: "echoed", PONG: "a pong"}


def expected(case: Case | Ask) -> str:
    """What a rule asks for, in a few words."""
    if isinstance(case, Ask):
        return " or ".join(map(str, case.statuses))
    if case.ends:
        return f"close {int.from_bytes(case.hears[-1].payload)}" if case.hears[-1].payload else "an empty close"
    return ", ".join(sorted({WORDS[heard.opcode] for heard in case.hears if heard.opcode != CLOSE})) or "nothing"


def rows(tried: dict[str, list[Tried]]) -> Iterable[str]:
    """The table, a row for each rule, its cases counted."""
    rules: dict[tuple[str, str], list[Case | Ask]] = {}
    every: list[Case | Ask] = [*ASKS, *CASES]
    for each in every:
        rules.setdefault((each.section, each.rule), []).append(each)
    yield "| section | rule | expected | result |\n|---|---|---|---|"
    for (section, rule), each_case in rules.items():
        answers = Counter(map(expected, each_case))
        ways = [fault for case in each_case for tries in tried[case.name] for fault in tries.values()]
        kept = sum(fault is None for fault in ways)
        result = f"{len(each_case)} cases, {kept} of {len(ways)} tries right"
        yield f"| {section} | {rule} | {', '.join(answers)} | {result} |"


def main() -> None:
    """Try everything, print, and say by the exit code whether all is right."""
    admission, on_sockets = new_admission(), try_on_sockets()
    tried = {case.name: [try_every_chop(admission, case), on_sockets[case.name]] for case in CASES}
    tried |= {ask.name: [{"whole": shake_in_memory(ask)}, on_sockets[ask.name]] for ask in ASKS}
    print("\n".join(rows(tried)))
    for name, tries in tried.items():
        for how, fault in [item for each in tries for item in each.items() if item[1]]:
            print(f"{name}, {how}: {fault}", file=sys.stderr)
    sys.exit(any(fault for tries in tried.values() for each in tries for fault in each.values()))


if __name__ == "__main__":
    main()
