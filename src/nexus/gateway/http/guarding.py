"""Headers that every HTTP answer carries, so that a browser does nothing with it that nobody meant."""

from typing import Any, cast

from uvicorn._types import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope

NOSNIFF = "X-Content-Type-Options: nosniff"
NOTHING = "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'"
"""For whatever is no page: nothing may be loaded or run from it, should a browser take it for one."""

HSTS = "Strict-Transport-Security: max-age=31536000"
"""Where it came by TLS, the browser never asks without it again (RFC 6797)."""

Header = tuple[bytes, bytes]


def guarded(app: ASGI3Application, *, tls: bool) -> ASGI3Application:
    """The app, with these headers where it does not say otherwise itself."""

    async def answer(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        by_tls = tls or (b"x-forwarded-proto", b"https") in cast("Any", scope)["headers"]

        async def complete(message: Any) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                lines = [NOSNIFF, NOTHING, HSTS] if by_tls else [NOSNIFF, NOTHING]
                more = [header for header in map(_header, lines) if header[0] not in given]
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        await app(scope, receive, complete)

    return answer


def _header(line: str) -> Header:
    name, _, value = line.partition(": ")
    return name.lower().encode(), value.encode()
