"""The one cookie: who one is, where no script can read it."""

import hashlib
import re

from nexus.gateway.websocket.handshake import Request

_SECRET = re.compile(r"[A-Za-z0-9_=-]{1,200}")


def is_secret(text: str) -> bool:
    """Whether a text could be a session's secret or a login's token."""
    return _SECRET.fullmatch(text) is not None


def cookie_name(key: bytes, base: str = "") -> str:
    """The name of this server's cookie: another port or path of the same host may be another server, with its own."""
    return f"nexus-{hashlib.sha256(b'nexus cookie' + key + base.encode()).hexdigest()[:8]}"


def host_name(name: str) -> str:
    """The cookie's name behind TLS, where browsers take it from this very host alone (RFC 6265bis section 4.1.3.2)."""
    return f"__Host-{name}"


def kept_secret(request: Request, name: str, *, tls: bool) -> str:
    """What the browser kept; empty where it has nothing, or nothing that could be ours."""
    if tls or (request.header("origin") or "").startswith("https:"):
        name = host_name(name)
    for part in (request.header("cookie") or "").split(";"):
        key, _, value = part.strip().partition("=")
        if key == name and is_secret(value):
            return value
    return ""
