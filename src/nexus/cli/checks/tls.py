"""The certificate and its key: readable, belonging together, and not expired."""

import ssl
import time
from pathlib import Path

from nexus.cli.checks import Check
from nexus.settings import Tls

SOON = 14 * 86400
"""Seconds before its end at which a certificate should have been renewed."""


class TlsError(Exception):
    """The files cannot be used; the message is a sentence."""


def check(tls: Tls) -> Check:
    """Both files."""
    if not tls.certificate:
        return Check("tls", "ok", "TLS is off; behind a proxy that does it, or on one machine, that is fine.")
    try:
        left = expiry(tls) - time.time()
    except TlsError as error:
        return Check("tls", "FAIL", str(error))
    days = int(left // 86400)
    if left < SOON:
        return Check("tls", "warn", f"The certificate in {tls.certificate} ends in {days} days; renew it.")
    return Check("tls", "ok", f"The certificate and its key match; it is valid for {days} more days.")


def expiry(tls: Tls) -> float:
    """When the certificate ends, in seconds of the clock; raises TlsError where a server could not use it."""
    _readable("tls.certificate", tls.certificate)
    _readable("tls.key", tls.key)
    server = _server_side(tls)
    try:
        ends = _shake_hands(server, tls.certificate)
    except ssl.SSLCertVerificationError as error:
        if "expired" in error.verify_message:
            raise TlsError(f"The certificate in {tls.certificate} has expired; renew it.") from None
        raise TlsError(f"The certificate in {tls.certificate} cannot be used: {error.verify_message}.") from None
    except ssl.SSLError as error:
        raise TlsError(f"The certificate in {tls.certificate} cannot be used: {error.reason}.") from None
    return ssl.cert_time_to_seconds(ends)


def _readable(name: str, file: str) -> None:
    try:
        with Path(file).open("rb"):
            pass
    except OSError as error:
        raise TlsError(f"{name} is {file!r}, which cannot be read ({error.strerror}).") from None


def _server_side(tls: Tls) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    asked = []

    def pass_phrase() -> str:
        asked.append(True)
        return ""

    try:
        context.load_cert_chain(tls.certificate, tls.key, pass_phrase)
    except ssl.SSLError as error:
        if asked:
            why = f"The key in {tls.key} has a passphrase; save it without one (openssl pkey)."
        elif error.reason == "KEY_VALUES_MISMATCH":
            why = f"The key in {tls.key} does not belong to the first certificate in {tls.certificate}."
        else:
            why = f"{tls.certificate} and {tls.key} are not a certificate and its key, each in PEM form."
        raise TlsError(why) from None
    return context


def _shake_hands(server_side: ssl.SSLContext, certificate: str) -> str:
    """Connect in memory with a client that trusts this certificate alone; the date on which it ends.

    This is how the standard library reads a certificate: it parses only one that it has verified.
    """
    client_side = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client_side.check_hostname = False
    client_side.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    client_side.load_verify_locations(certificate)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_side.wrap_bio(back, there)
    server = server_side.wrap_bio(there, back, server_side=True)
    for side in (client, server, client, server):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    peer = client.getpeercert() or {}
    return str(peer["notAfter"])
