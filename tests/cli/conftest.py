"""What several tests of the command line need: the wheel."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nexus import __version__
from tests.house.sources import ROOT


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as `make wheel` builds it, out of a copy, since a build writes beside the code."""
    folder = tmp_path_factory.mktemp("project")
    for part in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / part, folder)
    for part in ("scripts", "src"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("*.egg-info", "__pycache__"))
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (folder / ".venv" / "bin" / "python").chmod(0o755)
    built = subprocess.run(
        ["sh", "scripts/wheel"], cwd=folder, capture_output=True, text=True, timeout=100, check=False
    )
    assert built.returncode == 0, built.stderr
    name = f"dist/nexus_chat-{__version__}-py3-none-any.whl"
    assert built.stdout == f"Built {name}; `pipx install {name}` installs it.\n"
    return folder / name
