"""The server's own log holds no secret, whatever goes wrong."""

import json
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog

from nexus.node.logs import set_up
from nexus.settings import Log

PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leave the configuration to other tests as it was."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


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
