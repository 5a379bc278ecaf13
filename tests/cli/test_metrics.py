"""`/metrics`, `/readyz` and `/healthz` of a real server: what they tell, where, and to whom."""

import http.client
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from nexus import __version__
from tests.cli.command import Serving, serving

TOKEN = "a-token-for-the-monitor"

TOLD = (
    *("process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds", "process_start_time_seconds"),
    *("nexus_ready", "nexus_database_bytes", "nexus_wal_bytes", "nexus_disk_bytes", "nexus_disk_free_bytes"),
    *("nexus_accounts", "nexus_transcript_lag_seconds", "nexus_failed_logins_total", "nexus_budget_refusals_total"),
)


def ask(url: str, path: str = "", method: str = "GET", **headers: str) -> tuple[int, str, dict[str, str]]:
    """Status, body and headers of an answer."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    connection.request(method, parts.path + path, headers=headers)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body, {name.lower(): value for name, value in answer.getheaders()}


def numbers(text: str) -> dict[str, float]:
    """Each metric with its labels, and its value."""
    lines = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in lines}


def url_of(server: Serving) -> str:
    """Where the server is."""
    return server.told("Open").strip()


def say(url: str, *commands: dict[str, Any]) -> list[dict[str, Any]]:
    """Say commands in a conversation of one's own; the reply to each."""
    replies = []
    with connect(f"ws{url.removeprefix('http')}/ws", subprotocols=[Subprotocol("nexus.v1")]) as socket:
        for ref, command in enumerate(commands):
            socket.send(json.dumps({"ref": ref, **command}))
            while (frame := json.loads(socket.recv(20))).get("ref") != ref:
                pass
            replies.append(frame)
    return replies


def test_they_tell_what_an_operator_watches(tmp_path: Path) -> None:
    password = "correct horse battery"
    with serving("--pace-commands", "0.001", "--pace-commands-burst", "3", cwd=tmp_path) as server:
        url = url_of(server)
        hello = {"type": "hello", "name": "Ann"}
        replies = say(url, hello, {"type": "register", "name": "Ann", "password": password})
        assert replies[1]["type"] == "done"
        wrong = {"type": "login", "name": "Ann", "password": "something else"}
        replies = say(url, {**hello, "name": "Bo"}, wrong, {"type": "rooms"}, {"type": "rooms"}, {"type": "rooms"})
        assert [replies[1]["code"], replies[-1]["code"]] == ["unauthorised", "too_fast"]
        with pytest.raises(InvalidStatus), connect(f"ws{url.removeprefix('http')}/elsewhere"):
            pass
        with (
            pytest.raises(InvalidStatus),
            connect(f"ws{url.removeprefix('http')}/ws", origin=Origin("https://example.net")),
        ):
            pass
        status, text, headers = ask(url, "/metrics")
        told = numbers(text)

    assert status == 200
    assert headers["content-type"].startswith("text/plain")
    assert [name for name in TOLD if name not in told] == []
    assert told["nexus_ready"] == told["nexus_accounts"] == told["nexus_failed_logins_total"] == 1
    assert told["nexus_budget_refusals_total"] >= 1
    assert told['nexus_refused_handshakes_total{reason="path"}'] == 1
    assert told['nexus_refused_handshakes_total{reason="origin"}'] == 1
    assert told['nexus_refused_handshakes_total{reason="full"}'] == 0
    assert told["nexus_database_bytes"] > 0
    assert told["nexus_disk_bytes"] > told["nexus_disk_free_bytes"] > 0
    build = next(name for name in told if name.startswith("nexus_build_info"))
    assert f'version="{__version__}"' in build
    assert "sqlite=" in build


def test_with_an_address_of_their_own_they_are_nowhere_else(tmp_path: Path) -> None:
    with serving("--metrics-listen", "127.0.0.1:0", cwd=tmp_path) as server:
        metrics = server.told("Metrics").strip()
        own = metrics.removesuffix("/metrics")
        there, here = ask(metrics), ask(url_of(server), "/metrics")
        others = {path: ask(own, path)[0] for path in ("/healthz", "/readyz", "/", "/api/server", "/ws")}
        upgrade = ask(own, "/ws", Connection="Upgrade", Upgrade="websocket")
        assert server.stop()[0] == 0

    assert (there[0], "nexus_ready 1.0" in there[1]) == (200, True)
    assert here[0] == 404
    assert others == {"/healthz": 200, "/readyz": 200, "/": 404, "/api/server": 404, "/ws": 404}
    assert upgrade[0] == 404


@pytest.mark.parametrize("listen", ["", "127.0.0.1:0"])
def test_with_a_token_they_are_for_anyone_who_has_it(tmp_path: Path, listen: str) -> None:
    with serving("--metrics-token", TOKEN, "--metrics-listen", listen, cwd=tmp_path) as server:
        url = server.told("Metrics").strip() if listen else f"{url_of(server)}/metrics"
        without, wrong = ask(url), ask(url, Authorization=f"Bearer {TOKEN}x")
        right = ask(url, Authorization=f"Bearer {TOKEN}")
        head = ask(url, method="HEAD", Authorization=f"Bearer {TOKEN}")

    assert (without[0], without[2]["www-authenticate"]) == (401, "Bearer")
    assert wrong[0] == 401
    assert "metrics.token" in json.loads(without[1])["detail"]
    assert right[0] == 200
    assert (head[0], head[1]) == (200, "")


def test_head_is_answered_wherever_get_is(tmp_path: Path) -> None:
    with serving(cwd=tmp_path) as server:
        url = url_of(server)
        described = json.loads(ask(url, "/api/openapi.json")[1])["paths"]
        paths = [path.replace("{name}", "Ann") for path, methods in described.items() if "get" in methods]
        page = ask(url, "/")[1]
        file = re.findall(r'"(/web/[^"]+\.js)"', page)[0]
        wrong = {}
        for path in [*paths, "/", "/r/garden", "/worker.js", "/ws", "/api/openapi.json", "/metrics", file]:
            got, head = ask(url, path), ask(url, path, "HEAD")
            if (head[0], head[1]) != (got[0], "") or head[2].get("content-type") != got[2].get("content-type"):
                wrong[path] = (got[0], head[:2])

    assert {"/healthz", "/readyz", "/api/server", "/api/names/Ann"} <= set(paths)
    assert not wrong
