"""When a client comes back by itself: as the table of codes says, whatever it was refused or told."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Subprotocol

from nexus.client.connection import Connection
from nexus.client.conversation import Conversation
from nexus.protocol import commands as c
from nexus.protocol.codec import SUBPROTOCOL
from nexus.protocol.codes import CODES, GOODBYES, REFUSALS, is_temporary
from nexus.protocol.refusals import Refusal

Frame = dict[str, Any]
Answer = Callable[[ServerConnection, Frame], Awaitable[bool]]

YOU = {"name": "Ann", "role": "guest", "guest": True}
TEMPORARY = sorted(name for name, code in REFUSALS.items() if code.temporary)
LASTING = sorted(name for name, code in REFUSALS.items() if not code.temporary)


class Impatient(Conversation):
    """One that comes back at once, since a test need not wait."""

    def wait(self, chance: Callable[[], float]) -> float:  # noqa: ARG002
        return 0.0


async def tell(socket: ServerConnection, kind: str, **fields: Any) -> bool:
    await socket.send(json.dumps({"type": kind, **fields}))
    return True


def play(answer: Answer, then: Callable[[Connection], Awaitable[None]], *rooms: str) -> Connection:
    """Ann connects and does something; the server answers whatever `answer` does not."""

    async def talk(socket: ServerConnection) -> None:
        async for frame in socket:
            said = json.loads(frame)
            if await answer(socket, said):
                continue
            match said["type"]:
                case "hello":
                    await tell(socket, "done", ref=said["ref"], you=YOU, session="s", epoch="e", rooms=[])
                case "join":
                    room = {"name": said["room"], "head": 0, "at": 0}
                    await tell(socket, "done", ref=said["ref"], room=room, here=["Ann"], online=1)
                case "ping":
                    await tell(socket, "done", ref=said["ref"])

    async def playing() -> Connection:
        async with serve(talk, "127.0.0.1", 0, subprotocols=[Subprotocol(SUBPROTOCOL)]) as server:
            port = server.sockets[0].getsockname()[1]
            conversation = Impatient("Ann")
            for room in rooms:
                conversation.view(room)
            connection = Connection(f"127.0.0.1:{port}", conversation)
            living = asyncio.create_task(connection.run())
            try:
                await then(connection)
            finally:
                living.cancel()
                await asyncio.gather(living, return_exceptions=True)
            return connection

    return asyncio.run(playing())


@pytest.mark.parametrize("code", TEMPORARY)
def test_a_hello_that_is_refused_for_now_is_said_again(code: str) -> None:
    refusals = ["first"]

    async def answer(socket: ServerConnection, said: Frame) -> bool:
        if said["type"] != "hello" or not refusals:
            return False
        refusals.pop()
        return await tell(socket, "refused", ref=said["ref"], code=code, message="Not now.")

    async def ready(ann: Connection) -> None:
        await ann.ready()

    assert play(answer, ready).connections == 1
    assert not refusals


@pytest.mark.parametrize("code", LASTING)
def test_a_hello_that_is_refused_for_good_ends_it(code: str) -> None:
    async def answer(socket: ServerConnection, said: Frame) -> bool:
        return await tell(socket, "refused", ref=said["ref"], code=code, message="Never.")

    async def ready(ann: Connection) -> None:
        with pytest.raises(Refusal, match="Never"):
            await ann.ready()

    play(answer, ready)


@pytest.mark.parametrize("code", sorted(GOODBYES))
def test_a_goodbye_says_whether_to_come_back(code: str) -> None:
    goodbyes = ["first"]

    async def answer(socket: ServerConnection, said: Frame) -> bool:
        if said["type"] != "ping" or not goodbyes:
            return False
        goodbyes.pop()
        await tell(socket, "goodbye", code=code, reason="Goodbye.")
        await socket.close(GOODBYES[code].close or 1000)
        return True

    async def leave(ann: Connection) -> None:
        await ann.ready()
        with pytest.raises(Exception, match="Goodbye"):
            await ann.ask(c.Ping)
        if GOODBYES[code].temporary:
            await ann.ready()
        else:
            with pytest.raises(Refusal, match="Goodbye"):
                await ann.ready()

    assert play(answer, leave).connections == (2 if GOODBYES[code].temporary else 1)


@pytest.mark.parametrize("code", TEMPORARY)
def test_a_room_that_is_refused_for_now_is_joined_again(code: str) -> None:
    refusals = ["first", "second"]
    joined = asyncio.Event()

    async def answer(socket: ServerConnection, said: Frame) -> bool:
        if said["type"] != "join":
            return False
        if not refusals:
            joined.set()
            return False
        refusals.pop()
        return await tell(socket, "refused", ref=said["ref"], code=code, message="Not now.", retry_after=0.001)

    async def wait(ann: Connection) -> None:
        await ann.ready()
        await joined.wait()
        await ann.ask(c.Ping)  # its reply comes after that of the join

    ann = play(answer, wait, "garden")

    assert ann.talk.views["garden"].here == {"Ann"}


def test_a_room_that_is_refused_for_good_is_forgotten() -> None:
    async def answer(socket: ServerConnection, said: Frame) -> bool:
        if said["type"] != "join":
            return False
        return await tell(socket, "refused", ref=said["ref"], code="not_found", message="It is gone.")

    async def ready(ann: Connection) -> None:
        await ann.ready()

    assert play(answer, ready, "garden").talk.views == {}


def test_a_code_of_a_later_version_is_taken_by_its_retry_after() -> None:
    assert is_temporary("asleep", 3.0)
    assert not is_temporary("asleep", None)


def test_every_code_has_a_sentence_and_a_status() -> None:
    for name, code in CODES.items():
        assert code.sentence.endswith("."), name
        assert 400 <= code.status < 600, name
    closes = [code.close for code in GOODBYES.values()]
    assert len(set(closes)) == len(closes)
