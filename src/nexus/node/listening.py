"""The sockets that a node listens on, and by which address others reach it."""

import errno
import os
import socket
from contextlib import suppress
from ipaddress import ip_address

from nexus.settings import Settings

BACKLOG = 4096

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "127.0.0.1"}
"""Addresses that mean every network, and where what listens there is reached from this machine."""

ANOTHER = ("192.0.2.1", 9)
"""An address that is nobody's (RFC 5737): the way there tells our own address on the network, and nothing is sent."""


class CannotListen(Exception):  # noqa: N818  told to the person as it is
    """There is no such port or address for us; the message is a sentence that says why and what to do."""


def listen(settings: Settings) -> list[socket.socket]:
    """The listening sockets; `::` takes IPv4 as well. Raises CannotListen."""
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = found[0]
        both = settings.host == "::" and socket.has_dualstack_ipv6()
        return [socket.create_server(address[:2], family=family, backlog=BACKLOG, dualstack_ipv6=both)]
    except OSError as error:
        raise CannotListen(_why(settings, error)) from None


def _why(settings: Settings, error: OSError) -> str:
    where = f"port {settings.port} on {settings.host}"
    if error.errno == errno.EADDRINUSE:
        return f"{where[0].upper()}{where[1:]} is in use, perhaps by another Nexus; choose another with --port."
    if isinstance(error, socket.gaierror):
        return f"There is no address {settings.host!r} on this machine; choose another with --host."
    return f"Nexus cannot listen on {where} ({os.strerror(error.errno or 0)}); choose --host and --port."


def here(host: str) -> str:
    """The address at which this machine reaches what listens on a host, as it stands in a URL."""
    host = EVERYWHERE.get(host, host)
    return f"[{host}]" if ":" in host else host


def elsewhere(host: str) -> str | None:
    """The address at which others do; None where only this machine does, or where it has no network."""
    if host not in EVERYWHERE:
        return None if _is_loopback(host) else here(host)
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(ANOTHER)
        address: str = probe.getsockname()[0]
        return address
    return None


def address(settings: Settings, port: int) -> str:
    """Where people reach the server, as far as its settings tell; a name that it has is behind TLS, here or there."""
    tls = bool(settings.tls.certificate)
    names = [name for name in settings.hosts if not name.startswith("*")]
    host = names[0] if names else elsewhere(settings.host) or here(settings.host)
    scheme = "https" if tls or names else "http"
    usual = port == 443 or (names and not tls)
    return f"{scheme}://{host}" if usual else f"{scheme}://{host}:{port}"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
