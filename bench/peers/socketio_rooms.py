"""Rooms with python-socketio on uvicorn, as its documentation has them."""

import sys
from typing import Any

import socketio  # type: ignore[import-not-found]
import uvicorn

server = socketio.AsyncServer(async_mode="asgi")


async def join(sid: str, hello: dict[str, Any]) -> None:
    """Someone enters a room."""
    await server.save_session(sid, hello)
    await server.enter_room(sid, hello["room"])
    await server.emit("joined", hello["room"], to=sid)


async def post(sid: str, message: dict[str, Any]) -> None:
    """A message for everyone in the room."""
    hello = await server.get_session(sid)
    await server.emit(
        "posted", {"room": hello["room"], "by": hello["name"], "text": message["text"]}, room=hello["room"]
    )


server.on("join", join)
server.on("post", post)

if __name__ == "__main__":
    uvicorn.run(socketio.ASGIApp(server), port=int(sys.argv[1]), log_level="warning")
