"""The packages of requirements/run.lock without Nexus and without the network, for virtual environments of tests."""

from importlib import metadata
from pathlib import Path

from tests.house.test_locks import pins


def link(folder: Path) -> None:
    """Link all that a server and its build need into a folder, to be put on the path of a virtual environment."""
    folder.mkdir()
    for name in pins("run"):
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # a package for another system
            continue
        for top in {file.parts[0] for file in found.files or () if file.parts[0] != ".."}:
            target = folder / top
            if top != "__pycache__" and not target.exists():
                target.symlink_to(Path(str(found.locate_file(top))))
