"""The data directory: whether it can be written, is large enough, and really writes."""

import errno
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from nexus.cli.checks import Check

LITTLE = 1 << 30
VERY_LITTLE = 64 << 20
"""Bytes free under which a warning is due, and under which a server would soon store nothing."""

SYNCS = 7


def check(directory: Path) -> list[Check]:
    """All of it, as far as there is a directory to look at."""
    place = _existing(directory)
    if directory.exists() and not directory.is_dir():
        return [Check("data", "FAIL", f"{directory} is a file; choose a directory with --data.")]
    if not place.is_dir():
        return [Check("data", "FAIL", f"{directory} cannot be made, because {place} is a file.")]
    try:
        times = _sync_times(place)
    except OSError as error:
        return [_unwritable(directory, place, error)]
    return [_directory(directory), _space(place), _sync(times)]


def _existing(directory: Path) -> Path:
    """The directory, or the nearest one above it that is there."""
    return next(path for path in (directory.absolute(), *directory.absolute().parents) if path.exists())


def _directory(directory: Path) -> Check:
    if not directory.exists():
        return Check("data", "ok", f"{directory} does not exist yet; `nexus serve` creates it.")
    locked = [file.name for file in directory.glob("nexus.db*") if not os.access(file, os.R_OK | os.W_OK)]
    if locked:
        return Check("data", "FAIL", f"{', '.join(locked)} in {directory} cannot be written by you; look who owns it.")
    return Check("data", "ok", f"{directory} can be written.")


def _unwritable(directory: Path, place: Path, error: OSError) -> Check:
    if error.errno == errno.ENOSPC:
        return Check("space", "FAIL", f"The disk of {place} is full; make room, nothing can be stored.")
    what = f"{place} cannot be written ({error.strerror})"
    if directory.absolute() != place:
        what = f"{directory} cannot be made, because {what}"
    return Check("data", "FAIL", f"{what}; choose another directory with --data, or make it writable.")


def _space(place: Path) -> Check:
    free = shutil.disk_usage(place).free
    said = f"{free / 2**30:.1f} GiB" if free >= LITTLE else f"{free >> 20} MiB"
    if free < VERY_LITTLE:
        return Check("space", "FAIL", f"Only {said} are free; make room, or nothing can be stored.")
    if free < LITTLE:
        return Check("space", "warn", f"Only {said} are free; make room before posts are refused.")
    return Check("space", "ok", f"{said} are free.")


def _sync(times: list[float]) -> Check:
    middle = statistics.median(times) * 1000
    return Check("sync", "ok", f"A write reaches the disk in {middle:.1f} ms (the median of {len(times)}).")


def _sync_times(place: Path) -> list[float]:
    """Seconds of a few small writes, each synced, in a file without a name."""
    times = []
    with tempfile.TemporaryFile(dir=place) as file:
        for _ in range(SYNCS):
            start = time.perf_counter()
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - start)
    return times
