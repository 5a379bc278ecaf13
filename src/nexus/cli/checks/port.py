"""The port: free, or answered by a Nexus."""

import errno
import http.client
import json
import socket
import ssl

from nexus.cli.checks import Check
from nexus.settings import Settings

PATIENCE = 3.0
"""Seconds in which the program on the port has to answer."""

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""Addresses to listen on, and where what listens there is reached from here."""


def check(settings: Settings, *, running: bool) -> Check:
    """Whether a server could listen on every address, or does; `running` says that one holds this data directory."""
    checks = [_check_at(settings, host, running=running) for host in dict.fromkeys(settings.host)]
    return next((check for check in checks if check.state != "ok"), _together(checks))


def _together(checks: list[Check]) -> Check:
    return checks[0]._replace(sentence=" ".join(check.sentence for check in checks))


def _check_at(settings: Settings, host: str, *, running: bool) -> Check:
    port = settings.port
    where = f"Port {port} on {host}"
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        return Check("port", "FAIL", f"This machine has no address {host!r}; choose another with --host.")
    family, kind, protocol, _, address = found[0]
    try:
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except OSError as error:
        return _not_free(settings, host, where, error, running=running)
    if port == 0:
        return Check("port", "ok", f"Any free port on {host}.")
    return Check("port", "ok", f"{where} is free.")


def _not_free(settings: Settings, host: str, where: str, error: OSError, *, running: bool) -> Check:
    if error.errno == errno.EACCES:
        return Check("port", "FAIL", f"{where} may not be used by you; choose one above 1023 with --port.")
    if error.errno == errno.EADDRNOTAVAIL:
        return Check("port", "FAIL", f"{host} is not an address of this machine; choose another with --host.")
    if error.errno != errno.EADDRINUSE:
        return Check("port", "FAIL", f"{where} cannot be used ({error.strerror}); choose another with --port.")
    version = nexus_at(settings, host)
    if version is None:
        return Check("port", "FAIL", f"{where} is used by another program; choose another with --port.")
    if not running:
        return Check(
            "port", "FAIL", f"{where} is used by a Nexus {version} with other data; choose another with --port."
        )
    return Check("port", "ok", f"{where} is answered by Nexus {version}.")


def nexus_at(settings: Settings, host: str) -> str | None:
    """The version of the Nexus that answers there; None for anything else."""
    host = EVERYWHERE.get(host, host)
    connection: http.client.HTTPConnection
    if settings.tls.certificate:
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # asked who it is, told nothing
        trusting.check_hostname = False
        trusting.verify_mode = ssl.CERT_NONE
        connection = http.client.HTTPSConnection(host, settings.port, timeout=PATIENCE, context=trusting)
    else:
        connection = http.client.HTTPConnection(host, settings.port, timeout=PATIENCE)
    try:
        connection.request("GET", "/api/server")
        told = json.loads(connection.getresponse().read(65_536))
        return str(told["version"]) if told["subprotocol"].startswith("nexus.") else None
    except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError, AttributeError):
        return None  # whatever speaks there, it does not speak like a Nexus
    finally:
        connection.close()
