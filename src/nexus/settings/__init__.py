"""One node's settings; a person sets them in four places.

Later places win: the defaults, `nexus.toml`, `NEXUS_*` in the environment, flags of the command line.
"""

from nexus.settings.fields import (
    Accounts,
    Fanout,
    Heartbeat,
    History,
    Invites,
    Limits,
    Log,
    Mentions,
    Messages,
    Metrics,
    Moderation,
    Names,
    Pace,
    Presence,
    Rooms,
    Section,
    Session,
    Settings,
    Stop,
    Tls,
    Transcript,
)

__all__ = [
    "Accounts",
    "Fanout",
    "Heartbeat",
    "History",
    "Invites",
    "Limits",
    "Log",
    "Mentions",
    "Messages",
    "Metrics",
    "Moderation",
    "Names",
    "Pace",
    "Presence",
    "Rooms",
    "Section",
    "Session",
    "Settings",
    "Stop",
    "Tls",
    "Transcript",
]
