"""What `nexus send` does with each message: post it, and print its place."""

import sys
from collections.abc import AsyncIterator

from msgspec import json

from nexus.cli.connected import Failed
from nexus.client.connection import Connection
from nexus.protocol.refusals import Refusal


class Sender:
    """Posts to a room; with a reply, to that message."""

    def __init__(self, connection: Connection, room: str, reply_to: int | None, *, as_json: bool) -> None:
        self._connection = connection
        self._room = room
        self._reply_to = reply_to
        self._as_json = as_json

    async def post(self, messages: AsyncIterator[str | Failed], lines: bool) -> None:
        """Post them in order; of many, one that is refused for what it says, or cannot be read, holds up no others."""
        refused = 0
        async for message in messages:
            if isinstance(message, Failed):
                refused += 1
                print(f"nexus: {message} It was skipped.", file=sys.stderr)
                continue
            try:
                await self._post_one(message)
            except Refusal as refusal:
                if not lines or refusal.code not in ("bad_request", "too_large"):
                    raise
                refused += 1
                print(f"nexus: {refusal.message} It was skipped: {message[:40]!r}", file=sys.stderr)
        if refused:
            raise Failed(f"{refused:,} of the lines {'was' if refused == 1 else 'were'} refused and not posted.")

    async def _post_one(self, message: str) -> None:
        done = await self._connection.post(self._room, message, self._reply_to)
        if self._as_json:
            print(json.encode({"room": self._room, "seq": done.seq, "at": done.at}).decode(), flush=True)
