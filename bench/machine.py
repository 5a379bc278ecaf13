"""The machine: its cores, its limits, its disk, and what to write down about it."""

import os
import platform
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "bench"
"""Data directories, logs and the generator; on the same disk as everything here, and not in memory as /tmp may be."""

SYNCS = 200
SPINS = 20_000


class CannotMeasure(Exception):  # noqa: N818 - a state of the machine, told to anyone who wants to measure
    """This machine cannot do it; the message is a sentence that says what it lacks."""


def cores() -> tuple[int, int]:
    """The core of the server and the core of the generator."""
    if not sys.platform.startswith("linux"):
        raise CannotMeasure("The benchmark needs Linux: it pins processes to cores and reads /proc.")
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) < 2:
        raise CannotMeasure("The benchmark needs two cores, one for the server and one for the load generator.")
    return usable[0], usable[1]


def raise_open_files() -> int:
    """Allow as many open files and sockets as this process may; children inherit it. Returns how many."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def sync_ms() -> float:
    """Milliseconds of one disk sync here: the median of many, each after an append of 4 KiB."""
    times = []
    with tempfile.TemporaryFile(dir=BUILD) as file:
        for _ in range(SYNCS):
            file.write(os.urandom(4096))
            file.flush()
            begun = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


def spin_ns() -> float:
    """Nanoseconds of processor time of one turn of an empty loop in Python: how fast this machine is right now."""
    times = []
    for _ in range(SYNCS):
        begun = time.thread_time_ns()
        for _ in range(SPINS):
            pass
        times.append((time.thread_time_ns() - begun) / SPINS)
    return statistics.median(times)


def describe() -> dict[str, object]:
    """What the numbers depend on."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "commit": _git("rev-parse", "--short", "HEAD") + ("+" if _git("status", "--porcelain", "src") else ""),
        "open_files": resource.getrlimit(resource.RLIMIT_NOFILE)[0],
        "load_average": round(os.getloadavg()[0], 2),
        "disk_sync_ms": round(sync_ms(), 3),
        "spin_ns": round(spin_ns(), 1),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _git(*arguments: str) -> str:
    """What git says about this checkout; nothing where it is none."""
    try:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
