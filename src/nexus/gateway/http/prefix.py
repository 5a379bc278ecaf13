"""The path below which the server is reached, where a proxy serves other things on the same host (setting `base`)."""

from typing import Any, cast

from uvicorn._types import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope


def without(base: str, path: str) -> str:
    """A path without the base; one that has none stays, since some proxies take it off themselves."""
    if base and (path == base or path.startswith((f"{base}/", f"{base}?"))):
        rest = path[len(base) :]
        return rest if rest.startswith("/") else f"/{rest}"
    return path


def below(base: str, app: ASGI3Application) -> ASGI3Application:
    """The app, which is asked for paths without the base."""
    if not base:
        return app

    async def answer(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        asked = cast("Any", scope)
        short = {
            **asked,
            "path": without(base, asked["path"]),
            "raw_path": without(base, asked["raw_path"].decode("latin-1")).encode("latin-1"),
        }
        await app(cast("Scope", short), receive, send)

    return answer
