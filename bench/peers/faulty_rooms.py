"""Rooms that spoil one delivery in a hundred, in the way the second argument names: what the checker has to notice."""

import asyncio
import json
import sys
from collections import defaultdict
from itertools import count

from websockets.asyncio.server import ServerConnection, serve

EVERY = 100
ENOUGH = 2000
"""Deliveries after which no more are held back, so that none is held for ever."""

rooms: defaultdict[str, list[ServerConnection]] = defaultdict(list)
held: dict[tuple[ServerConnection, ServerConnection], str] = {}
numbers = count(1)


async def deliver(sender: ServerConnection, to: ServerConnection, message: str, fault: str) -> None:
    """Send one message to one person, or what the fault makes of it."""
    number = next(numbers)
    if (sender, to) in held:
        await to.send(message)
        message = held.pop((sender, to))
    elif number % EVERY == 0:
        if fault == "lost":
            return
        if fault == "out_of_order" and number < ENOUGH:
            held[sender, to] = message
            return
        if fault == "duplicates":
            await to.send(message)
        if fault == "foreign":
            stranger = next(person for people in rooms.values() if to not in people for person in people)
            await stranger.send(message)
    await to.send(message)


async def talk(connection: ServerConnection) -> None:
    """One person: the first message names the room, every other one goes to all in it."""
    room = json.loads(await connection.recv())["join"]
    rooms[room].append(connection)
    await connection.send(json.dumps({"joined": room}))
    async for message in connection:
        for person in rooms[room]:
            await deliver(connection, person, str(message), sys.argv[2])


async def main() -> None:
    """Serve until killed."""
    async with serve(talk, "127.0.0.1", int(sys.argv[1])) as server:
        await server.serve_forever()


asyncio.run(main())
