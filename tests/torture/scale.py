"""How long the cases run: short and the same each time in `make test`, long and with another seed in `make torture`."""

import os
from typing import TypeVar

T = TypeVar("T")

# Taken out of the environment: a server refuses to start with what begins like a setting and is none.
LONG = bool(os.environ.pop("NEXUS_TORTURE", ""))

SEED = int(os.environ.pop("NEXUS_SEED", "20261122"))
"""Where all chance of the load begins; what the server and the system do between is theirs."""


def scaled(short: T, long: T) -> T:
    """How often, how much or which, by how long the run is."""
    return long if LONG else short
