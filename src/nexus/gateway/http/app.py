"""HTTP: the web client, health, metrics and the description of the API."""

from typing import Any

import msgspec
from litestar import Litestar, MediaType, Request, Response, Router, get
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from nexus import __version__
from nexus.gateway.admission import Admission
from nexus.gateway.http.keeping import keeping
from nexus.gateway.http.names import names
from nexus.gateway.http.pages import Pages, handlers, part_of
from nexus.protocol.codec import SUBPROTOCOL

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""What every page carries, so that a browser does nothing that nobody meant; see `guarding` for every answer."""


class ServerInfo(msgspec.Struct):
    """What this server is."""

    title: str
    version: str
    websocket: str
    subprotocol: str
    online: int


class Readiness(msgspec.Struct):
    """Whether the server takes people in and stores what they say."""

    ready: bool
    why: str = ""


def build_app(admission: Admission) -> Litestar:
    """The HTTP side of one node."""
    pages = Pages(admission.settings)
    headers = {**HEADERS, "Content-Security-Policy": pages.policy}

    def not_there(_: Request[Any, Any, Any], why: HTTPException) -> Response[Trouble]:
        """No such page, or not with that method."""
        return Response(Trouble(why.status_code, why.detail), status_code=why.status_code, headers=headers)

    return Litestar(
        [
            part_of(pages),
            Router(
                "/",
                route_handlers=[
                    *handlers(pages),
                    *_checks(admission),
                    _server_info(admission),
                    *names(admission),
                    *keeping(admission),
                ],
                response_headers=headers,
            ),
        ],
        openapi_config=OpenAPIConfig(
            title="Nexus",
            version=__version__,
            path="/api",
            render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        ),
        exception_handlers={HTTPException: not_there},
        logging_config=None,
        debug=False,
    )


class Trouble(msgspec.Struct):
    """Why there is no answer."""

    status_code: int
    detail: str


def _checks(admission: Admission) -> list[HTTPRouteHandler]:
    """What watches over the server ask."""

    @get("/healthz", media_type=MediaType.TEXT, sync_to_thread=False, summary="Is the process alive?")
    def healthz() -> str:
        return "ok\n"

    @get("/readyz", sync_to_thread=False, summary="Does it take people in and store what they say?")
    def readyz() -> Response[Readiness]:
        why = "The server is stopping." if admission.stopping else admission.node.outcomes.trouble
        return Response(Readiness(not why, why), status_code=503 if why else 200)

    @get("/metrics", sync_to_thread=False, summary="Counters for Prometheus.")
    def metrics() -> Response[bytes]:
        # Prometheus' package imports a whole HTTP server; a node that nobody watches does without it.
        from nexus.gateway.http.metrics import text_of

        return Response(text_of(admission), media_type="text/plain; version=0.0.4")

    return [healthz, readyz, metrics]


def _server_info(admission: Admission) -> HTTPRouteHandler:
    @get("/api/server", sync_to_thread=False, summary="What this server is and how to speak with it.")
    def server() -> ServerInfo:
        return ServerInfo(admission.settings.title, __version__, "/ws", SUBPROTOCOL, len(admission.node.sessions))

    return server
