"""`make` sets up .venv, says what it does, and notices one that came along with a copied folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.packages import link
from tests.house.sources import ROOT

PARTS = ("Makefile", "pyproject.toml", "README.md", "LICENSE", "requirements", "scripts")


def make(project: Path, packages: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run make in a project, with packages that are there already, so that nothing is downloaded."""
    given = {"PYTHON": sys.executable, "PYTHONPATH": str(packages), "PIP_NO_INDEX": "1", "PATH": os.environ["PATH"]}
    return subprocess.run(
        ["make", "--no-print-directory", *words],
        cwd=project,
        env=given,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def version(project: Path, packages: Path) -> str:
    """What the project's own command says, which is made first where that is due."""
    made = make(project, packages, ".venv/run.stamp")
    assert made.returncode == 0, made.stderr
    told = subprocess.run(
        [project / ".venv" / "bin" / "nexus", "--version"],
        env={"PYTHONPATH": str(packages)},
        capture_output=True,
        text=True,
        check=True,
    )
    return made.stderr + told.stdout


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of this project as someone has it after a clone."""
    folder = tmp_path / "first place"
    folder.mkdir()
    for part in PARTS:
        (shutil.copytree if (ROOT / part).is_dir() else shutil.copy)(ROOT / part, folder / part)
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("*.egg-info", "__pycache__"))
    return folder


def test_a_copied_or_moved_folder_runs_its_own_code(project: Path, tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    link(packages)

    first = version(project, packages)
    again = version(project, packages)
    copy = shutil.copytree(project, tmp_path / "copy", symlinks=True)
    (copy / "src/nexus/__init__.py").write_text('__version__ = "9.9.9"\n')
    moved = version(copy.rename(tmp_path / "moved"), packages)

    said = first.splitlines()
    assert said[0].startswith("Setting up .venv with Python 3.")
    assert 2 <= len(said) <= 3, "one or two lines, and the version"
    assert again.splitlines() == said[-1:]
    assert f"made elsewhere ({project}/.venv)" in moved
    assert moved.endswith("Nexus 9.9.9\n")
    assert version(project, packages) == again
