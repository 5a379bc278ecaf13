"""The end of a case: everything is brought to rest, read again, and judged."""

from tests.live.server import Server
from tests.torture.judge import Restored, judge
from tests.torture.load import Load, read_history, read_transcripts

SHOWN = 20


def settle(load: Load, server: Server, restored: Restored | None = None) -> None:
    """Finish the load, read the history again, stop the server, and insist that the judge finds no fault.

    The server is stopped afterwards: a transcript is complete once it has stopped.
    """
    load.finish()
    records = list(load.log.records)
    history = read_history(server.ws, load.rooms)
    assert server.stop() == 0
    faults = judge(records, history, read_transcripts(server.data, load.rooms), restored)
    assert not faults, f"{len(faults)} faults (seed {load.seed}):\n" + "\n".join(faults[:SHOWN])
