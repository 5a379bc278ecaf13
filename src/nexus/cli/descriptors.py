"""How many files and sockets this process may have open, which is what limits connections first."""

import sys

from nexus.settings import Settings

OTHERS = 200
"""Descriptors for all that is not a connection or a transcript: database, threads, log, requests over HTTP."""


def needed(settings: Settings) -> int:
    """How many descriptors the settings ask for."""
    return settings.limits.connections + settings.transcript.open_files + OTHERS


def allowed() -> int | None:
    """How many this process may have at most; None where there is no such limit."""
    if sys.platform == "win32":
        return None
    import resource

    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return None if hard == resource.RLIM_INFINITY else hard


def ask_for(wanted: int) -> None:
    """Raise this process' own limit, as far as it is allowed to."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    target = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < target:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (target, hard))
        except (OSError, ValueError):  # macOS has a lower limit of its own; fewer connections then
            return
