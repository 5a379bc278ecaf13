"""Is the checker worth its name? Servers that spoil deliveries, each in one way; `python -m bench.checker`."""

import sys

from bench import machine
from bench.generator import Generator, Load, compile_generator
from bench.processes import Server
from bench.servers import PEERS, ROOMS_SCRIPT, Kind

FAULTS = ("none", "lost", "duplicates", "out_of_order", "foreign")


def faulty(fault: str) -> Kind:
    """A server that spoils one delivery in a hundred."""
    return Kind(
        name=f"faulty-{fault}",
        says=f"spoils deliveries: {fault}",
        command=lambda place: [sys.executable, str(PEERS / "faulty_rooms.py"), str(place.port), fault],
        script=ROOMS_SCRIPT,
        missing=lambda: None,
        first_rate=100,
    )


def noticed(fault: str, cores: tuple[int, int]) -> set[str]:
    """What the generator finds wrong with such a server."""
    with Server(faulty(fault), cores[0]) as server, Generator(server, Load(20, 2, 20), cores[1]) as generator:
        return set(generator.at_rate(200, warm=0, seconds=1, drain=1).faults)


def main() -> int:
    """Say what is noticed; the exit code is 1 where that is not just the fault that was made."""
    cores = machine.cores()
    compile_generator()
    wrong = 0
    for fault in FAULTS:
        found = noticed(fault, cores)
        right = found == ({fault} - {"none"})
        wrong += not right
        print(f"{'ok  ' if right else 'WRONG'} {fault:13} noticed: {', '.join(sorted(found)) or 'nothing'}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
