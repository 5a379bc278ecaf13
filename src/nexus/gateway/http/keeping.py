"""Who one is, kept by the browser in a cookie that no script can read and that goes to `/ws` alone."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, post
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from nexus.gateway.admission import Admission
from nexus.gateway.http.cookies import host_name, is_secret
from nexus.gateway.websocket import handshake

KEPT_FOR = 34_560_000
"""Seconds that the browser keeps it: 400 days, the most that browsers allow (RFC 6265bis section 5.5)."""

Asked = Request[Any, Any, Any]


class Kept(msgspec.Struct, forbid_unknown_fields=True):
    """A session's secret or a login's token, as `hello` or `login` gave it out."""

    secret: Annotated[str, msgspec.Meta(max_length=200)]


def keeping(admission: Admission) -> list[HTTPRouteHandler]:
    """How a page hands over what it was given, and takes it back."""

    @post("/api/keep", status_code=204, request_max_body_size=1024, sync_to_thread=False, summary="Keep a secret.")
    def keep(request: Asked, data: JSONBody[Kept]) -> Response[None]:
        _check_origin(admission, request)
        if not is_secret(data.secret):
            raise HTTPException("That is not a secret of this server.", status_code=400)
        return _with_cookie(admission, request, data.secret, KEPT_FOR)

    @delete("/api/keep", status_code=204, sync_to_thread=False, summary="Forget what was kept.")
    def forget(request: Asked) -> Response[None]:
        _check_origin(admission, request)
        return _with_cookie(admission, request, "", 0)

    return [keep, forget]


def _check_origin(admission: Admission, request: Asked) -> None:
    """A page from elsewhere changes nothing here; a program that says no origin changes only its own cookie."""
    headers = handshake.by_name((key, value) for key, value in request.headers.items() if key in ("origin", "host"))
    asked = handshake.Request(request.method, "/api/keep", headers)
    if admission.refuse_origin(asked) is not None:
        raise HTTPException(
            "Pages of that origin may not do this; see the settings `hosts` and `origins`.", status_code=403
        )


def _with_cookie(admission: Admission, request: Asked, secret: str, seconds: int) -> Response[None]:
    """Behind TLS it goes to every path, as browsers ask of a cookie with such a name."""
    name, rest = admission.cookie, f"Path={admission.settings.base}/ws"
    if admission.tls or request.headers.get("origin", "").startswith("https:"):
        name, rest = host_name(name), "Path=/; Secure"
    value = f"{name}={secret}; Max-Age={seconds}; HttpOnly; SameSite=Strict; {rest}"
    return Response(None, status_code=204, headers={"Set-Cookie": value, "Cache-Control": "no-store"})
