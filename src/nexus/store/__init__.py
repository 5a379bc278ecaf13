"""Where rooms, events and people are kept: in SQLite in a data directory, or in memory."""


class StoreError(Exception):
    """The store cannot be opened; the message is a sentence for the operator."""
