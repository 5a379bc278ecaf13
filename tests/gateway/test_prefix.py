"""A server below a path: what is asked for with it and without it, and how the page and the cookie name it."""

import http.client
import json
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from nexus.client.connection import address
from nexus.gateway.http.prefix import without
from nexus.settings import Settings
from nexus.settings.load import SettingsError, load
from tests.cli.command import serving


@pytest.mark.parametrize(
    ("base", "path", "rest"),
    [
        ("/chat", "/chat/ws", "/ws"),
        ("/chat", "/chat", "/"),
        ("/chat", "/chat?x", "/?x"),
        ("/chat", "/chat/", "/"),
        ("/chat", "/chatter/ws", "/chatter/ws"),
        ("/chat", "/ws", "/ws"),
        ("", "/chat/ws", "/chat/ws"),
    ],
)
def test_a_path_without_the_base(base: str, path: str, rest: str) -> None:
    assert without(base, path) == rest


@pytest.mark.parametrize(
    ("pasted", "there"),
    [
        ("https://example.org/chat", "wss://example.org/chat/ws"),
        ("https://example.org/chat/", "wss://example.org/chat/ws"),
        ("https://example.org/chat/r/garden/12", "wss://example.org/chat/ws"),
        ("https://example.org/chat/ws", "wss://example.org/chat/ws"),
        ("http://example.org:8000/r/garden", "ws://example.org:8000/ws"),
        ("http://example.org:8000/invite/xyz", "ws://example.org:8000/ws"),
        ("example.org:8000", "ws://example.org:8000/ws"),
    ],
)
def test_what_people_paste_is_an_address(pasted: str, there: str) -> None:
    assert address(pasted) == there


@pytest.mark.parametrize("base", ["chat", "/chat/", "/", "//chat", "/../x", '/ch"at', "/a b"])
def test_what_is_no_base_is_refused(base: str) -> None:
    with pytest.raises(SettingsError, match="base"):
        load({"--base": base}, {}, None, "nexus.toml")


def test_the_page_and_what_it_needs_are_below_the_base(tmp_path: Path) -> None:
    with serving("--base", "/chat", cwd=tmp_path) as server, ExitStack() as stack:
        url = server.told("Open")
        assert url.endswith("/chat")
        connection = stack.enter_context(closing(http.client.HTTPConnection(urlsplit(url).netloc)))

        def get(path: str) -> tuple[int, str]:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

        for path in ("/chat/", "/chat", "/chat/r/garden", "/r/garden"):
            status, page = get(path)
            assert (status, 'href="/chat/web/' in page, 'href="/web/' in page) == (200, True, False), path
        assert get("/chat/readyz")[0] == get("/readyz")[0] == 200
        assert json.loads(get("/chat/api/server")[1])["websocket"] == "/chat/ws"
        worker = get("/chat/worker.js")[1]
        assert "const HOME = '/chat/';" in worker
        connection.request("POST", "/chat/api/keep", '{"secret": "abc"}', {"Content-Type": "application/json"})
        answer = connection.getresponse()
        assert "Path=/chat/ws" in answer.headers["Set-Cookie"]


def test_the_default_is_the_root() -> None:
    assert Settings().base == ""
