"""Ports for what a test starts itself: a process that cannot be told to take any port, or is killed and comes back."""

import os
import socket
from itertools import chain, cycle, islice

FIRST, LAST = 10_000, 32_000
"""Below what the system gives to every socket that asks for none in particular, so that no other test takes them."""

_candidates = chain(range(FIRST + os.getpid() * 16 % (LAST - FIRST), LAST), cycle(range(FIRST, LAST)))


def free_ports(count: int = 1) -> int:
    """The first of so many ports in a row that are free, and that no test of this process was given."""
    while True:
        ports = list(islice(_candidates, count))
        if ports[-1] - ports[0] == count - 1 and all(map(is_free, ports)):
            return ports[0]


def is_free(port: int) -> bool:
    """Whether nobody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
