"""What the same port says to a browser, a monitor and a program."""

import http.client
import json
from urllib.parse import urlsplit

import pytest

from tests.conformance.peer import WITHIN, Peer, fresh


def get(url: str, path: str, method: str = "GET") -> tuple[int, dict[str, str], str]:
    """Status, headers and body of an answer."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "wss" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=WITHIN)
    connection.request(method, path)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


def test_the_front_page_is_a_page_that_loads_nothing_from_elsewhere(url: str) -> None:
    status, headers, body = get(url, "/")

    assert status == 200
    assert headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "http" not in body.replace("http-equiv", "").split("<body")[0]


@pytest.mark.parametrize("path", ["/", "/r/garden", "/healthz", "/api/server", "/metrics", "/nowhere", "/worker.js"])
def test_every_answer_says_that_a_browser_must_make_nothing_else_of_it(url: str, path: str) -> None:
    _, headers, _ = get(url, path)

    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert ("strict-transport-security" in headers) == url.startswith("wss")


def test_it_is_healthy_and_ready(url: str) -> None:
    assert get(url, "/healthz")[::2] == (200, "ok\n")
    status, _, body = get(url, "/readyz")
    assert (status, json.loads(body)["ready"]) == (200, True)


def test_metrics_count_what_happens(url: str) -> None:
    def posts() -> float:
        lines = get(url, "/metrics")[2].splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith("nexus_posts_total "))

    before, ann, garden = posts(), Peer(url), fresh("garden")
    ann.greet(fresh("Ann"))
    ann.done("join", room=garden)
    ann.post(garden, "hello")
    ann.leave()

    assert posts() >= before + 1


@pytest.mark.parametrize(
    "name",
    [
        "connections", "sessions", "rooms", "posts_total", "deliveries_total", "delivered_bytes_total",
        "commit_group_size_bucket", "commit_seconds_bucket", "listeners_behind", "refusals_total", "loop_lag_seconds",
    ],
)  # fmt: skip
def test_metrics_tell_how_the_server_is(url: str, name: str) -> None:
    ann = Peer(url)
    ann.refused("unauthorised", "ping")
    ann.leave()

    assert f"\nnexus_{name}" in get(url, "/metrics")[2]


def test_the_server_says_what_it_is_and_describes_its_api(url: str) -> None:
    info = json.loads(get(url, "/api/server")[2])
    description = json.loads(get(url, "/api/openapi.json")[2])

    assert (info["websocket"], info["subprotocol"]) == ("/ws", "nexus.v1")
    assert {"/healthz", "/readyz", "/metrics", "/api/server"} <= set(description["paths"])


def test_a_name_is_free_until_someone_has_it_or_one_that_looks_like_it(url: str) -> None:
    name = fresh("Ann")
    assert json.loads(get(url, f"/api/names/{name}")[2]) == {"free": True}
    ann = Peer(url)
    ann.greet(name)

    for taken in (name, name.upper()):
        told = json.loads(get(url, f"/api/names/{taken}")[2])
        assert not told["free"]
        assert "taken" in told["why"]
        assert json.loads(get(url, f"/api/names/{told['instead']}")[2]) == {"free": True}
    assert "no spaces" in json.loads(get(url, "/api/names/Ann%20the%20first")[2])["why"]
    ann.leave()


def test_the_worker_of_the_page_knows_which_page_it_is_for(url: str) -> None:
    status, headers, worker = get(url, "/worker.js")
    stamp = get(url, "/")[2].partition('src="/web/')[2].partition("/")[0]

    assert (status, headers["cache-control"]) == (200, "no-cache")
    assert headers["content-type"].startswith("text/javascript")
    assert f"'/web/{stamp}/'" in worker
    assert "{{" not in worker
    for file in worker.partition("FILES = '")[2].partition("'")[0].split(" "):
        assert get(url, f"/web/{stamp}/{file}")[0] == 200, file


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/nowhere", 404),
        ("POST", "/", 405),
        ("GET", "/../../etc/passwd", 404),
        ("GET", "/%2e%2e/%2e%2e/etc", 404),
    ],
)
def test_an_unknown_address_is_answered_with_not_found(url: str, method: str, path: str, expected: int) -> None:
    status, headers, _ = get(url, path, method)

    assert status == expected
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/metrics", "/api/openapi.json"])
def test_head_is_answered_as_get_without_the_body(url: str, path: str) -> None:
    status, headers, body = get(url, path, "HEAD")

    assert (status, body) == (200, "")
    assert headers["content-type"] == get(url, path)[1]["content-type"]


def test_the_chats_address_opened_as_a_page_says_what_it_takes(url: str) -> None:
    status, headers, body = get(url, "/ws")

    assert (status, headers["upgrade"]) == (426, "websocket")
    assert "WebSocket" in body
