"""The server's own log holds no secret, whatever goes wrong, and for machines each line of it is JSON."""

import json
import logging
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
import structlog

from nexus.node.logs import set_up
from nexus.settings import Log
from tests.cli.command import COMMAND, environment

PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leave the configuration to other tests as it was."""
    before, root, hook = structlog.get_config(), logging.getLogger(), sys.excepthook
    handlers, root.handlers = root.handlers, []
    yield
    structlog.configure(**before)
    logging.captureWarnings(False)
    root.handlers, sys.excepthook = handlers, hook


def fail(password: str) -> None:
    raise MemoryError(f"{len(password)} characters")


@pytest.mark.parametrize("layout", ["json", "text"])
def test_a_traceback_shows_no_local_variables(
    capsys: pytest.CaptureFixture[str], layout: Literal["json", "text"]
) -> None:
    set_up(Log(format=layout))
    try:
        fail(PASSWORD)
    except MemoryError:
        structlog.get_logger().exception("command failed")

    written = capsys.readouterr().err
    assert "command failed" in written
    assert "fail" in written
    assert PASSWORD not in written
    if layout == "json":
        assert json.loads(written)["exception"][0]["exc_type"] == "MemoryError"


@pytest.mark.parametrize("layout", ["json", "text"])
def test_what_a_library_repeats_is_one_line_a_second(
    capsys: pytest.CaptureFixture[str], layout: Literal["json", "text"]
) -> None:
    logging.getLogger().handlers = []  # pytest's own
    set_up(Log(format=layout))
    bad = logging.LogRecord("uvicorn.error", logging.WARNING, "uvicorn.py", 1, "Invalid request.", (), None)
    for moment in (100.0, 100.9, 101.0, 50.0):
        bad.created = moment
        logging.getLogger().handle(bad)

    assert capsys.readouterr().err.count("Invalid request.") == 3


def test_libraries_warnings_and_faults_are_lines_of_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger().handlers = []  # pytest's own, which are there by now
    set_up(Log(format="json"))
    try:
        fail(PASSWORD)
    except MemoryError as error:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
        sys.excepthook(type(error), error, error.__traceback__)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("soon gone\nindeed", DeprecationWarning, stacklevel=1)
        logging.captureWarnings(False)

    written = capsys.readouterr().err
    lines = [json.loads(line) for line in written.splitlines()]
    assert PASSWORD not in written
    assert [line["level"] for line in lines] == ["error", "error", "warning"]
    assert [line.get("logger") for line in lines] == ["uvicorn.error", None, "py.warnings"]
    assert all(line["exception"][0]["exc_type"] == "MemoryError" for line in lines[:2])
    assert "soon gone" in lines[2]["event"]


def test_all_that_a_server_writes_is_json_where_it_is_set(tmp_path: Path) -> None:
    words = [*COMMAND, "serve", "--port", "0", "--log-format", "json", "--log-level", "debug"]
    with subprocess.Popen(
        words, cwd=tmp_path, env=environment(NEXUS_ZEBRA="1"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        started = json.loads(process.stdout.readline())
        os.kill(process.pid, signal.SIGTERM)
        rest, errors = process.communicate(timeout=30)

    told = [json.loads(line) for line in errors.splitlines()]
    assert (process.returncode, rest) == (0, "")
    assert started["urls"][0].startswith("http://127.0.0.1:")
    assert told[0]["event"].startswith("The environment has NEXUS_ZEBRA")
    assert {"started", "stopping"} <= {line["event"] for line in told}


def test_why_a_server_does_not_start_is_json_too(tmp_path: Path) -> None:
    words = [*COMMAND, "serve", "--log-format", "json", "--tls-certificate", "none.pem", "--tls-key", "none.pem"]
    told = subprocess.run(words, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)

    (line,) = [json.loads(line) for line in told.stderr.splitlines()]
    assert (told.returncode, line["level"]) == (1, "error")
    assert line["event"] == "tls.certificate is 'none.pem', which cannot be read (No such file or directory)."
