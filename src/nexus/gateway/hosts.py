"""Which names this server answers to, so that no stranger's name that leads here (DNS rebinding) reads anything."""

import re
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9_.-]{1,254})(?::[0-9]{1,5})?")


class Hosts:
    """The names by which one may ask: addresses, names without a dot, this machine, `*.local`, and those that are set.

    A page that was moved here came from a name that someone could register, and such a name has a dot.
    """

    def __init__(self, allowed: Sequence[str], own: Iterable[str]) -> None:
        self._exact = set(allowed)
        self._ends = tuple(name[1:] for name in allowed if name.startswith("*."))
        short = {name.partition(".")[0] for name in own}
        self._names = {"localhost", *(name.lower() for name in {*own, *short} if name), *allowed}

    def answers_to(self, header: str) -> bool:
        """Whether a Host header names this server, with a port or without."""
        match = _HOST.fullmatch(header)
        if match is None:
            return False
        name = match[1].lower().removesuffix(".")
        return "." not in name or name in self._names or name.endswith((".local", *self._ends)) or _is_address(name)

    def is_set(self, name: str) -> bool:
        """Whether a name itself is in the setting; what fits an entry with a star does not count."""
        return name in self._exact


def _is_address(name: str) -> bool:
    try:
        IPv6Address(name[1:-1]) if name.startswith("[") else IPv4Address(name)
    except ValueError:
        return False
    return True
