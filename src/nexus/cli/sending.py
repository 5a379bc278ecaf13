"""What `nexus send` does with each message: post it, and print its place."""

import sys
from collections.abc import AsyncIterator

from msgspec import json

from nexus.cli.connected import Failed
from nexus.cli.streams import give_up_output
from nexus.client.connection import Connection
from nexus.protocol.commands import History
from nexus.protocol.refusals import Refusal


async def is_there(connection: Connection, room: str, wanted: bool) -> bool:
    """Whether there is such a room; reading makes none, as joining would. Raises the Refusal where one is wanted."""
    try:
        await connection.ask(History, room=room, limit=1)
    except Refusal as refusal:
        if wanted or refusal.code != "not_found":
            raise
        return False
    return True


class Sender:
    """Posts to a room; with a reply, to that message."""

    def __init__(self, connection: Connection, room: str, reply_to: int | None, *, as_json: bool) -> None:
        self._connection = connection
        self._room = room
        self._reply_to = reply_to
        self._as_json = as_json
        self._unprinted: OSError | None = None

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
        why = self._unprinted
        if why is not None and not isinstance(why, BrokenPipeError):
            told = f"What was said is stored, but where could not be printed: {why.strerror or why}."
            raise Failed(told)
        if refused:
            raise Failed(f"{refused:,} of the lines {'was' if refused == 1 else 'were'} refused and not posted.")

    async def _post_one(self, message: str) -> None:
        done = await self._connection.post(self._room, message, self._reply_to)
        if not self._as_json or self._unprinted is not None:
            return
        try:
            print(json.encode({"room": self._room, "seq": done.seq, "at": done.at}).decode(), flush=True)
        except OSError as why:  # the rest is said all the same
            self._unprinted = why
            give_up_output()
