"""Who a person is on which server: the name asked for, and logins that are kept between commands."""

import json
import os
from pathlib import Path
from urllib.parse import urlsplit

from nexus.client.connection import address

LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""Hosts that are this machine."""


def state_directory() -> Path:
    """Where a person's own files of Nexus are; made where it is missing, for that person alone."""
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    directory = Path(base) / "nexus"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return directory


def typed_lines() -> Path | None:
    """The file of lines typed before, readable by that person alone; None where there can be none."""
    try:
        path = state_directory() / "history"
        path.touch(mode=0o600)
    except OSError:
        return None
    return path


def stored_login(url: str) -> str | None:
    """The token of the login on a server, where there is one; NEXUS_TOKEN goes first.

    Earlier versions kept it for the host alone: that one goes by TLS, or to this machine, but not in clear elsewhere.
    """
    logins, key = _read(), _key(url)
    safe = key.startswith("https:") or urlsplit(key).hostname in LOOPBACK
    return os.environ.get("NEXUS_TOKEN") or logins.get(key) or (logins.get(urlsplit(key).netloc) if safe else None)


def store_login(url: str, token: str | None) -> None:
    """Keep a login's token for next time, or forget it; raises OSError."""
    logins = _read()
    for key in (_key(url), urlsplit(_key(url)).netloc):
        logins.pop(key, None)
    if token is not None:
        logins[_key(url)] = token
    path = state_directory() / "logins.json"
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(logins, file)
    fresh.replace(path)


def _key(url: str) -> str:
    """A server: scheme, host, port and path, so that what was given out by TLS is not sent in clear."""
    parts = urlsplit(address(url))
    return f"{parts.scheme.replace('ws', 'http')}://{parts.netloc.lower()}{parts.path.removesuffix('/ws')}"


def _read() -> dict[str, str]:
    try:
        logins = json.loads((state_directory() / "logins.json").read_text())
    except (OSError, ValueError):
        return {}
    return {key: token for key, token in logins.items() if isinstance(token, str)} if isinstance(logins, dict) else {}
