"""Requests of one address wait for each other, and for nobody else."""

import asyncio
from typing import Any

from nexus.gateway.admission import Admission
from nexus.gateway.http.turns import REQUEST, in_turn
from nexus.gateway.websocket.line import MOST
from tests.world.node import World

AT_ONCE = int(MOST / REQUEST)


class Gate:
    """A node whose application notes whom it answers."""

    def __init__(self) -> None:
        self.world = World()
        world = self.world
        self.admission = Admission(world.settings, world.node, world.clock, world.store.key)
        self.answered: list[str] = []
        self._app = in_turn(self.admission, self._answer)

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG002
        self.answered.append(scope["client"][0])

    def ask(self, peer: str, forwarded: str = "", path: str = "/") -> asyncio.Task[None]:
        headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
        scope: Any = {"type": "http", "path": path, "client": (peer, 5), "headers": headers}
        done: Any = self._app(scope, None, None)  # type: ignore[arg-type]  # nothing is read or sent
        return asyncio.ensure_future(done)

    async def later(self, seconds: float) -> None:
        self.world.clock.advance(seconds)
        await asyncio.sleep(0)
        await asyncio.sleep(0)


async def flooded(gate: Gate, **asked: str) -> list[asyncio.Task[None]]:
    tasks = [gate.ask("192.0.2.1" if "forwarded" not in asked else "127.0.0.1", **asked) for _ in range(3 * AT_ONCE)]
    await gate.later(0)
    return tasks


def test_an_address_that_asks_for_ever_waits_for_itself_and_others_do_not() -> None:
    async def ask() -> None:
        gate = Gate()
        tasks = await flooded(gate)
        assert len(gate.answered) == AT_ONCE
        assert gate.admission.counters.turns == 2 * AT_ONCE

        await gate.ask("192.0.2.2")
        assert gate.answered[-1] == "192.0.2.2"
        for _ in range(100):
            await gate.later(0.01)
        await asyncio.gather(*tasks)
        assert len(gate.answered) == 3 * AT_ONCE + 1

    asyncio.run(ask())


def test_whom_a_proxy_names_waits_and_a_program_of_this_machine_does_not() -> None:
    async def ask() -> None:
        gate = Gate()
        tasks = await flooded(gate, forwarded="192.0.2.1")
        assert len(gate.answered) == AT_ONCE
        await asyncio.gather(*(gate.ask("127.0.0.1") for _ in range(3 * AT_ONCE)))
        assert len(gate.answered) == 4 * AT_ONCE
        for task in tasks:
            task.cancel()

    asyncio.run(ask())


def test_a_look_at_all_metrics_weighs_more() -> None:
    async def ask() -> None:
        gate = Gate()
        tasks = await flooded(gate, path="/metrics")
        assert 0 < len(gate.answered) < AT_ONCE / 4
        for task in tasks:
            task.cancel()
        await gate.later(1)  # nobody waits any more, and nothing breaks

    asyncio.run(ask())
