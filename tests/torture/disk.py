"""A small file system for a server's files, that a case fills, or lets fail, while the server works on it."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

BLOCK = bytes(4096)


class SmallDisk:
    """A context manager that mounts it; `options` are those of mount, such as ("-t", "tmpfs", "none")."""

    def __init__(self, path: Path, *options: str) -> None:
        self.path = path
        self._options = options
        self._ballast = path / "ballast"

    def __enter__(self) -> "SmallDisk":
        self.path.mkdir(parents=True, exist_ok=True)
        self.mount()
        return self

    def __exit__(self, *failed: Any) -> None:
        # Lazily: a server that a failed case left behind must not keep it mounted.
        subprocess.run(["umount", "--lazy", str(self.path)], check=not failed[0])

    def mount(self) -> None:
        """Mount it, as at the beginning."""
        subprocess.run(["mount", *self._options, str(self.path)], check=True)

    def unmount(self) -> None:
        """Take it away; nobody may have a file of it open."""
        subprocess.run(["umount", str(self.path)], check=True)

    def remount(self, options: str) -> None:
        """Mount it again under the processes that use it."""
        subprocess.run(["mount", "-o", f"remount,{options}", str(self.path)], check=True)

    def fill(self, leave: int = 0) -> None:
        """Use up all its space, but for `leave` bytes."""
        ballast = os.open(self._ballast, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            while os.write(ballast, BLOCK):
                pass
        except OSError:
            os.ftruncate(ballast, max(0, os.fstat(ballast).st_size - leave))
        finally:
            os.close(ballast)

    def free(self) -> None:
        """Give the space back."""
        self._ballast.unlink()


def memory_disk(path: Path, size: str) -> SmallDisk:
    """One in memory, of a size such as 8m."""
    return SmallDisk(path, "-t", "tmpfs", "-o", f"size={size},mode=700", "none")


def need(able: bool, missing: str) -> None:
    """End a case that this machine cannot run, and say so; where everything has to run, it fails."""
    if not able:
        print(missing)
        assert not os.environ.get("CI"), missing
        pytest.skip(missing)


def need_mounting() -> None:
    """End a case where this process may not mount a file system."""
    need(_mounts("-t", "tmpfs", "-o", "size=64k", "none"), f"NOT RUN: {MAY_NOT_MOUNT}; root may.")


def make_image(image: Path) -> Path:
    """Make a file with an ext4 in it, to be mounted by `-o loop`; ends a case where that cannot be."""
    need(shutil.which("mkfs.ext4") is not None, "NOT RUN: there is no mkfs.ext4 (package e2fsprogs) on this machine.")
    with image.open("wb") as file:
        file.truncate(64 << 20)
    subprocess.run(["mkfs.ext4", "-q", str(image)], check=True)
    need(_mounts("-o", "loop", str(image)), f"NOT RUN: {MAY_NOT_MOUNT} from a file; root with loop devices may.")
    return image


MAY_NOT_MOUNT = "this process may not mount a file system"


def _mounts(*options: str) -> bool:
    with TemporaryDirectory() as directory:
        if subprocess.run(["mount", *options, directory], capture_output=True, check=False).returncode:
            return False
        subprocess.run(["umount", directory], check=True)
    return True
