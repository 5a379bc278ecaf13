"""What an operator asks where no server runs: the same, of a node that serves nobody."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from nexus.node import logs
from nexus.node.loop import LoopClock, LoopThreads, on_loop
from nexus.node.stores import NodeStore, open_store
from nexus.protocol.operating import AnyAsk
from nexus.server.build import build
from nexus.settings import Log, Settings
from nexus.store.lock import hold

Answer = dict[str, Any]
More = Callable[[Answer], AnyAsk | None]
"""What to ask next, after an answer; None where that was all."""


def ask_stopped(settings: Settings, directory: Path, first: AnyAsk, more: More) -> list[Answer]:
    """Hold a data directory and ask; raises StoreError (Held where a server runs), Refusal, Unavailable."""
    logs.set_up(Log(level="error"))  # anyone who asks sees what is done
    with hold(directory), contextlib.closing(open_store(settings)) as store:
        answers = asyncio.run(_ask(settings, store, first, more))
        while store.index():  # what was erased is to be gone from the index too, with no server that sees to it
            pass
        store.tidy()
        return answers


async def _ask(settings: Settings, store: NodeStore, first: AnyAsk, more: More) -> list[Answer]:
    loop = asyncio.get_running_loop()
    threads = LoopThreads(loop, 1)
    node = build(settings, store, LoopClock(loop), threads, PasswordHasher(parallelism=1), lambda _: None)
    answers: list[Answer] = []
    following: AnyAsk | None = first
    try:
        while following is not None:
            answers.append(await on_loop(node.operating.answer(following)))
            following = more(answers[-1])
    finally:
        await loop.run_in_executor(None, threads.stop)
    return answers
