"""The logins that the command line keeps belong to one server, by one way to reach it."""

import json
from pathlib import Path

import pytest

from nexus.cli.identity import store_login, stored_login


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv("NEXUS_TOKEN", raising=False)


@pytest.mark.parametrize("again", ["https://chat.example.org", "wss://chat.example.org", "HTTPS://Chat.Example.org/"])
def test_a_login_is_found_again_by_every_spelling_of_its_server(again: str) -> None:
    store_login("https://chat.example.org", "secret")

    assert stored_login(again) == "secret"


@pytest.mark.parametrize("other", ["http://chat.example.org", "ws://chat.example.org", "https://chat.example.org:8443"])
def test_a_login_that_was_made_by_tls_is_sent_nowhere_else(other: str) -> None:
    store_login("https://chat.example.org", "secret")

    assert stored_login(other) is None


def test_a_login_that_an_earlier_version_kept_by_the_host_is_not_sent_in_clear(tmp_path: Path) -> None:
    (tmp_path / "nexus").mkdir()
    kept = {"chat.example.org": "secret", "127.0.0.1:8000": "here"}
    (tmp_path / "nexus" / "logins.json").write_text(json.dumps(kept))

    assert stored_login("http://chat.example.org") is None
    assert stored_login("https://chat.example.org") == "secret"
    assert stored_login("http://127.0.0.1:8000") == "here"
