"""Whose the files of a data directory are: its owner's, also where root makes them for a server that is not root."""

import os
import sys
from pathlib import Path


def make(file: Path) -> int:
    """Make a new file that only the owner of its folder can open; returns its descriptor, raises OSError."""
    fd = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        give(fd, file.parent)
    except OSError:
        os.close(fd)
        raise
    return fd


def give(fd: int, like: Path) -> None:
    """Give what is open, and was made just now, to whom a folder belongs, where root made it; raises OSError."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return
    folder = like.stat()
    if (folder.st_uid, folder.st_gid) != (0, 0):
        os.fchown(fd, folder.st_uid, folder.st_gid)


def make_folder(folder: Path, like: Path) -> None:
    """Make a folder, where it is not there, for the owner of another one alone; raises OSError."""
    if folder.exists():
        return
    folder.mkdir(mode=0o700, parents=True)
    fd = os.open(folder, os.O_RDONLY)
    try:
        give(fd, like)
    finally:
        os.close(fd)


def whose(file: Path) -> str:
    """Why this user cannot open a file; empty where they can, or it is not there."""
    if sys.platform == "win32" or not file.exists() or os.access(file, os.R_OK | os.W_OK):
        return ""
    return f" This user, {os.geteuid()}, may not read and write it; `chown {os.geteuid()} {file}` changes that."
