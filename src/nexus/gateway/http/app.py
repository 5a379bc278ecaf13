"""HTTP: the web client, health, metrics and the description of the API."""

from typing import Any

import msgspec
from litestar import Litestar, Request, Response, Router, get
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from nexus import __version__
from nexus.gateway.admission import Admission
from nexus.gateway.http.keeping import keeping
from nexus.gateway.http.names import names
from nexus.gateway.http.pages import Pages, handlers, part_of
from nexus.gateway.http.watching import checks, metrics
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


def build_app(admission: Admission) -> Litestar:
    """The HTTP side of one node."""
    pages = Pages(admission.settings, admission.node.chores.others_differ)
    headers = {**HEADERS, "Content-Security-Policy": pages.policy}

    def not_there(asked: Request[Any, Any, Any], why: HTTPException) -> Response[Any]:
        """No such page, or not with that method; a person is told by the page."""
        if why.status_code == 404 and _is_person(asked):
            return pages.nowhere(asked, headers)
        return Response(
            Trouble(why.status_code, why.detail),
            status_code=why.status_code,
            headers={**headers, **(why.headers or {})},
        )

    return Litestar(
        [
            part_of(pages),
            Router(
                "/",
                route_handlers=[
                    *handlers(pages),
                    *checks(admission),
                    *([] if admission.settings.metrics.listen else [metrics(admission)]),
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


def _is_person(asked: Request[Any, Any, Any]) -> bool:
    """Whether a browser opens an address, rather than a program asking for something."""
    return asked.method in ("GET", "HEAD") and "text/html" in asked.headers.get("accept", "")


class Trouble(msgspec.Struct):
    """Why there is no answer."""

    status_code: int
    detail: str


def _server_info(admission: Admission) -> HTTPRouteHandler:
    @get("/api/server", sync_to_thread=False, summary="What this server is and how to speak with it.")
    def server() -> ServerInfo:
        return ServerInfo(
            admission.settings.title,
            __version__,
            f"{admission.settings.base}/ws",
            SUBPROTOCOL,
            len(admission.node.sessions),
        )

    return server
