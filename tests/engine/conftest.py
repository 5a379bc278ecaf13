"""One headless page without a server, in which the engine's tests run."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.house.sources import PACKAGE

HERE = Path(__file__).parent
WEB = PACKAGE / "web"
VECTORS = HERE.parent / "vectors"

ORIGIN = "http://engine.test"

MISSING = "Chromium is missing, so nothing of tests/engine was run; on Debian and Ubuntu: sudo apt install chromium"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM is not None:
        return
    ours = [item for item in items if HERE in item.path.parents]
    if ours and os.environ.get("CI"):
        raise pytest.UsageError(MISSING)
    for item in ours:
        item.add_marker(pytest.mark.skip(reason=MISSING))


def answer(route: Route) -> None:
    """The page, the engine's modules and the tests, each from its file."""
    path = route.request.url.removeprefix(ORIGIN)
    if path == "/":
        importmap = re.search(
            r'<script type="importmap">.*?</script>', (WEB / "index.html").read_text("utf-8"), re.DOTALL
        )
        assert importmap is not None
        page = importmap[0].replace("{{base}}/web/{{stamp}}/", "/web/")
        route.fulfill(body=f"<!doctype html><title>Engine</title>{page}", content_type="text/html")
        return
    folder, _, name = path.removeprefix("/").partition("/")
    file = {"web": WEB, "tests": HERE, "vectors": VECTORS}[folder] / name
    kind = "application/json" if file.suffix == ".json" else "text/javascript"
    route.fulfill(body=file.read_text("utf-8"), content_type=kind)


@pytest.fixture(scope="package")
def page() -> Iterator[Page]:
    """The page; it has no network but what stands in files."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = chromium.new_page()
        page.route("**/*", answer)
        page.goto(ORIGIN)
        yield page
        chromium.close()


def vectors(name: str) -> list[dict[str, object]]:
    """What both languages fold alike."""
    found: list[dict[str, object]] = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    return found
