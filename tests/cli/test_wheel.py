"""The wheel, built and installed as an operator does it: everything is in it, and it serves."""

import os
import re
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from nexus import __version__
from tests.cli.command import Serving
from tests.house.packages import link
from tests.house.sources import PACKAGE

NOT_PACKED = {"__pycache__"}


def test_everything_is_in_it(wheel: Path) -> None:
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("nexus/")}
    ours = {path.relative_to(PACKAGE.parent) for path in PACKAGE.rglob("*") if path.is_file()}

    assert packed == {path.as_posix() for path in ours if not NOT_PACKED & set(path.parts)}


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a clean virtual environment with the wheel in it.

    The packages it needs are there already; pip checks that they are all, and in versions that fit.
    """
    folder = tmp_path_factory.mktemp("clean")
    link(folder / "packages")
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True, timeout=100)
    for site in (folder / "venv").glob("lib/python*/site-packages"):
        (site / "packages.pth").write_text(f"{folder / 'packages'}\n")
    programs = folder / "venv" / "bin"
    took = subprocess.run(
        [programs / "python", "-m", "pip", "--disable-pip-version-check", "install", "-qq", "--no-index", wheel],
        cwd=folder,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert took.returncode == 0, took.stderr
    return programs


def test_the_command_is_there(installed: Path, tmp_path: Path) -> None:
    told = subprocess.run([installed / "nexus", "--version"], cwd=tmp_path, env={}, capture_output=True, check=True)

    assert told.stdout.decode() == f"Nexus {__version__}\n"


def test_it_serves_the_page_and_its_modules(installed: Path, tmp_path: Path) -> None:
    server = Serving("--port", "0", cwd=tmp_path, command=(str(installed / "nexus"),), environ={})
    try:
        url = server.told("Open")
        page = fetched(f"{url}/").decode()
        files = re.findall(r'"(/web/[^"]+\.(?:js|css|svg|webmanifest))"', page)
        assert fetched(f"{url}/healthz") == b"ok\n"
        assert len(files) >= 10
        assert all(fetched(url + file) for file in files)
    finally:
        code, errors = server.stop()
    assert (code, errors) == (0, "")
    assert (tmp_path / "nexus-data" / "nexus.db").exists()


def fetched(url: str) -> bytes:
    """What is at an address; raises where nothing is."""
    with urllib.request.urlopen(url, timeout=20) as answer:
        content: bytes = answer.read()
    return content
