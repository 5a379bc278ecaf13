"""What watches over the server asks: is it alive, is it ready, what has it counted."""

import asyncio
import hmac
from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Litestar, MediaType, Request, Response, get
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from nexus.gateway.admission import Admission
from nexus.gateway.http.connection import HttpConnection

Asked = Request[Any, Any, Any]


class Readiness(msgspec.Struct):
    """Whether the server takes people in and stores what they say."""

    ready: bool
    why: str = ""


class MonitorConnection(HttpConnection):
    """A connection to the address of the metrics, where nobody chats."""

    def _get_upgrade(self) -> bytes | None:
        return None


def build_for_monitors(admission: Admission) -> Litestar:
    """The HTTP side of the address of the metrics."""
    return Litestar([*checks(admission), metrics(admission)], openapi_config=None, logging_config=None, debug=False)


def checks(admission: Admission) -> list[HTTPRouteHandler]:
    """Whether the server is well."""

    @get("/healthz", media_type=MediaType.TEXT, sync_to_thread=False, summary="Is the process alive?")
    def healthz() -> str:
        return "ok\n"

    @get("/readyz", sync_to_thread=False, summary="Does it let people in and store what they say?")
    def readyz() -> Response[Readiness]:
        why = admission.not_ready()
        return Response(Readiness(not why, why), status_code=503 if why else 200)

    return [healthz, readyz]


def metrics(admission: Admission) -> HTTPRouteHandler:
    """What the server has counted; where a token is set, only with it."""

    @get("/metrics", summary="Counters for Prometheus.")
    async def answer(request: Asked) -> Response[bytes]:
        _check_token(admission.settings.metrics.token, request.headers.get("authorization", ""))
        measured = await _measured(admission)
        # Prometheus' package imports a whole HTTP server; a node that nobody watches does without it.
        from nexus.gateway.http.metrics import text_of

        return Response(text_of(admission, measured), media_type="text/plain; version=0.0.4")

    return answer


def _check_token(token: str, sent: str) -> None:
    scheme, _, given = sent.partition(" ")
    if token and not (scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())):
        raise HTTPException(
            "To read the metrics, send `Authorization: Bearer` with the setting metrics.token.",
            status_code=401,
            headers={"WWW-Authenticate": "Bearer"},
        )


async def _measured(admission: Admission) -> Mapping[str, float]:
    """What a reader's thread sees of the files; nothing where none is free."""
    told: asyncio.Future[Mapping[str, float]] = asyncio.get_running_loop().create_future()

    def then(result: Mapping[str, float] | Exception) -> None:
        if not told.done():  # anyone who asked may have gone
            told.set_result({} if isinstance(result, Exception) else result)

    admission.node.reader.submit(admission.measure, then)
    return await told
