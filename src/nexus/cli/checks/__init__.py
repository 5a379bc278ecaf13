"""What `nexus doctor` looks at, a file per subject; each check says what it saw and what to do."""

from typing import Literal, NamedTuple


class Check(NamedTuple):
    """One check; `state` is ok, warn (works, but) or FAIL (a server would not start or not store)."""

    name: str
    state: Literal["ok", "warn", "FAIL"]
    sentence: str
