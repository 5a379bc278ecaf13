"""How long the cases run: short and the same each time in `make test`, long and with another seed in `make torture`."""

import os

LONG = bool(os.environ.get("NEXUS_TORTURE"))

SEED = int(os.environ.get("NEXUS_SEED", "20261122"))
"""Where all chance of the load begins; what the server and the system do between is theirs."""


def scaled(short: int, long: int) -> int:
    """How often or how much, by how long the run is."""
    return long if LONG else short
