"""Other people in a room, without a terminal: they say something, or read what there is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from nexus.client.connection import Connection
from nexus.client.conversation import Conversation
from nexus.client.reading import read_page
from nexus.protocol.commands import History
from nexus.protocol.events import Posted


@asynccontextmanager
async def _connected(url: str, name: str) -> AsyncIterator[Connection]:
    connection = Connection(url, Conversation(name))
    living = asyncio.create_task(connection.run())
    try:
        await connection.ready()
        yield connection
    finally:
        await connection.leave_for_good()
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)


def post_as(url: str, name: str, room: str, *texts: str) -> None:
    """Say something as another client would, with whatever characters."""

    async def speak() -> None:
        async with _connected(url, name) as connection:
            await connection.join(room)
            for text in texts:
                await connection.post(room, text)

    asyncio.run(speak())


def crowd_posts(url: str, room: str, people: int, each: int) -> None:
    """Many say something at once, which takes as long as when one does."""

    async def speak(name: str) -> None:
        async with _connected(url, name) as connection:
            await connection.join(room)
            for number in range(each):
                await connection.post(room, f"{name} {number}")

    async def gather() -> None:
        await asyncio.gather(*(speak(f"Crowd{number}") for number in range(people)))

    asyncio.run(gather())


def texts_of(url: str, room: str) -> list[str]:
    """The newest messages of a room, the oldest first."""

    async def read() -> list[str]:
        async with _connected(url, "Reader") as connection:
            page = read_page((await connection.ask(History, room=room, limit=200)).events)
            return [event.text for event in page if isinstance(event, Posted)]

    return asyncio.run(read())
