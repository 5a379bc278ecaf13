"""Rooms with Starlette and uvicorn: the connection manager of FastAPI's tutorial, one for each room."""

import json
import sys
from collections import defaultdict

import uvicorn
from starlette.applications import Starlette  # type: ignore[import-not-found]
from starlette.routing import WebSocketRoute  # type: ignore[import-not-found]
from starlette.websockets import WebSocket, WebSocketDisconnect  # type: ignore[import-not-found]


class Connections:
    """Everyone in a room."""

    def __init__(self) -> None:
        self.active: list[WebSocket] = []

    def disconnect(self, websocket: WebSocket) -> None:
        """Someone is gone."""
        self.active.remove(websocket)

    async def broadcast(self, message: str) -> None:
        """Send to everyone, one after the other."""
        for connection in self.active:
            await connection.send_text(message)


rooms: defaultdict[str, Connections] = defaultdict(Connections)


async def talk(websocket: WebSocket) -> None:
    """One person: the first message names the room, every other one goes to all in it."""
    await websocket.accept()
    hello = await websocket.receive_json()
    name, room = hello["name"], hello["join"]
    connections = rooms[room]
    connections.active.append(websocket)
    try:
        await websocket.send_text(json.dumps({"joined": room}))
        while True:
            text = (await websocket.receive_json())["text"]
            await connections.broadcast(json.dumps({"type": "posted", "room": room, "by": name, "text": text}))
    except WebSocketDisconnect:
        connections.disconnect(websocket)


if __name__ == "__main__":
    uvicorn.run(Starlette(routes=[WebSocketRoute("/ws", talk)]), port=int(sys.argv[1]), log_level="warning")
