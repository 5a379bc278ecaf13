"""Removing the transcript of a room that was deleted; where the room comes back, it is written again from the log."""

import glob
import shutil
from pathlib import Path

from nexus.core.folders import folder


def remove(logs: Path, room_key: str) -> None:
    """Delete a room's files, and those of its histories that were replaced. Raises OSError; done again, it is done."""
    name = folder(room_key)
    for path in [logs / name, *logs.glob(f"{glob.escape(name)}.replaced-*")]:
        if path.exists():
            shutil.rmtree(path)
