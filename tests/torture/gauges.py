"""What a server tells and the system knows of it: counters, sockets, memory, time on the processor."""

import os
import re
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tests.live.server import Server

WITHIN = 30
"""Seconds after which a counter that should have come down counts as stuck."""

NOBODY = {"connections": 0.0, "sessions": 0.0, "listeners_live": 0.0, "listeners_behind": 0.0, "waiting_bytes": 0.0}
"""How a server is when everyone has gone and every grace time is over."""

TICKS = os.sysconf("SC_CLK_TCK")


def read_metrics(server: Server) -> dict[str, float]:
    """Every metric without a label, by its name without `nexus_`."""
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=WITHIN) as answer:
        text = answer.read().decode()
    return {name: float(value) for name, value in re.findall(r"^nexus_(\w+) (\S+)$", text, re.MULTILINE)}


def until(true: Callable[[], bool]) -> None:
    """Look until something is true that comes true by itself, where nothing tells when."""
    end = time.monotonic() + WITHIN
    while not true():
        assert time.monotonic() < end, "that never came true"


def wait_for(server: Server, wanted: dict[str, float]) -> None:
    """Look until these metrics have these values."""
    seen: dict[str, float] = {}

    def look() -> bool:
        metrics = read_metrics(server)
        seen.update({name: metrics[name] for name in wanted})
        return seen == wanted

    try:
        until(look)
    except AssertionError:
        raise AssertionError(f"still {seen}, not {wanted}") from None


def sockets(server: Server) -> int:
    """How many sockets the process has open."""
    return sum(link.startswith("socket:") for link in _links(server))


def descriptors(server: Server) -> int:
    """How many descriptors of any kind the process has open."""
    return len(_links(server))


def _links(server: Server) -> list[str]:
    links = []
    for descriptor in (_proc(server) / "fd").iterdir():
        try:
            links.append(str(descriptor.readlink()))
        except FileNotFoundError:
            continue  # closed since
    return links


def processor(server: Server) -> float:
    """Seconds of processor time that it took so far."""
    fields = (_proc(server) / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def status(server: Server, field: str) -> int:
    """Bytes of one kind of memory: VmSize (addresses), VmRSS (resident), VmHWM (resident at most so far)."""
    text = (_proc(server) / "status").read_text()
    return next(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith(f"{field}:"))


def _proc(server: Server) -> Path:
    assert server.process is not None
    return Path(f"/proc/{server.process.pid}")
