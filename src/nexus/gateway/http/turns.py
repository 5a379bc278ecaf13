"""Requests wait for the turn of their address, as the commands of its WebSockets do."""

import asyncio

from uvicorn._types import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

from nexus.gateway.admission import Admission

REQUEST = 150.0
"""The work that a request makes, in microseconds, roughly: what was measured, and its connection."""

METRICS = 1200.0
"""The same of a look at all metrics."""


def in_turn(admission: Admission, app: ASGI3Application) -> ASGI3Application:
    """Answer when it is the address's turn: one that asks for ever waits for itself."""

    async def answer(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] == "http":
            await _take_a_turn(admission, scope)
        await app(scope, receive, send)

    return answer


async def _take_a_turn(admission: Admission, scope: HTTPScope) -> None:
    work = METRICS if scope["path"].endswith("/metrics") else REQUEST
    line = admission.lines.of(address_of(admission, scope))
    if line.left(admission.clock.now()) > 0:
        line.spend(work)
        return
    turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def go_on() -> None:
        if not turn.done():
            line.spend(work)
            turn.set_result(None)

    admission.counters.turns += 1
    line.wait(go_on)
    await turn


def address_of(admission: Admission, scope: HTTPScope) -> str:
    """Whom a request is counted for; empty where a trusted proxy does not say so."""
    client = scope.get("client")
    forwarded = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    peer = client[0] if client else ""
    return admission.address(peer, ", ".join(forwarded) if forwarded else None)  # RFC 9110 section 5.3
