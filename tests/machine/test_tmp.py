"""Whole nodes under everything that people, disks, networks and clocks do, against the promise of the design."""

import os
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests.machine.amending import AmendingRules
from tests.machine.talking import Talking
from tests.machine.trouble import Trouble
from tests.machine.visiting import Visiting

SOAK = "NEXUS_SOAK" in os.environ


class Machine(Talking, AmendingRules, Visiting, Trouble):
    """Hypothesis picks the rules, and makes the shortest story of whatever breaks an invariant."""


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    """Thousands of broken disks fill no log."""

    def drop(*_: object) -> str:
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(processors=[drop])
    yield
    structlog.configure(**before)


TestPromise = pytest.mark.timeout(0)(Machine.TestCase)  # 5,000 steps take a slow machine minutes
TestPromise.settings = settings(
    max_examples=20_000 if SOAK else 100,
    stateful_step_count=100 if SOAK else 50,
    derandomize=not SOAK,
    database=None,
    phases=(__import__("hypothesis").Phase.generate,),
    report_multiple_bugs=False,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
