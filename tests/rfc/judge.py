"""Cases are tried, in every chop, and judged by the reader of `wire` alone."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise

from nexus.gateway.admission import Admission
from tests.rfc.cases import Case, closed
from tests.rfc.echo import Line, request
from tests.rfc.wire import CLOSE, FIN, Heard, close, frame, read

AFTER = frame(b"still here?") + frame(b"", FIN | 0x9) + close(1001) + b"\xff" * 9
"""What a client goes on with that has not heard of the end."""

FINE = 300
"""Up to so many bytes each byte is sent by itself; longer cases are so at both ends, and coarser between."""

COARSE = 1021

WITHIN = 20
"""Seconds after which a connection that goes on counts as hung; far more than any takes."""


def chops(data: bytes) -> dict[str, list[bytes]]:
    """The ways in which a case is sent: whole, byte by byte, and in pairs of bytes from either start."""
    return {
        "whole": [data],
        "bytes": pieces(data, 1),
        "pairs": pieces(data, 2),
        "odd pairs": [data[:1], *pieces(data[1:], 2)],
    }


def pieces(data: bytes, size: int) -> list[bytes]:
    """Bytes in pieces of a size, the middle of a long case in coarser ones."""
    cuts = {*range(0, len(data), size)}
    if len(data) > 2 * FINE:
        middle = range(FINE, len(data) - FINE)
        cuts = {cut for cut in cuts if cut not in middle} | {*middle[::COARSE]}
    return [data[a:b] for a, b in pairwise(sorted(cuts | {0, len(data)}))]


def script(case: Case) -> tuple[bytes, tuple[Heard, ...]]:
    """What a client says in all, and what it hears: one whose connection goes on closes it."""
    return (case.sent, case.hears) if case.ends else (case.sent + close(1000), (*case.hears, closed(1000)))


def fault_of(case: Case, heard: bytes, ended: bool) -> str | None:
    """What is wrong with all that was heard, None where the rule was kept."""
    try:
        got = list(read(heard, compressed=case.compressed))
    except AssertionError as broken:
        return str(broken)
    wanted = list(script(case)[1])
    if got != wanted:
        return f"heard {_brief(got)}, not {_brief(wanted)}"
    return None if ended else "the connection did not end"


def _brief(heard: Sequence[Heard]) -> str:
    said = [str(int.from_bytes(each.payload)) if each.opcode == CLOSE else repr(each.payload[:20]) for each in heard]
    return ", ".join(f"{each.opcode:x}:{words}" for each, words in zip(heard, said, strict=True)) or "nothing"


def try_in_memory(admission: Admission, case: Case, parts: Sequence[bytes]) -> str | None:
    """The fault with which a case is answered in memory, sent in these parts."""
    line = Line(admission, compressed=case.compressed)
    for part in (*parts, AFTER):
        line.say(part)
    return fault_of(case, line.heard, line.ended)


async def try_on_socket(port: int, case: Case, parts: Sequence[bytes]) -> str | None:
    """The fault with which a case is answered through a socket; nothing is sent after what has to end it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request(compressed=case.compressed))
        await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), WITHIN)
        heard = asyncio.ensure_future(_hear(reader))
        with suppress(ConnectionError):  # what comes after the end may find nobody
            for part in parts:
                writer.write(part)
                await writer.drain()
        said, ended = await heard
        return fault_of(case, said, ended)
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def _hear(reader: asyncio.StreamReader) -> tuple[bytes, bool]:
    said = b""
    try:
        async with asyncio.timeout(WITHIN):
            while part := await reader.read(65_536):
                said += part
    except ConnectionResetError:
        pass  # ended all the same; what was cut off by it is missing in what was heard
    except TimeoutError:
        return said, False
    return said, True
