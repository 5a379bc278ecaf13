"""The opening handshake of RFC 6455: a request's head in, the answer's bytes out."""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus

import msgspec

from nexus.gateway.websocket import deflate

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_REQUEST_LINE = re.compile(r"([!-~]+) ([!-~]+) HTTP/1\.1")
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00\r\n]*)")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_ABSOLUTE = re.compile("https?://[^/?#]*", re.IGNORECASE)
_KEY = re.compile(r"[A-Za-z0-9+/]{22}==")
_PLACE = r"([^/?#@:,\s\[\]]+|\[[0-9a-fA-F:.]+\])(?::([0-9]{1,5}))?"
_HOST = re.compile(_PLACE)
_ORIGIN = re.compile(f"(https?)://{_PLACE}")
_ONCE = ("host", "origin", "sec-websocket-key", "sec-websocket-version")
_UPGRADE = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13")
MALFORMED = "malformed"
REASONS = ("host", "origin", "path", "stopping", "full", "address", MALFORMED)
"""Why handshakes are refused: the name asked for, the page that asks, and so on; what is no handshake last."""

_PORTS = {"http": 80, "https": 443}


class Request(msgspec.Struct, frozen=True):
    """A request's head; `path` is its target without the query, `headers` has the values by name in lower case."""

    method: str
    path: str
    headers: Mapping[str, Sequence[str]]

    def header(self, name: str) -> str | None:
        """The value of a header, None where there is none; several are joined (RFC 9110 section 5.3)."""
        values = self.headers.get(name)
        return ", ".join(values) if values else None

    def tokens(self, name: str) -> list[str]:
        """The parts of a header that is a list, without the empty ones (RFC 9110 section 5.6.1)."""
        parts = (self.header(name) or "").split(",")
        return [part for raw in parts if (part := raw.strip(" \t"))]


class Accepted(msgspec.Struct, frozen=True):
    """The connection is a WebSocket once `response` is sent; `deflate`: compression was negotiated."""

    response: bytes
    subprotocol: str | None
    deflate: bool


class Rejected(msgspec.Struct, frozen=True):
    """The connection ends once `response` is sent; `reason` is a word for the metrics, one of REASONS."""

    response: bytes
    reason: str


def parse_request(head: bytes) -> Request:
    """Read a request up to its blank line; what is no request comes back without a method, to be rejected."""
    lines, blank, _ = head.decode("latin-1").partition("\r\n\r\n")
    first, *rest = lines.split("\r\n")
    start = _REQUEST_LINE.fullmatch(first)
    headers = [_HEADER.fullmatch(line) for line in rest]
    if not blank or start is None or None in headers:
        return Request("", "", {})
    read = by_name((match[1], match[2].rstrip(" \t")) for match in headers if match)
    target = _ABSOLUTE.sub("", start[2], count=1) if start[2][:1] != "/" else start[2]
    return Request(start[1], target.partition("?")[0], read)


def by_name(headers: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The values of each header, in their order, by its name in lower case."""
    values: dict[str, list[str]] = {}
    for name, value in headers:
        values.setdefault(name.lower(), []).append(value)
    return values


def answer(request: Request, *, subprotocols: Sequence[str], compress: bool) -> Accepted | Rejected:
    """Accept or reject a WebSocket (RFC 6455 section 4.2); of `subprotocols` the first that was offered is spoken.

    A client that offers none is let in; `compress` says whether an offer of permessage-deflate is taken up.
    """
    wrong = _find_fault(request)
    if wrong is not None:
        return wrong
    offered = request.tokens("sec-websocket-protocol")
    spoken = next((name for name in subprotocols if name in offered), None)
    if offered and subprotocols and spoken is None:
        return reject(400, f"This server speaks {' or '.join(subprotocols)}, which was not among those offered.")
    extension = deflate.negotiate(request.header("sec-websocket-extensions") or "") if compress else None
    digest = hashlib.sha1((request.header("sec-websocket-key") or "").encode() + _GUID).digest()
    lines = [
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Accept: {base64.b64encode(digest).decode()}",
    ]
    if spoken is not None:
        lines.append(f"Sec-WebSocket-Protocol: {spoken}")
    if extension is not None:
        lines.append(f"Sec-WebSocket-Extensions: {extension}")
    response = "\r\n".join([*lines, "", ""]).encode()
    return Accepted(response, spoken, extension is not None)


def _find_fault(request: Request) -> Rejected | None:
    """What RFC 6455 section 4.2.1 wants of a request and this one lacks."""
    version = request.header("sec-websocket-version")
    if not request.method:
        return reject(400, "This is not the head of an HTTP/1.1 request.")
    for name in _ONCE:
        if len(request.headers.get(name, ())) > 1:
            return reject(400, f"The header {name} may be there only once.")
    if request.method != "GET":
        return reject(405, f"A WebSocket is opened with GET, not {request.method[:20]}.", "Allow: GET")
    if "websocket" not in (token.lower() for token in request.tokens("upgrade")):
        return reject(426, "This address accepts WebSocket connections: send 'Upgrade: websocket'.", *_UPGRADE)
    if "upgrade" not in (token.lower() for token in request.tokens("connection")):
        return reject(400, "A request for an upgrade says 'Connection: Upgrade'.")
    if "host" not in request.headers:
        return reject(400, "The header host is missing.")
    if version != "13":
        return reject(426, "The header sec-websocket-version has to be 13 (RFC 6455).", *_UPGRADE)
    if not _KEY.fullmatch(request.header("sec-websocket-key") or ""):
        return reject(400, "The header sec-websocket-key has to be 16 bytes in base64.")
    offers = request.header("sec-websocket-extensions")
    if offers is not None and not deflate.well_formed(offers):
        return reject(400, "The header sec-websocket-extensions has to be a list of extensions.")
    if not all(map(_TOKEN.fullmatch, request.tokens("sec-websocket-protocol"))):
        return reject(400, "The header sec-websocket-protocol has to be a list of names.")
    return None


def reject(status: int, why: str, *headers: str, reason: str = MALFORMED) -> Rejected:
    """An answer that ends the connection; `why` is a sentence for a person, `reason` a word for the metrics."""
    body = f"{why}\n".encode()
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        *headers,
        "Content-Type: text/plain; charset=utf-8",
        "X-Content-Type-Options: nosniff",
        "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return Rejected("\r\n".join([*lines, "", ""]).encode() + body, reason)


def origin_allowed(request: Request, allowed: Sequence[str], tls: bool) -> bool:
    """Whether the page that asks may connect (RFC 6455 section 10.2), so that no stranger's page uses a login.

    No Origin: it is no browser. The server's own host and port: its own page. Otherwise one of `allowed`, which
    holds origins as browsers write them ("https://chat.example.org") or "*" for all. `tls`: this server speaks
    TLS itself; without it a proxy may, so that both http and https pages of the host are its own.
    """
    origin = request.header("origin")
    if origin is None or "*" in allowed or origin in allowed:
        return True
    page = _ORIGIN.fullmatch(origin.lower())
    host = _HOST.fullmatch((request.header("host") or "").lower())
    if page is None or host is None or (tls and page[1] != "https"):
        return False
    usual = _PORTS[page[1]]
    return (page[2], int(page[3] or usual)) == (host[1], int(host[2] or usual))
