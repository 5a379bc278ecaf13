"""The lock on the data directory: whether a server has it, without taking it away from one."""

import sys
from pathlib import Path

from nexus.cli.checks import Check


def check(directory: Path) -> tuple[Check, bool]:
    """Who holds the directory, and whether anyone does."""
    try:
        holder = _holder(directory)
    except OSError as error:
        sentence = f"{directory / 'lock'} cannot be read ({error.strerror}); run this as the server's own user."
        return Check("lock", "FAIL", sentence), False
    if holder is None:
        return Check("lock", "ok", "No server is running on this data directory."), False
    return Check("lock", "ok", f"A server is running on this data directory: {holder}."), True


if sys.platform == "win32":

    def _holder(directory: Path) -> str | None:
        from nexus.store.lock import Held, hold

        if not (directory / "lock").exists():
            return None
        try:
            hold(directory).close()
        except Held:
            return _written(directory)
        return None
else:

    def _holder(directory: Path) -> str | None:
        import fcntl

        try:
            with (directory / "lock").open("rb") as file:
                # Shared, so that two doctors do not see each other; gone when the file is closed, at once.
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _written(directory)
        except (FileNotFoundError, NotADirectoryError):
            return None
        return None


def _written(directory: Path) -> str:
    """What the holder wrote of itself."""
    words = (directory / "lock").read_text(encoding="utf-8", errors="replace").split()
    if len(words) != 3:  # it is about to
        return "another process"
    return f"process {words[0]} on {words[1]}, since {words[2]}"
