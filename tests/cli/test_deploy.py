"""The files of deploy/: what they say is what the program takes."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from nexus.node.backups import folder_of
from nexus.settings import Settings
from tests.house.sources import ROOT

UNIT = ROOT / "deploy" / "nexus.service"


def test_every_directive_of_the_unit_is_explained_or_stands_below_one_that_is() -> None:
    sections = UNIT.read_text("utf-8").split("\n\n")
    assert sections[0].startswith("# Nexus as a service")
    assert all("# " in section for section in sections)


def test_the_unit_starts_what_the_docs_install_and_lets_it_write_its_copies() -> None:
    said = dict(
        line.split("=", 1) for line in UNIT.read_text("utf-8").splitlines() if re.match("[A-Z][A-Za-z]+=", line)
    )
    program, _, _, data = said["ExecStart"].split()
    steps = (ROOT / "docs" / "operate.md").read_text("utf-8")

    assert program == "/opt/nexus/bin/nexus"
    assert "/opt/nexus/bin/pip install --no-deps dist/nexus_chat-" in steps
    made = {f"/var/lib/{name}" for name in said["StateDirectory"].split()}
    assert made == {data, str(folder_of(Settings(data=data)))}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here; the unit is only a text")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    program = shutil.which("true")
    text = re.sub(r"^ExecStart=\S+", f"ExecStart={program}", UNIT.read_text("utf-8"), flags=re.MULTILINE)
    unit = tmp_path / "nexus.service"
    unit.write_text(text.replace("User=nexus", "User=root"), "utf-8")

    found = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)

    assert "nexus.service" not in found.stderr, found.stderr
