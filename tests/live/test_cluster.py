"""Two real nodes over PostgreSQL and NATS: one chat, whichever process is killed."""

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests import nats
from tests.live.server import Server
from tests.postgres import Postgres

PATIENCE = 30


class Device:
    """A person's connection to one of the nodes."""

    def __init__(self, node: Server, **hello: Any) -> None:
        self.socket: ClientConnection = connect(node.ws, subprotocols=[Subprotocol("nexus.v1")], legacy=True)
        self._ref = 0
        self.heard: list[dict[str, Any]] = []
        self.secret = self.ask("hello", **hello)["session"]

    def ask(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The reply to a command."""
        self._ref += 1
        self.socket.send(json.dumps({"type": kind, "ref": self._ref, **fields}))
        return self.hears(lambda frame: frame.get("ref") == self._ref)

    def hears(self, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next frame of that kind."""
        while True:
            frame: dict[str, Any] = json.loads(self.socket.recv(PATIENCE))
            self.heard.append(frame)
            if is_it(frame):
                return frame

    def reads(self, text: str) -> None:
        """Wait until a message is there."""
        self.hears(lambda frame: frame.get("text") == text)

    def texts(self) -> list[str]:
        return [frame["text"] for frame in self.heard if frame["type"] == "posted"]


@pytest.fixture
def bus() -> Iterator[nats.Server]:
    made = nats.Server()
    made.start()
    yield made
    made.kill()


@pytest.fixture
def nodes(tmp_path: Path, postgres: Postgres, bus: nats.Server) -> Iterator[tuple[Server, Server]]:
    url = postgres.new()
    for name in ("near", "far"):
        (tmp_path / name).mkdir()
        settings = f'[store]\nurl = "{url}"\n[bus]\nurl = "nats://127.0.0.1:{bus.port}"\n'
        (tmp_path / name / "nexus.toml").write_text(settings)
    with Server(tmp_path / "near") as near, Server(tmp_path / "far") as far:
        yield near, far
    postgres.drop(url)


def test_one_chat_on_two_nodes_whatever_is_killed(nodes: tuple[Server, Server], bus: nats.Server) -> None:
    near, far = nodes
    ann, bo = Device(near, name="Ann"), Device(far, name="Bo")
    for device in (ann, bo):
        device.ask("join", room="garden")
    ann.hears(lambda frame: frame["type"] == "presence" and "Bo" in frame.get("here", []))
    ann.ask("post", room="garden", text="one")
    bo.reads("one")
    bus.kill()
    ann.ask("post", room="garden", text="two")
    bo.reads("two")
    bus.start()
    bo.ask("post", room="garden", text="three")
    ann.reads("three")
    near.kill()
    bo.hears(lambda frame: frame["type"] == "presence" and "Ann" in frame.get("gone", []))
    again = Device(far, session=ann.secret, resume={"garden": {"seq": 1, "at": 0}})
    again.reads("three")
    again.ask("post", room="garden", text="four")
    again.reads("four")
    bo.reads("four")
    assert again.texts() == ["two", "three", "four"]
    assert bo.texts() == ["one", "two", "three", "four"]


def test_an_operator_sees_all_nodes_from_any(nodes: tuple[Server, Server]) -> None:
    near, far = nodes
    device = Device(near, name="Ann")
    rows: list[dict[str, Any]] = []
    while [row["people"] for row in rows] != [1, 0]:  # it is told with the next sign of life
        told = subprocess.run(
            [sys.executable, "-m", "nexus", "nodes", "--data", str(far.data), "--json"],
            capture_output=True,
            check=False,
            timeout=PATIENCE,
        )
        assert told.returncode == 0, told.stderr
        rows = json.loads(told.stdout)
    assert [(row["gone"], row["behind"]) for row in rows] == [(False, 0), (False, 0)]
    with urllib.request.urlopen(f"{far.url}/metrics", timeout=PATIENCE) as answer:
        metrics = answer.read().decode()
    assert "\nnexus_node_behind 0.0\n" in metrics
    seen = re.findall(r'nexus_node_seen_seconds\{node="(\d+) [^"]+",version="([^"]+)"\} ', metrics)
    assert seen == [(str(row["run"]), row["version"]) for row in rows]
    device.socket.close()
