"""A connection, against a server that answers as the test wants it to."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Response
from websockets.typing import Subprotocol

from nexus.client.connection import Connection, address, is_loopback
from nexus.client.conversation import Conversation
from nexus.client.reading import Heard
from nexus.protocol.codec import SUBPROTOCOL
from nexus.protocol.refusals import Refusal
from nexus.protocol.types import Position

Frame = dict[str, Any]
Answer = Callable[[ServerConnection, Frame], Awaitable[None]]

YOU = {"name": "Ann", "role": "guest", "guest": True}


async def tell(socket: ServerConnection, kind: str, **fields: Any) -> None:
    await socket.send(json.dumps({"type": kind, **fields}))


@asynccontextmanager
async def answering(on_post: Answer, heard: list[Heard] | None = None) -> AsyncIterator[Connection]:
    """Ann's connection to a server that lets her in everywhere and leaves her posts to the test."""

    async def talk(socket: ServerConnection) -> None:
        async for frame in socket:
            said = json.loads(frame)
            match said["type"]:
                case "hello":
                    await tell(socket, "done", ref=said["ref"], you=YOU, session="s", epoch="e", rooms=[])
                case "join":
                    room = {"name": said["room"], "head": 0, "at": 0}
                    await tell(socket, "done", ref=said["ref"], room=room, here=["Ann"], online=1)
                case "post":
                    await on_post(socket, said)

    async with serve(talk, "127.0.0.1", 0, subprotocols=[Subprotocol(SUBPROTOCOL)]) as server:
        port = server.sockets[0].getsockname()[1]
        hear = heard.append if heard is not None else lambda _: None
        connection = Connection(f"127.0.0.1:{port}", Conversation("Ann"), hear)
        living = asyncio.create_task(connection.run())
        try:
            await connection.ready()
            yield connection
        finally:
            living.cancel()
            await asyncio.gather(living, return_exceptions=True)


def test_messages_that_were_too_fast_are_stored_once_and_in_the_order_of_each_room() -> None:
    stored: dict[str, list[str]] = {"garden": [], "kitchen": []}
    tries: dict[str, int] = {}

    async def answer(socket: ServerConnection, said: Frame) -> None:
        nonce, tried = said["nonce"], tries.get(said["nonce"], 0)
        tries[nonce] = tried + 1
        if tried < sum(map(ord, said["text"])) % 3:
            await tell(socket, "refused", ref=said["ref"], code="too_fast", message="Wait.", retry_after=0.001)
        else:
            stored[said["room"]].append(said["text"])
            await tell(socket, "done", ref=said["ref"], seq=len(stored[said["room"]]), at=1)

    async def play() -> None:
        async with answering(answer) as ann:
            said = [(room, f"m{number}") for number in range(20) for room in stored]
            await asyncio.gather(*(ann.post(room, text) for room, text in said))

    asyncio.run(play())

    assert stored == {room: [f"m{number}" for number in range(20)] for room in stored}
    assert max(tries.values()) == 3


def test_messages_without_an_answer_are_sent_again_on_the_next_connection_in_order() -> None:
    came: list[tuple[str, str]] = []

    async def answer(socket: ServerConnection, said: Frame) -> None:
        came.append((said["nonce"], said["text"]))
        if len(came) == 1:
            socket.transport.abort()
        else:
            await tell(socket, "done", ref=said["ref"], seq=len(came), at=1)

    async def play() -> None:
        async with answering(answer) as ann:
            await asyncio.gather(*(ann.post("garden", text) for text in ("one", "two", "three")))
            assert ann.connections == 2

    asyncio.run(play())

    assert [text for _, text in came] == ["one", "one", "two", "three"]
    assert came[0] == came[1]


def test_a_message_that_is_refused_for_good_does_not_hold_back_the_next() -> None:
    async def answer(socket: ServerConnection, said: Frame) -> None:
        if said["text"] == "one":
            await tell(socket, "refused", ref=said["ref"], code="not_joined", message="You are not there.")
        else:
            await tell(socket, "done", ref=said["ref"], seq=1, at=1)

    async def play() -> list[Any]:
        async with answering(answer) as ann:
            return await asyncio.gather(*(ann.post("garden", text) for text in ("one", "two")), return_exceptions=True)

    refused, stored = asyncio.run(play())

    assert isinstance(refused, Refusal)
    assert stored.seq == 1


