"""For how long the oldest event has waited that is not in its file."""

import threading
from time import monotonic


class Lag:
    """Times of the steady clock; called by the loop, by the transcript's thread, and by readers of the lag.

    At first there may be something to write from before.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._noted: float | None = monotonic()
        self._taken: float | None = None

    def noted(self) -> None:
        """Something is to be written; only the first since `taken` counts."""
        if self._noted is None:
            with self._lock:
                self._noted = monotonic()

    def taken(self) -> None:
        """The thread has what was noted so far."""
        with self._lock:
            noted, self._noted = self._noted, None
            if self._taken is None:
                self._taken = noted

    def written(self) -> None:
        """All that was taken is in its files."""
        with self._lock:
            self._taken = None

    def seconds(self) -> float:
        """How long it is now; 0 where everything is written."""
        with self._lock:
            waiting = [since for since in (self._noted, self._taken) if since is not None]
        return max(0.0, monotonic() - min(waiting)) if waiting else 0.0
