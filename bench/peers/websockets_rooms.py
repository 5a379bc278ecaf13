"""Rooms with `websockets`: its asyncio server and its broadcast(), as its documentation has them."""

import asyncio
import json
import sys
from collections import defaultdict

from websockets.asyncio.server import ServerConnection, broadcast, serve

rooms: defaultdict[str, set[ServerConnection]] = defaultdict(set)


async def talk(connection: ServerConnection) -> None:
    """One person: the first message names the room, every other one goes to all in it."""
    hello = json.loads(await connection.recv())
    name, room = hello["name"], hello["join"]
    rooms[room].add(connection)
    try:
        await connection.send(json.dumps({"joined": room}))
        async for message in connection:
            text = json.loads(message)["text"]
            broadcast(rooms[room], json.dumps({"type": "posted", "room": room, "by": name, "text": text}))
    finally:
        rooms[room].discard(connection)


async def main() -> None:
    """Serve until killed."""
    async with serve(talk, "127.0.0.1", int(sys.argv[1])) as server:
        await server.serve_forever()


asyncio.run(main())
