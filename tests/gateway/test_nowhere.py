"""An address that there is not: a page for a person, JSON for a program."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest

from tests.live.server import Server


def look(url: str, accept: str, method: str = "GET") -> tuple[int, Message, bytes]:
    """The answer, whatever it is."""
    request = urllib.request.Request(url, headers={"Accept": accept}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as why:
        return why.code, why.headers, why.read()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for these tests."""
    with Server(tmp_path_factory.mktemp("nowhere") / "data") as running:
        yield running


@pytest.mark.parametrize("path", ["/nothing", "/rooms/garden", "/r", "/invite"])
def test_a_person_gets_the_page_which_is_kept_nowhere(server: Server, path: str) -> None:
    code, headers, body = look(server.url + path, "text/html,*/*;q=0.8")
    assert (code, headers.get_content_type(), headers["Cache-Control"]) == (404, "text/html", "no-store")
    assert headers["Content-Security-Policy"]
    assert headers["ETag"] is None
    assert b'id="page"' in body


def test_a_program_gets_a_sentence_in_json(server: Server) -> None:
    for accept in ("*/*", "application/json"):
        code, headers, _ = look(f"{server.url}/nothing", accept)
        assert (code, headers.get_content_type()) == (404, "application/json")
    code, headers, _ = look(f"{server.url}/nothing", "text/html", method="POST")
    assert (code, headers.get_content_type()) == (404, "application/json")


def test_what_is_there_is_as_it_was(server: Server, tmp_path: Path) -> None:
    code, headers, _ = look(f"{server.url}/r/garden", "text/html")
    assert (code, headers["Cache-Control"]) == (200, "no-cache")
    assert not (tmp_path / "nothing").exists()
