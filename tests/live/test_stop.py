"""A server stops: everyone is told when to come back, and misses nothing."""

import signal
from pathlib import Path

import pytest

from tests.conformance.peer import Peer
from tests.hostile.raw import Raw
from tests.live.server import Server


def test_who_is_sent_away_comes_back_and_misses_nothing(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        ann, bo = Peer(server.ws), Peer(server.ws)
        for peer, name in ((ann, "Ann"), (bo, "Bo")):
            peer.greet(name)
            peer.done("join", room="garden")
        first = ann.post("garden", "one", nonce="n-1")
        last = bo.hears("posted")
        half = Raw(server.port)
        half.send(b"GET / HTTP/1.1\r\n")
        refs = [ann.say("post", room="garden", text=f"more {n}", nonce=f"m-{n}") for n in range(200)]

        code = server.stop()

        stored = [reply for reply in map(ann.reply, refs) if reply["type"] == "done"]
        for peer in (ann, bo):
            goodbye = peer.hears("goodbye")
            assert goodbye["code"] == "restarting"
            assert goodbye["retry_after"] > 0
            assert peer.ends() == 1012
        assert code == 0
        assert half.rest() == b""
        half.close()
        server.start()
        again, ann_again, cy = Peer(server.ws), Peer(server.ws), Peer(server.ws)
        again.greet("Bo", session=bo.session, resume={"garden": {"seq": last["seq"], "at": last["at"]}})
        heard = [again.hears("posted")["text"] for _ in stored]
        assert heard == [f"more {n}" for n in range(len(stored))]
        assert again.post("garden", "here I am") == len(stored) + 2
        cy.refused("name_taken", "hello", name="Ann")
        ann_again.greet("Ann", session=ann.session, resume={"garden": {"seq": 0}})
        assert ann_again.post("garden", "one", nonce="n-1") == first
        for peer in (ann, bo, again, ann_again, cy):
            peer.leave()


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGQUIT])
def test_a_closed_terminal_stops_a_server_as_a_supervisor_does(tmp_path: Path, number: signal.Signals) -> None:
    with Server(tmp_path / "data") as server:
        ann = Peer(server.ws)
        ann.greet("Ann")
        assert server.process is not None
        server.process.send_signal(number)

        assert ann.hears("goodbye")["code"] == "restarting"
        assert ann.ends() == 1012
        assert server.process.wait(30) == 0
        ann.leave()


def test_signals_that_mean_something_to_other_servers_end_nothing(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        ann = Peer(server.ws)
        ann.greet("Ann")
        assert server.process is not None
        for number in (signal.SIGUSR1, signal.SIGUSR2):
            server.process.send_signal(number)
        ann.done("join", room="garden")
        ann.post("garden", "still here")
        ann.leave()

        assert server.stop() == 0


def test_a_transcript_that_could_not_be_written_is_complete_once_the_server_has_stopped(tmp_path: Path) -> None:
    """What it lacks is read from the log again, although nobody else may read any more by then."""
    with Server(tmp_path / "data") as server:
        ann = Peer(server.ws)
        ann.greet("Ann")
        logs = server.data / "logs"
        logs.mkdir(exist_ok=True)
        (logs / "garden").write_text("No folder can be where this file is.")
        ann.done("join", room="garden")
        texts = [f"message {number}" for number in range(300)]
        for text in texts:  # one after the other, so that the writer has tried, and waits before it tries again
            ann.post("garden", text)
        (logs / "garden").unlink()

        assert server.stop() == 0

        (day,) = (logs / "garden").glob("*.log")
        assert [line.partition("> ")[2] for line in day.read_text().splitlines() if "> " in line] == texts
        ann.leave()
