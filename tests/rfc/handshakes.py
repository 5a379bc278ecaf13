"""The opening handshake and what is agreed on in it (RFC 6455 sections 4.2 and 9.1, RFC 7692 section 7.1)."""

from typing import NamedTuple

ASKED = {
    "Host": "127.0.0.1",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}
ACCEPT = {"sec-websocket-accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}
TERMS = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
TERMS_12 = f"{TERMS}; server_max_window_bits=12"


class Ask(NamedTuple):
    """A rule, a client's head, and the answer: its status, one of the right ones, and headers (None: it has none)."""

    section: str
    rule: str
    what: str
    head: bytes
    statuses: tuple[int, ...]
    answers: dict[str, str | None]

    @property
    def name(self) -> str:
        """What it is called in a report."""
        return f"{self.section} {self.rule}: {self.what}"


ASKS: list[Ask] = []


def head(*more: str, first: str = "GET /ws HTTP/1.1", **instead: str | None) -> bytes:
    """A request; `sec_websocket_key="x"` sends another value, None leaves the header out."""
    changed = {name.replace("_", "-"): value for name, value in instead.items()}
    kept = {name: changed.get(name.lower(), value) for name, value in ASKED.items()}
    lines = [f"{name}: {value}" for name, value in kept.items() if value is not None]
    return "\r\n".join([first, *lines, *more, "", ""]).encode("latin-1")


def taken(section: str, rule: str, heads: dict[str, bytes], **answers: str | None) -> None:
    """Requests that open a WebSocket."""
    told = {name.replace("_", "-"): value for name, value in answers.items()}
    for what, sent in heads.items():
        ASKS.append(Ask(section, rule, what, sent, (101,), {**ACCEPT, **told}))


def refused(
    section: str,
    rule: str,
    status: int | tuple[int, ...],
    heads: dict[str, bytes],
    **answers: str,
) -> None:
    """Requests that do not."""
    statuses = status if isinstance(status, tuple) else (status,)
    told: dict[str, str | None] = {name.replace("_", "-"): value for name, value in answers.items()}
    for what, sent in heads.items():
        ASKS.append(Ask(section, rule, what, sent, statuses, told))


def offers(*headers: str) -> dict[str, bytes]:
    """Requests that offer extensions."""
    return {header or "nothing": head(f"Sec-WebSocket-Extensions: {header}") for header in headers}


OPENING, AGREED = "RFC 6455 4.2.1", "RFC 6455 4.2.2"

taken(
    AGREED,
    "A right request is answered with 101 and the digest of its key",
    {
        "as the RFC writes it": head(),
        "with a query": head(first="GET /ws?a=b HTTP/1.1"),
        "with headers that nobody knows": head("X-Other: 1", "Cookie: a=b"),
        "with a port": head(host="localhost:8443"),
        "with an IPv6 host": head(host="[::1]:8080"),
    },
    upgrade="websocket",
    connection="Upgrade",
    sec_websocket_extensions=None,
    sec_websocket_protocol=None,
)
taken(
    OPENING,
    "The request's target may be a whole address",
    {"http": head(first="GET http://127.0.0.1/ws HTTP/1.1"), "query": head(first="GET HTTP://127.0.0.1/ws?a HTTP/1.1")},
)
taken(
    OPENING,
    "Names and tokens are compared without regard to case, among others of a list",
    {
        "Upgrade: WebSocket": head(upgrade="WebSocket"),
        "Upgrade: WEBSOCKET": head(upgrade="WEBSOCKET"),
        "Connection: upgrade": head(connection="upgrade"),
        "Connection: a list": head(connection="keep-alive, UPGRADE"),
        "Connection: two headers": head("Connection: Upgrade", connection="keep-alive"),
        "names in capitals": head().replace(b"Sec-WebSocket-Key", b"SEC-WEBSOCKET-KEY").replace(b"Host", b"HOST"),
        "names in small letters": head()
        .lower()
        .replace(b"dghlihnhbxbszsbub25jzq==", b"dGhlIHNhbXBsZSBub25jZQ==")
        .replace(b"get /ws http", b"GET /ws HTTP"),
        "no spaces": head().replace(b": ", b":"),
        "many spaces": head().replace(b": ", b":  \t"),
    },
)
taken(
    OPENING,
    "Other upgrades may be offered beside it",
    {"Upgrade: a list": head(upgrade="h2c, websocket"), "two headers": head("Upgrade: websocket", upgrade="h2c")},
)
refused(
    OPENING,
    "A WebSocket is asked for with GET",
    405,
    {method: head(first=f"{method} /ws HTTP/1.1") for method in ("POST", "PUT", "DELETE", "OPTIONS")},
    allow="GET",
)
refused(OPENING, "The request is HTTP/1.1 or later", 400, {"HTTP/1.0": head(first="GET /ws HTTP/1.0")})
refused(OPENING, "There is one Host", 400, {"none": head(host=None), "two": head("Host: 127.0.0.1")})
refused(
    OPENING,
    "It says Upgrade: websocket",
    426,
    {
        "no Upgrade": head(upgrade=None),
        "another": head(upgrade="h2c"),
        "like it": head(upgrade="websockets"),
    },
    upgrade="websocket",
)
refused(
    OPENING,
    "It says Connection: Upgrade",
    (400, 426),
    {
        "keep-alive": head(connection="keep-alive"),
        "none": head(connection=None),
        "like it": head(connection="Upgrades"),
    },
)
refused(
    OPENING,
    "There is one key, 16 bytes in base64",
    400,
    {
        "none": head(sec_websocket_key=None),
        "empty": head(sec_websocket_key=""),
        "15 bytes": head(sec_websocket_key="dGhlIHNhbXBsZSBub25j"),
        "17 bytes": head(sec_websocket_key="dGhlIHNhbXBsZSBub25jZTE="),
        "not padded": head(sec_websocket_key="dGhlIHNhbXBsZSBub25jZQ"),
        "not base64": head(sec_websocket_key="dGhlIHNhbXBsZSBub25j-Q=="),
        "only once": head("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
    },
)
refused(
    "RFC 6455 4.4",
    "Another version is told which one is spoken",
    426,
    {
        **{
            version: head(sec_websocket_version=version)
            for version in ("0", "7", "8", "12", "14", "255", "13, 8", "x", "")
        },
        "none": head(sec_websocket_version=None),
    },
    sec_websocket_version="13",
)
refused("RFC 6455 11.3.5", "The version is told once", 400, {"only once": head("Sec-WebSocket-Version: 13")})

taken(
    AGREED,
    "Of the subprotocols offered the one that is spoken is chosen",
    {
        "alone": head("Sec-WebSocket-Protocol: nexus.v1"),
        "the last": head("Sec-WebSocket-Protocol: soap, mqtt,nexus.v1"),
        "in a second header": head("Sec-WebSocket-Protocol: soap", "Sec-WebSocket-Protocol: nexus.v1"),
        "between empty ones": head("Sec-WebSocket-Protocol: ,nexus.v1\t,"),
    },
    sec_websocket_protocol="nexus.v1",
)
refused(
    AGREED,
    "No subprotocol is claimed that was not offered",
    400,
    {
        "another": head("Sec-WebSocket-Protocol: soap"),
        "in capitals": head("Sec-WebSocket-Protocol: NEXUS.V1"),
    },
)
refused(
    OPENING,
    "The list of subprotocols is one",
    400,
    {
        wrong: head(f"Sec-WebSocket-Protocol: {wrong}")
        for wrong in ("nexus.v1;q=1", "nexus.v1 soap", "nexus.v1, (soap)", 'nexus.v1, "soap"', "nexus.v1, so\xe4p")
    },
)

DEFLATE = "permessage-deflate"
taken(
    "RFC 7692 7.1",
    "An offer is taken on our terms",
    offers(
        DEFLATE,
        f"{DEFLATE}; client_max_window_bits",
        *[f"{DEFLATE}; client_max_window_bits={bits}" for bits in range(8, 16)],
        f'{DEFLATE}; client_max_window_bits="15"',
        f'{DEFLATE}; client_max_window_bits="\\1\\5"',
        f"{DEFLATE}; server_no_context_takeover",
        f"{DEFLATE}; client_no_context_takeover",
        f"{DEFLATE}; server_no_context_takeover; client_no_context_takeover; client_max_window_bits",
        f"  {DEFLATE}\t;client_no_context_takeover ",
    ),
    sec_websocket_extensions=TERMS,
)
taken(
    "RFC 7692 7.1.2.1",
    "A bound of our window that it keeps is confirmed",
    offers(*[f"{DEFLATE}; server_max_window_bits={bits}" for bits in (12, 13, 14, 15, '"12"', " 15")]),
    sec_websocket_extensions=TERMS_12,
)
taken(
    "RFC 7692 5.1",
    "Of several offers the first that can be kept is taken",
    {
        **offers(
            f"{DEFLATE}; server_max_window_bits=11, {DEFLATE}; client_max_window_bits",
            f"{DEFLATE}; unheard_of, {DEFLATE}",
            f"x-webkit-deflate-frame, {DEFLATE}",
            f'permessage-bzip2; level="9", {DEFLATE}',
            f",, {DEFLATE},",
        ),
        "in a second header": head("Sec-WebSocket-Extensions: foo", f"Sec-WebSocket-Extensions: {DEFLATE}"),
    },
    sec_websocket_extensions=TERMS,
)
taken(
    "RFC 7692 7.1.2.1",
    "A bound that our window does not keep is declined",
    offers(*[f"{DEFLATE}; server_max_window_bits={bits}" for bits in (8, 9, 10, 11)]),
    sec_websocket_extensions=None,
)
taken(
    "RFC 7692 7",
    "An offer with an unknown, wrong or repeated parameter is declined",
    offers(
        f"{DEFLATE}; unheard_of",
        f"{DEFLATE}; unheard_of=1",
        f"{DEFLATE}; server_max_window_bits",
        *[f"{DEFLATE}; server_max_window_bits={bits}" for bits in ("7", "16", "012", "+12", "x", "1e1")],
        *[f"{DEFLATE}; client_max_window_bits={bits}" for bits in ("0", "7", "16", "08", "x", "true")],
        f"{DEFLATE}; server_no_context_takeover=1",
        f'{DEFLATE}; client_no_context_takeover="true"',
        f"{DEFLATE}; client_no_context_takeover; client_no_context_takeover",
        f"{DEFLATE}; server_max_window_bits=12; server_max_window_bits=12",
        f"{DEFLATE}; client_max_window_bits; client_max_window_bits=15",
    ),
    sec_websocket_extensions=None,
)
taken(
    "RFC 6455 9.1",
    "An extension that nobody knows is declined, and an empty list passed over",
    offers(
        "",
        ",",
        "deflate",
        "Permessage-Deflate2",
        "permessage-deflate2",
        f"x; {DEFLATE}",
        'x; a="b"; c',
    ),
    sec_websocket_extensions=None,
)
refused(
    "RFC 6455 9.1",
    "A list of extensions that is none fails the handshake",
    400,
    offers(
        ";",
        f"{DEFLATE};",
        f"{DEFLATE}; =",
        f"{DEFLATE}; server_max_window_bits=",
        f'{DEFLATE}; server_max_window_bits=""',
        f'{DEFLATE}; server_max_window_bits="12',
        f"{DEFLATE}; a b",
        f"{DEFLATE} x",
        f'x; a="b, {DEFLATE}, c"',
        f"x; a=(b), {DEFLATE}",
    ),
)
