"""What the types of the settings cannot say: texts of a certain form, and values that must fit each other."""

import re
from collections.abc import Callable
from ipaddress import IPv6Address, ip_network
from urllib.parse import urlsplit

from nexus.settings.fields import Limits, Metrics, Settings

UTF8_BYTES = 4
"""The most bytes of one character."""

AROUND_TEXT = 1024
"""Bytes of a frame besides its text, at most: names, nonce and punctuation."""

_HOST = re.compile(r"(\*\.)?[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")

_BASE = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,62}){1,4}")

SHORTEST_TOKEN = 8
MOST_PORT = 65535

_TOKEN = re.compile(rf"[A-Za-z0-9._~+/=-]{{{SHORTEST_TOKEN},}}")

QUOTED = 60
"""Characters of a value that a sentence quotes, at most."""

Said = Callable[[str], str]
"""Tells of a setting, by its name: its value and where that came from."""


def complaint(settings: Settings, said: Said) -> str | None:
    """The first thing wrong, as a sentence; None where all is well."""
    return (
        _about_the_address(settings, said)
        or _about_trust(settings, said)
        or _about_limits(settings.limits, said)
        or _about_times(settings, said)
        or _about_metrics(settings.metrics, said)
        or _about_the_store(settings)
    )


def _about_the_address(settings: Settings, said: Said) -> str | None:
    tls = settings.tls
    for host in settings.host:
        if not _is_ipv6(host) and not _is_name(host):
            right = "an address or a name alone, such as 0.0.0.0, ::1 or localhost"
            return f"{said('host')}; {_shorten(host)} must be {right}."
    if settings.base and not _BASE.fullmatch(settings.base):
        return f"{said('base')}; it must be a path with a / at its beginning and none at its end, such as /chat."
    if not settings.title.strip():
        return f"{said('title')}; it must have a letter."
    if tls.certificate and not tls.key:
        return f"{said('tls.certificate')}, but tls.key is empty; TLS needs both files."
    if tls.key and not tls.certificate:
        return f"{said('tls.key')}, but tls.certificate is empty; TLS needs both files."
    return None


def _about_the_store(settings: Settings) -> str | None:
    """What is wrong with where the chat is kept, without a URL, which may have a password in it."""
    store, bus = settings.store.url, settings.bus.url
    if store and not store.startswith(("postgresql://", "postgres://")):
        return "store.url must begin with postgresql://, or be empty."
    if bus and not store:
        return "bus.url is set, but store.url is empty; several nodes need a PostgreSQL that they share."
    if bus and not all(one.strip().startswith(("nats://", "tls://")) for one in bus.split(",")):
        return "bus.url must begin with nats:// or tls://, or be empty."
    return None


def _about_trust(settings: Settings, said: Said) -> str | None:
    for origin in settings.origins:
        if not _is_origin(origin):
            return (
                f"{said('origins')}; {_shorten(origin)} must be what a browser sends: a scheme, a host in small "
                "letters and a port if it is not the usual one, such as https://chat.example.org."
            )
    for host in settings.hosts:
        if not _HOST.fullmatch(host):
            return (
                f"{said('hosts')}; {_shorten(host)} must be a name in small letters without a scheme or port, such as "
                "chat.example.org or *.example.org."
            )
    for proxy in settings.proxies:
        if not _is_network(proxy):
            return (
                f"{said('proxies')}; {_shorten(proxy)} must be an address or a network, such as 10.0.0.7, ::1 or "
                "10.0.0.0/8."
            )
    return None


def _shorten(text: str) -> str:
    """A value as it is quoted in a sentence."""
    return repr(text if len(text) <= QUOTED else text[: QUOTED - 1] + "…")


def _about_limits(limits: Limits, said: Said) -> str | None:
    for name, characters in (("limits.text", limits.text), ("limits.topic", limits.topic)):
        needed = characters * UTF8_BYTES + AROUND_TEXT
        if limits.frame < needed:
            return f"{said('limits.frame')} and {said(name)}; the frame must hold it, in {needed} bytes or more."
    for name, size in (("limits.waiting_bytes", limits.waiting_bytes), ("limits.tail_bytes", limits.tail_bytes)):
        if size < limits.frame:
            return f"{said(name)} and {said('limits.frame')}; {name} must hold at least one frame."
    return None


def _about_times(settings: Settings, said: Said) -> str | None:
    if settings.heartbeat.within <= settings.heartbeat.every:
        return (
            f"{said('heartbeat.within')} and {said('heartbeat.every')}; within must be longer than every, "
            "or everyone who is silent counts as dead before being asked."
        )
    return None


def _about_metrics(metrics: Metrics, said: Said) -> str | None:
    if metrics.listen and place_of(metrics.listen) is None:
        return f"{said('metrics.listen')}; it must be an address and a port, such as 127.0.0.1:9100 or [::1]:9100."
    if metrics.token and not _TOKEN.fullmatch(metrics.token):
        return f"metrics.token must be letters, digits and -._~+/= alone, {SHORTEST_TOKEN} or more; it is a password."
    return None


def place_of(text: str) -> tuple[str, int] | None:
    """The address and port that a text such as `127.0.0.1:9100` or `[::1]:9100` names; None where it names none."""
    host, _, port = text.rpartition(":")
    bare = host[1:-1] if host[:1] == "[" and host[-1:] == "]" and _is_ipv6(host[1:-1]) else host
    if bare == host and not _is_name(host):
        return None
    return (bare, int(port)) if re.fullmatch("[0-9]{1,5}", port) and int(port) <= MOST_PORT else None


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True


def _is_name(text: str) -> bool:
    try:
        return bool(text.encode("idna")) and not set(text) & set("/[]: ,")
    except UnicodeError:  # a part of it is empty or longer than 63 bytes, which the network has no form for
        return False


def _is_network(text: str) -> bool:
    try:
        return bool(ip_network(text))
    except ValueError:
        return False


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
        usual = {"http": 80, "https": 443}.get(parts.scheme)
        host = parts.hostname or ""
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError:  # a port that is no number, or brackets that do not close
        return False
    written = f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"
    return usual is not None and bool(host) and written == text and parts.port != usual
