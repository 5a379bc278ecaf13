"""Whether a name is free, for a page on which someone types one; it tells less than a hello with that name would."""

import asyncio
from typing import Any, cast

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from nexus.core.kept import Kept
from nexus.core.names import NameInvalid, person_name
from nexus.core.pace import Bucket
from nexus.gateway.admission import Admission
from nexus.gateway.http.turns import address_of
from nexus.ports import Unavailable
from nexus.server.later import start

PACE, BURST = 5, 100
"""Names a second that one address may ask for, in the long run and at once: a whole class may come at once."""

Asked = Request[Any, Any, Any]


class NameState(msgspec.Struct, omit_defaults=True):
    """Whether a name can be taken now; else why not, and one close to it that can."""

    free: bool
    why: str = ""
    instead: str = ""


def names(admission: Admission) -> list[HTTPRouteHandler]:
    """What a page asks about names."""
    buckets = Kept(lambda now: Bucket(PACE, BURST, now))

    @get("/api/names/{name:str}", summary="May someone take this name?")
    async def look(request: Asked, name: FromPath[str]) -> Response[NameState]:
        wait = buckets.of(address_of(admission, cast("Any", request.scope)), admission.clock.now()).take(
            admission.clock.now()
        )
        if wait:
            return _answer(NameState(False, "Too many names were asked for; wait a moment."), 429)
        told: asyncio.Future[Response[NameState]] = asyncio.get_running_loop().create_future()
        start(_look(admission, name, told))
        return await told

    return [look]


async def _look(admission: Admission, text: str, told: asyncio.Future[Response[NameState]]) -> None:
    try:
        name = person_name(text)
        free = await admission.node.accounts.free(name)
    except NameInvalid as why:
        answer = _answer(NameState(False, str(why)))
    except Unavailable:
        answer = _answer(NameState(False, "The server cannot look names up right now."), 503)
    else:
        taken = NameState(False, f"'{name.shown}' is taken, or looks like a name that is.", free or "")
        answer = _answer(NameState(True) if free == name.shown else taken)
    if not told.done():  # anyone who asked may have gone
        told.set_result(answer)


def _answer(state: NameState, status: int = 200) -> Response[NameState]:
    return Response(state, status_code=status, headers={"Cache-Control": "no-store"})
