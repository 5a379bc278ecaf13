"""Fetch the browser libraries that requirements/web.lock names, by package and version, and check their hashes.

`make vendor` puts the locked versions in their places and fails where a hash differs; `make vendor ARGS=--update`
takes the newest version of each and writes the lock again. Both need `npm` and the network; nothing else here does.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements" / "web.lock"

Package = dict[str, Any]
"""`version`, `sha256` of the archive, `into` (a folder of this project), `files`: path in it → name and sha256."""


def fetch(name: str, version: str, folder: Path) -> Path:
    """The package's archive, as its registry has it."""
    command = ["npm", "pack", "--silent", f"{name}@{version}"]
    told = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout
    return folder / told.split()[-1]


def digest(content: bytes) -> str:
    """What a lock says of a file."""
    return hashlib.sha256(content).hexdigest()


def place(name: str, package: Package, *, update: bool) -> None:
    """Put a package's files where they belong; ends the command where something is not as it is locked."""
    with tempfile.TemporaryDirectory() as folder:
        archive = fetch(name, "latest" if update else package["version"], Path(folder))
        found = digest(archive.read_bytes())
        if not update and found != package["sha256"]:
            sys.exit(f"{name} {package['version']} is not what requirements/web.lock says: its archive has {found}.")
        package["sha256"] = found
        with tarfile.open(archive) as tar:
            contents = {path: _read(tar, path) for path in ("package.json", *package["files"])}
    package["version"] = json.loads(contents["package.json"])["version"]
    for path, file in package["files"].items():
        file["sha256"] = digest(contents[path])
        target = ROOT / package["into"] / file["name"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(contents[path])


def _read(tar: tarfile.TarFile, path: str) -> bytes:
    member = tar.extractfile(f"package/{path}")
    if member is None:
        sys.exit(f"The package has no {path} any more.")
    return member.read()


def main() -> None:
    """Fetch every package; with --update the newest version of each."""
    lock: dict[str, Package] = json.loads(LOCK.read_text("utf-8"))
    for name, package in lock.items():
        place(name, package, update="--update" in sys.argv[1:])
        print(f"{name} {package['version']}")
    LOCK.write_text(json.dumps(lock, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
