"""The lock on a data directory: two servers that wrote the same one would destroy each other's work."""

import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from socket import gethostname
from types import TracebackType

from nexus.store import StoreError
from nexus.store.owner import make

if sys.platform == "win32":
    import msvcrt

    def _lock(fd: int) -> None:
        os.lseek(fd, 1 << 20, os.SEEK_SET)  # what is locked cannot be read there, so not where the text is
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Held(StoreError):  # noqa: N818 - a state of the directory, told to the operator
    """Another process has the data directory; the message is a sentence that says which and what to do."""


class DirectoryLock:
    """A data directory that is this process's own, until `close` or the end of the process, however it ends."""

    def __init__(self, fd: int) -> None:
        self._fd: int | None = fd

    def close(self) -> None:
        """Let others have the directory."""
        fd, self._fd = self._fd, None
        if fd is not None:
            os.close(fd)

    def __enter__(self) -> "DirectoryLock":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def hold(directory: Path) -> DirectoryLock:
    """Make a directory if it is not there and lock it; raises Held, or StoreError where that cannot be done.

    The file `lock` in it says who holds it: process id, host, since when (ISO 8601, UTC). The file stays; what
    counts is the kernel's lock on it, so whichever path leads to the directory, it is the same lock.
    """
    try:
        _make(directory.absolute())
        fd = _open(directory / "lock")
    except OSError as error:
        raise StoreError(f"The data directory {directory} cannot be used: {error.strerror}.") from error
    try:
        _lock(fd)
    except OSError as error:
        os.close(fd)
        raise Held(_held(directory)) from error
    try:
        _sign(fd)
    except OSError as error:
        os.close(fd)
        raise StoreError(f"The data directory {directory} cannot be used: {error.strerror}.") from error
    return DirectoryLock(fd)


def _open(file: Path) -> int:
    with suppress(FileExistsError):
        return make(file)
    return os.open(file, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))  # root would write where a link leads


def _sign(fd: int) -> None:
    """Write who holds the directory into the file; raises OSError, as on a full disk."""
    os.ftruncate(fd, 0)
    os.lseek(fd, 0, os.SEEK_SET)
    os.write(fd, f"{os.getpid()}\n{gethostname()}\n{datetime.now(UTC).isoformat(timespec='seconds')}\n".encode())


def _make(directory: Path) -> None:
    """Make a directory, and the ones above it, so that a power cut does not take them away again."""
    if directory.is_dir():
        return
    _make(directory.parent)
    directory.mkdir(mode=0o700, exist_ok=True)
    if sys.platform != "win32":
        fd = os.open(directory.parent, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


def _held(directory: Path) -> str:
    """The sentence for the server that comes second."""
    who = "another process"
    written = (directory / "lock").read_text(encoding="utf-8", errors="replace").split()
    if len(written) == 3:  # else its holder is about to write it
        pid, host, since = written
        who = f"process {pid} on {host}, since {since}"
    return (
        f"The data directory {directory} is in use by {who}. "
        "Stop that server, or start this one with another data directory."
    )
