"""Where rooms, events and people are kept: in SQLite in a data directory, or in memory."""

from nexus.ports import Unavailable


class StoreError(Exception):
    """The store cannot be opened; the message is a sentence for the operator."""


class HistoryLost(Unavailable):
    """What was stored is not there any more: the node has to start over, and its clients with it."""
