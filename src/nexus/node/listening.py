"""The sockets that a node listens on, and by which address others reach it."""

import errno
import os
import socket
from contextlib import suppress
from ipaddress import ip_address

from nexus.settings import Settings
from nexus.settings.rules import place_of

BACKLOG = 4096

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "127.0.0.1"}
"""Addresses that mean every network, and where what listens there is reached from this machine."""

ANOTHER = ("192.0.2.1", 9)
"""An address that is nobody's (RFC 5737): the way there tells our own address on the network, and nothing is sent."""

TRIES = 20
"""How often a free port is looked for that is free on every address."""


class CannotListen(Exception):  # noqa: N818  told to the person as it is
    """There is no such port or address for us; the message is a sentence that says why and what to do."""


def listen(settings: Settings) -> list[socket.socket]:
    """The listening sockets, one for each address, on one port; `::` takes IPv4 as well. Raises CannotListen."""
    hosts = list(dict.fromkeys(settings.host))
    for tries in range(TRIES):
        sockets: list[socket.socket] = []
        try:
            for host in hosts:
                port = sockets[0].getsockname()[1] if sockets else settings.port
                sockets.append(_listen_at(host, port, alone=len(hosts) == 1))
            return sockets
        except OSError as error:
            for opened in sockets:
                opened.close()
            # A free port of the first address may be taken on the next.
            if settings.port or not sockets or error.errno != errno.EADDRINUSE or tries == TRIES - 1:
                raise CannotListen(_why(host, settings.port, error, "--host", "--port")) from None
    raise AssertionError("The last try returns or raises.")


def listen_for_metrics(settings: Settings) -> list[socket.socket]:
    """The listening socket of `metrics.listen`, where that is set. Raises CannotListen."""
    place = place_of(settings.metrics.listen)
    if place is None:
        return []
    try:
        return [_listen_at(*place, alone=True)]
    except OSError as error:
        raise CannotListen(_why(*place, error, "--metrics-listen", "--metrics-listen")) from None


def _listen_at(host: str, port: int, *, alone: bool) -> socket.socket:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, _, _, _, address = found[0]
    # Beside others, IPv4 may have an address of its own.
    both = host == "::" and alone and socket.has_dualstack_ipv6()
    return socket.create_server(address[:2], family=family, backlog=BACKLOG, dualstack_ipv6=both)


def _why(host: str, port: int, error: OSError, host_flag: str, port_flag: str) -> str:
    where = f"port {port} on {host}"
    if error.errno == errno.EADDRINUSE:
        return f"{where[0].upper()}{where[1:]} is in use, perhaps by another Nexus; choose another with {port_flag}."
    if isinstance(error, socket.gaierror):
        return f"There is no address {host!r} on this machine; choose another with {host_flag}."
    flags = " and ".join(dict.fromkeys((host_flag, port_flag)))
    return f"Nexus cannot listen on {where} ({os.strerror(error.errno or 0)}); choose {flags}."


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


def open_to_all(settings: Settings) -> list[str]:
    """What someone who lets others in should know."""
    known = [] if settings.tls.certificate else ["without TLS, so that anyone on the way can read along"]
    known += ["everyone may come in as a guest"] if settings.guests != "none" else []
    known += ["everyone may register"] if settings.accounts.register == "everyone" else []
    known += ["everyone may read /metrics"] if not (settings.metrics.token or settings.metrics.listen) else []
    return known


def address(settings: Settings, port: int) -> str:
    """Where people reach the server, as far as its settings tell; a name that it has is behind TLS, here or there."""
    tls = bool(settings.tls.certificate)
    names = [name for name in settings.hosts if not name.startswith("*")]
    others = next(filter(None, map(elsewhere, settings.host)), None)
    host = names[0] if names else others or here(settings.host[0])
    scheme = "https" if tls or names else "http"
    usual = port == 443 or (names and not tls)
    return f"{scheme}://{host}{'' if usual else f':{port}'}{settings.base}"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
