"""A node whose database came back with less than it had: it ends with a sentence, and every client starts over."""

from pathlib import Path

import psycopg

from tests.conformance.peer import Peer
from tests.live.server import Server
from tests.postgres import Postgres


def test_after_a_failover_that_lost_messages_nothing_differs_silently(postgres: Postgres, tmp_path: Path) -> None:
    url = postgres.new()
    with Server(tmp_path / "node", env={"NEXUS_STORE_URL": url}) as server:
        ann = Peer(server.ws)
        greeted = ann.greet("Ann")
        ann.done("join", room="garden")
        ann.post("garden", "kept")
        ann.post("garden", "lost")
        newest = ann.hears("posted", text="lost")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DELETE FROM events WHERE text = 'lost'")

        ann.say("post", room="garden", text="on top of what is not there", nonce="n")

        assert server.process is not None
        server.process.wait(60)
        assert server.stop() == 1
        assert "The database lacks messages that were stored" in server.log.read_text()
        server.start()
        again = Peer(server.ws)
        resumed = again.done(
            "hello",
            session=greeted["session"],
            epoch=greeted["epoch"],
            resume={"garden": {"seq": newest["seq"], "at": newest["at"]}},
        )
        assert resumed["epoch"] != greeted["epoch"]
        again.hears("reset", room="garden")
        assert again.hears("posted", room="garden")["text"] == "kept"
        again.leave()
    postgres.drop(url)
