"""Where rooms, events and people are kept: in SQLite in a data directory, or in memory."""

from nexus.ports import Unavailable


class StoreError(Exception):
    """The store cannot be opened; the message is a sentence for the operator."""


class MustEnd(Unavailable):
    """The node cannot go on; the message is a sentence that says why, and `then` one about what to do."""

    then: str


class HistoryLost(MustEnd):
    """What was stored is not there any more: the node has to start over, and its clients with it."""

    then = "Start again: every client begins with what there is now."


class TooOld(MustEnd):
    """A newer version made of the store what this one does not know."""

    then = "Everyone here goes on with other nodes."
