"""What axe-core finds wrong for people with disabilities: nothing, on every screen, in light and dark."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Comes
from tests.browser.person import Person

AXE = (Path(__file__).parent / "vendor" / "axe.js").read_text("utf-8")

LOOKS: list[tuple[str, str, int]] = [
    ("light", "no-preference", 1280),
    ("dark", "no-preference", 1280),
    ("light", "more", 390),
    ("dark", "more", 390),
]
"""Colours, contrast, and the width of the window."""


def look_at(person: Person, look: Any) -> None:
    """See the page in other colours, or in a narrow window."""
    scheme, contrast, width = look
    person.page.emulate_media(color_scheme=scheme, contrast=contrast)
    person.page.set_viewport_size({"width": width, "height": 800})


def findings(person: Person) -> list[str]:
    """What is wrong, with the elements; movement is over first, so that colours are what they will be."""
    person.page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
    if not person.page.evaluate("'axe' in window"):
        person.page.evaluate(AXE)  # as a debugger does it, past the page's own policy
    found = person.page.evaluate("axe.run(document)")
    return [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found["violations"]]


def test_the_first_screen_is_without_findings(comes: Comes) -> None:
    cy = comes("Cy")
    cy.page.goto(cy.url)
    expect(cy.page.get_by_role("heading", level=1)).to_be_visible()
    for look in LOOKS:
        look_at(cy, look)
        assert findings(cy) == [], look


def test_a_room_is_without_findings(ann: Person) -> None:
    ann.says(
        "Hello **all**, see https://example.org\n```python\nx = 1  # " + "wide " * 60 + "\n```\n> quoted\n- a list"
    )
    ann.sees("Hello")
    expect(ann.log.locator(".hljs-number")).to_be_visible()
    for look in LOOKS:
        look_at(ann, look)
        assert findings(ann) == [], look
    look_at(ann, LOOKS[0])


@pytest.mark.parametrize("keys", ["Control+k", "?"])
def test_dialogs_are_without_findings(ann: Person, keys: str) -> None:
    ann.says("Hello")
    ann.sees("Hello")
    ann.page.keyboard.press("ArrowUp")
    ann.page.keyboard.press(keys)
    expect(ann.page.get_by_role("dialog")).to_be_visible()

    for look in LOOKS:
        look_at(ann, look)
        assert findings(ann) == [], look
    look_at(ann, LOOKS[0])
    ann.page.keyboard.press("Escape")
