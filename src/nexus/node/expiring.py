"""What was set aside in a data directory goes after a while, since it has texts that people deleted since."""

import shutil
from pathlib import Path

import structlog

DAY = 86_400.0
"""Seconds."""

log = structlog.get_logger()


def expire(directory: Path, days: int, now: float) -> None:
    """Delete what an upgrade, a restore or damage left and nobody used for so many days; 0 keeps it for good."""
    if not days:
        return
    for path in set_aside(directory):
        if _age(path, now) < days * DAY:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
        log.info("what was set aside is gone, by backup.set_aside_days", path=str(path))


def set_aside(directory: Path) -> list[Path]:
    """Copies of the database from before an upgrade or a restore, transcripts that were replaced or damaged."""
    logs = directory / "logs"
    return [
        *directory.glob("nexus.db.schema-*"),
        *directory.glob("nexus.db.replaced-*"),
        *logs.glob("*.replaced-*"),
        *logs.glob("*/*.damaged"),
    ]


def _age(path: Path, now: float) -> float:
    """Seconds since it was set aside: a file keeps its time of writing when it gets another name."""
    status = path.stat()
    return now - max(status.st_mtime, status.st_ctime)
