"""Every case tried, and what came of it."""

import asyncio
from collections.abc import Sequence

from nexus.gateway.admission import Admission
from nexus.gateway.websocket.handshake import answer, parse_request
from tests.rfc.cases import Case
from tests.rfc.echo import serving
from tests.rfc.handshakes import ASKS, Ask
from tests.rfc.judge import WITHIN, chops, pieces, script, try_in_memory, try_on_socket
from tests.rfc.table import CASES

AT_ONCE = 20
"""Connections that are open at a time, so that one that hangs holds up no other."""

Tried = dict[str, str | None]
"""The fault of each way in which a case was tried, None for those without."""


def names_of(cases: Sequence[Case], asks: Sequence[Ask]) -> list[str]:
    """What everything is called."""
    return [*(case.name for case in cases), *(ask.name for ask in asks)]


def fault_of_answer(ask: Ask, told: bytes) -> str | None:
    """What is wrong with the answer to a handshake."""
    first, *lines = told.decode("latin-1").partition("\r\n\r\n")[0].split("\r\n")
    if first.split(" ")[:2] not in [["HTTP/1.1", str(status)] for status in ask.statuses]:
        return f"{first!r}, not {ask.statuses}"
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    wrong = [name for name, value in ask.answers.items() if headers.get(name) != value]
    return f"{wrong[0]} is {headers.get(wrong[0])!r}, not {ask.answers[wrong[0]]!r}" if wrong else None


def shake_in_memory(ask: Ask) -> str | None:
    """The fault of the handshake by itself."""
    told = answer(parse_request(ask.head), subprotocols=("nexus.v1",), compress=True)
    return fault_of_answer(ask, told.response)


async def shake_on_socket(port: int, ask: Ask, parts: Sequence[bytes]) -> str | None:
    """The fault of the handshake through the HTTP port."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        async with asyncio.timeout(WITHIN):
            told = await reader.readuntil(b"\r\n\r\n")
        return fault_of_answer(ask, told)
    except (asyncio.IncompleteReadError, TimeoutError) as error:
        return f"no answer: {error!r}"
    finally:
        writer.close()


async def _try_all(cases: Sequence[Case], asks: Sequence[Ask]) -> dict[str, Tried]:
    results: dict[str, Tried] = {name: {} for name in names_of(cases, asks)}
    few = asyncio.Semaphore(AT_ONCE)

    async def one(case: Case, how: str, parts: Sequence[bytes]) -> None:
        async with few:
            results[case.name][how] = await try_on_socket(port, case, parts)

    async def handshake(ask: Ask, how: str, parts: Sequence[bytes]) -> None:
        async with few:
            results[ask.name][how] = await shake_on_socket(port, ask, parts)

    async with serving() as port:
        tries = [one(case, how, chops(script(case)[0])[how]) for case in cases for how in ("whole", "bytes")]
        shakes = [
            handshake(ask, how, pieces(ask.head, size))
            for ask in asks
            for how, size in {"whole": len(ask.head), "bytes": 1, "pairs": 2}.items()
        ]
        await asyncio.gather(*tries, *shakes)
    return results


def try_on_sockets() -> dict[str, Tried]:
    """Everything through a real port, whole and byte by byte; what came of it, by name."""
    return asyncio.run(_try_all(CASES, ASKS))


def try_every_chop(admission: Admission, case: Case) -> Tried:
    """A case without a port, in every chop."""
    return {how: try_in_memory(admission, case, parts) for how, parts in chops(script(case)[0]).items()}
