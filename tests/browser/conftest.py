"""A real Chromium, a real server, and people in front of pages; where there is no Chromium, it says so loudly."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.browser.person import Person
from tests.browser.wire import Wire
from tests.conformance.peer import fresh
from tests.live.server import Server

NAMES = ("chromium", "chromium-browser", "google-chrome")

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

MISSING = "Chromium is missing, so nothing of tests/browser was run; on Debian and Ubuntu: sudo apt install chromium"

CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), None)

HERE = Path(__file__).parent

expect.set_options(timeout=30_000)  # a busy machine is no fault

Comes = Callable[..., Person]
"""Calls a person to a page: `comes("Ann")`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM is not None:
        return
    ours = [item for item in items if HERE in item.path.parents]
    if ours and os.environ.get("CI"):
        raise pytest.UsageError(MISSING)
    for item in ours:
        item.add_marker(pytest.mark.skip(reason=MISSING))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if any(MISSING in str(report.longrepr) for report in terminalreporter.getreports("skipped")):
        terminalreporter.section("not tested", red=True)
        terminalreporter.line(MISSING)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all these tests; it has to end with them, since its loop is in our thread."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all these tests; each takes rooms and names of its own."""
    with Server(tmp_path_factory.mktemp("server") / "data") as running:
        yield running


@pytest.fixture
def garden() -> str:
    """The name of a room in which nobody has been."""
    return fresh("garden")


def new_window(browser: Browser, **window: object) -> BrowserContext:
    """A window with a storage of its own; its pages have a service worker only where that is what a test is about."""
    return browser.new_context(**{"service_workers": "block", **window})  # type: ignore[arg-type]  # as Playwright names it


@pytest.fixture(scope="package")
def regulars(browser: Browser, server: Server) -> Iterator[list[Person]]:
    """Ann and Bo, whose windows stay open from test to test."""
    people = [Person(new_window(browser), fresh(name), server.url) for name in ("Ann", "Bo")]
    yield people
    for person in people:
        person.context.close()


@pytest.fixture
def ann(regulars: list[Person], garden: str) -> Iterator[Person]:
    """Ann, in the garden."""
    yield regulars[0].opens(garden)
    assert not regulars[0].faults


@pytest.fixture
def bo(regulars: list[Person], garden: str) -> Iterator[Person]:
    """Bo, in the garden."""
    yield regulars[1].opens(garden)
    assert not regulars[1].faults


@pytest.fixture
def comes(browser: Browser, server: Server) -> Iterator[Comes]:
    """Somebody opens a window of their own at the server, or at another address; no page may have had a fault."""
    people: list[Person] = []

    def come(name: str, url: str = "", **window: object) -> Person:
        person = Person(new_window(browser, **window), fresh(name), url or server.url)
        people.append(person)
        return person

    yield come
    faults = [fault for person in people for fault in person.faults]
    for person in people:
        person.context.close()
    assert not faults


@pytest.fixture
def wire(server: Server) -> Iterator[Wire]:
    """A way to the server that can be cut."""
    wire = Wire(server.port)
    yield wire
    wire.cut()


@pytest.fixture
def unowned(tmp_path: Path) -> Iterator[tuple[Server, str]]:
    """A server that nobody administers yet, and its one-time link."""
    server = Server(tmp_path / "data")
    yield server, re.findall(r"Administer\s+(\S+)", server.start())[0]
    server.stop()
