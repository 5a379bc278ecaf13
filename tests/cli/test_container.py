"""deploy/Containerfile, step by step as an engine would run it; no engine is needed."""

import os
import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from tests.cli import containerfile
from tests.house.packages import link
from tests.house.sources import ROOT

FILE = ROOT / "deploy" / "Containerfile"


def test_its_steps_make_a_server_that_is_healthy_as_its_own_user(wheel: Path, tmp_path: Path) -> None:
    if not containerfile.possible(tmp_path / "tried"):
        assert not os.environ.get("CI"), "Trying the Containerfile needs root and overlay mounts."
        pytest.skip("Trying the Containerfile needs root and overlay mounts.")
    link(tmp_path / "packages")
    context = tmp_path / "project"
    (context / "requirements").mkdir(parents=True)
    shutil.copy(ROOT / "requirements" / "run.lock", context / "requirements")
    shutil.copytree(wheel.parent, context / "dist")
    (context / "mnt").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    found = containerfile.steps(FILE.read_text("utf-8"))
    commands = [
        containerfile.OVERLAY,
        *containerfile.on_this_machine(tmp_path / "packages"),
        *containerfile.build(found),
        *containerfile.run(found, port),
    ]

    done = subprocess.run(
        [*containerfile.ROOT_OF_ITS_OWN, "\n".join(commands), "sh", str(context / "mnt")],
        cwd=context,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"http://127.0.0.1:{port}" in done.stdout
    assert "healthy; owner of the data: 10001:700 10001:600" in done.stdout
    assert done.stdout.endswith("stopped well\nno longer healthy\n")
    assert not Path("/data").exists()


def test_what_it_installs_is_pinned_and_it_runs_as_nobody_else() -> None:
    found = containerfile.steps(FILE.read_text("utf-8"))
    text = "\n".join(step.rest for step in found if step.word == "RUN")
    order = [step.word for step in found]

    assert not re.search(r"pip install(?!.*(--require-hashes|--no-index))", text)
    assert order.index("USER") < order.index("ENTRYPOINT")
    assert {"VOLUME", "HEALTHCHECK", "EXPOSE", "STOPSIGNAL"} <= set(order)
    assert next(step.rest for step in found if step.word == "USER") == "10001:10001"
