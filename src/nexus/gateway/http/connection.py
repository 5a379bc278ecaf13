"""The HTTP side of a connection: uvicorn's, with a bound on how slowly and how much one may ask."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from uvicorn._types import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from nexus.gateway.admission import Admission
from nexus.gateway.http.guarding import guarded
from nexus.gateway.http.prefix import below
from nexus.gateway.http.turns import in_turn
from nexus.gateway.websocket import handshake

HEAD_BYTES = 32_768
"""The longest head of a request."""

PIPELINED = 8
"""Requests that may wait for the answer to an earlier one; browsers send none."""


class Deadline:
    """Calls where something takes longer than so many seconds."""

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float, call: Callable[[], None]) -> None:
        self.seconds = seconds
        self._loop = loop
        self._call = call
        self._timer: asyncio.TimerHandle | None = None

    @property
    def runs(self) -> bool:
        """Whether it has begun and neither ended nor called."""
        return self._timer is not None

    def begin(self) -> None:
        """Begin, or begin again."""
        self.end()
        self._timer = self._loop.call_later(self.seconds, self._over)

    def end(self) -> None:
        """It happened in time."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _over(self) -> None:
        self._timer = None
        self._call()


class HttpConnection(HttpToolsProtocol):
    """Every connection begins here; one that asks for a WebSocket is handed on."""

    def __init__(self, admission: Admission, **given: Any) -> None:
        super().__init__(**given)
        self._admission = admission
        self._source: str | None = None
        self._answering: RequestResponseCycle | None = None
        self._head_bytes = 0
        within = admission.settings.limits.request_within
        self._head = Deadline(self.loop, within, self._too_slow)
        self._body = Deadline(self.loop, within, self._hang_up)
        self._answer = Deadline(self.loop, within, self._unread)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Someone connects."""
        super().connection_made(transport)
        self._source = self._admission.begin_http(transport)
        if self._source is None:
            transport.abort()
        else:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone."""
        self._part()
        self._stop_answering()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        """They want to chat: hand them on, unless an answer is still due, which would end up among frames."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.send_400_response("Ask for a WebSocket when earlier requests have been answered.")
            return
        if self.scope["http_version"] != "1.1":
            self.send_400_response("Ask for a WebSocket with HTTP/1.1 (RFC 6455 section 4.2.1).")
            return
        self._part()
        super().handle_websocket_upgrade()

    def data_received(self, data: bytes) -> None:
        """Part of a request."""
        if self._head.runs:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES + len(data):
                self.send_400_response(f"A request's head has at most {HEAD_BYTES} bytes here.")
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        """A request begins; each one that waits takes memory, so that too many at once are an error."""
        if len(self.pipeline) >= PIPELINED:
            raise ValueError("too many requests at once")  # uvicorn answers with 400
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is complete."""
        self._head.end()
        hosts = [value.decode("latin-1") for name, value in self.headers if name == b"host"]
        refused = None if self._get_upgrade() else self._admission.refuse_http(hosts)
        if refused is not None:
            self._stop_answering()
            self.transport.write(refused.response)
            self.transport.close()
            return
        self._body.begin()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The body is complete, or there is none."""
        self._body.end()
        if not self.transport.is_closing():
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """The answer is sent; another request may follow."""
        super().on_response_complete()
        if not self.transport.is_closing():
            self._await_head()

    def send_400_response(self, msg: str) -> None:
        """Say what was wrong and hang up."""
        self._stop_answering()
        self.transport.write(handshake.reject(400, msg).response)
        self.transport.close()

    def pause_writing(self) -> None:
        """Answers pile up."""
        super().pause_writing()
        self._answer.begin()

    def resume_writing(self) -> None:
        """They are being read."""
        super().resume_writing()
        self._answer.end()

    def _await_head(self) -> None:
        self._head_bytes = 0
        self._head.begin()

    def _too_slow(self) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.send_400_response(f"The request's head was not complete within {self._head.seconds:g} s.")

    def _hang_up(self) -> None:
        """Without a word (RFC 9112 section 9.5): a client that does not finish its request does not read an answer."""
        self._stop_answering()
        self.transport.close()

    def _unread(self) -> None:
        self._stop_answering()
        self.transport.abort()

    def _get_upgrade(self) -> bytes | None:
        """The one upgrade we know, wherever it stands among those that are offered (RFC 9110 section 7.8)."""
        wanted = b"websocket" in self._tokens(b"upgrade") and b"upgrade" in self._tokens(b"connection")
        return b"websocket" if wanted else None

    def _tokens(self, header: bytes) -> set[bytes]:
        return {token.strip().lower() for name, value in self.headers if name == header for token in value.split(b",")}

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        app = in_turn(self._admission, below(self._admission.settings.base, app))
        app = guarded(app, tls=self._admission.tls)
        super()._start_asgi_task(cycle, _as_get(app) if cycle.scope["method"] == "HEAD" else app)

    def _stop_answering(self) -> None:
        """Let what is being answered write nothing more; uvicorn sees to that for the latest request only."""
        if self._answering is not None:
            self._answering.disconnected = True
            self._answering.message_event.set()

    def _part(self) -> None:
        """The connection is no longer this one's concern."""
        self._head.end()
        self._answer.end()
        self._body.end()
        if self._source is not None:
            self._admission.end_http(self._source)
        self._source = None


def _as_get(app: ASGI3Application) -> ASGI3Application:
    """Answer HEAD as GET (RFC 9110 section 9.3.2); uvicorn leaves the body out, as it knows what was asked."""

    async def answer(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        await app(cast("Scope", {**scope, "method": "GET"}), receive, send)

    return answer