def test_a_message_that_is_taken_back_does_not_hold_back_the_next() -> None:
    came: list[str] = []

    async def answer(socket: ServerConnection, said: Frame) -> None:
        came.append(said["text"])
        if said["text"] == "two":
            await tell(socket, "done", ref=said["ref"], seq=1, at=1)

    async def play() -> None:
        async with answering(answer) as ann:
            one = asyncio.create_task(ann.post("garden", "one"))
            two = asyncio.create_task(ann.post("garden", "two"))
            await asyncio.wait({one, two}, timeout=0)
            one.cancel()
            await two

    asyncio.run(play())

    assert came == ["one", "two"]


def test_an_event_of_a_later_type_is_heard_and_ends_no_connection() -> None:
    heard: list[Heard] = []

    async def answer(socket: ServerConnection, said: Frame) -> None:
        for seq, kind in ((1, "posted"), (2, "polled"), (3, "posted")):
            await tell(socket, kind, room="garden", seq=seq, at=1000 + seq, by="Bo", text="m")
        await tell(socket, "done", ref=said["ref"], seq=4, at=1004)

    async def play() -> None:
        async with answering(answer, heard) as ann:
            await ann.join("garden")
            await ann.post("garden", "hello")
            assert (ann.connections, ann.online) == (1, True)
            assert ann.talk.view("garden").last == Position(3, 1003)

    asyncio.run(play())

    assert [getattr(event, "seq", None) for event in heard] == [1, 2, 3]


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("ws://127.0.0.1:8000/ws", True),
        ("ws://127.8.9.1/ws", True),
        ("ws://[::1]:8000/ws", True),
        ("wss://localhost/ws", True),
        ("ws://LOCALHOST.:8000/ws", True),
        ("ws://garden.localhost:8000/ws", True),
        ("ws://localhost.example/ws", False),
        ("ws://10.0.0.1/ws", False),
        ("ws://chat.example/ws", False),
    ],
)
def test_this_machines_own_addresses_are_known(url: str, own: bool) -> None:
    assert is_loopback(url) is own


def test_a_proxy_is_asked_for_other_machines_and_never_for_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def stored(socket: ServerConnection, said: Frame) -> None:
        await tell(socket, "done", ref=said["ref"], seq=1, at=1)

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readline()).decode().strip())
        writer.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")
        writer.close()

    async def play() -> None:
        offline = asyncio.Event()
        async with await asyncio.start_server(proxy, "127.0.0.1", 0) as listening:
            for name in ("no_proxy", "NO_PROXY"):
                monkeypatch.delenv(name, raising=False)
            for name in ("http_proxy", "ws_proxy", "all_proxy"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
            async with answering(stored) as ann:
                await ann.post("garden", "hello")
            assert asked == []
            away = Connection("chat.example:8000", Conversation("Ann"), on_state=lambda *_: offline.set())
            living = asyncio.create_task(away.run())
            await offline.wait()
            living.cancel()
            await asyncio.gather(living, return_exceptions=True)

    asyncio.run(play())

    assert asked == ["CONNECT chat.example:8000 HTTP/1.1"]


@pytest.mark.parametrize("url", ["http://[::1", "http://127.0.0.1:99999", "ftp://127.0.0.1", "", "http://"])
def test_what_is_no_address_of_a_server_is_told_with_an_example(url: str) -> None:
    with pytest.raises(ValueError, match=r"is not a server's address; http://127.0.0.1:8000 is an example of one\."):
        address(url)


def test_nobody_follows_a_server_that_sends_on_to_another_one_with_a_token() -> None:
    async def scene() -> None:
        asked: list[str] = []

        async def other(socket: ServerConnection) -> None:
            asked.append(str(await socket.recv()))

        async with serve(other, "127.0.0.1", 0) as elsewhere:
            place = f"http://127.0.0.1:{elsewhere.sockets[0].getsockname()[1]}/ws"

            def send_on(socket: ServerConnection, _: object) -> Response:
                answer = socket.respond(302, "")
                answer.headers["Location"] = place
                return answer

            async with serve(other, "127.0.0.1", 0, process_request=send_on) as server:
                heard = asyncio.Event()
                told: list[str] = []

                def hear(_: object, why: str) -> None:
                    told.append(why)
                    heard.set()

                connection = Connection(
                    f"127.0.0.1:{server.sockets[0].getsockname()[1]}",
                    Conversation("Ann", token="secret"),
                    on_state=hear,
                )
                living = asyncio.create_task(connection.run())
                await heard.wait()
                assert told[0] == f"The server redirects to {place}; if that is right, give that address."
                living.cancel()
                await asyncio.gather(living, return_exceptions=True)
        assert asked == []

    asyncio.run(scene())
