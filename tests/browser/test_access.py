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

OF_COLOURS = ("color-contrast", "link-in-text-block")
"""The rules that depend on them."""


def look_at(person: Person, look: Any) -> None:
    """See the page in other colours, or in a narrow window."""
    scheme, contrast, width = look
    person.page.emulate_media(color_scheme=scheme, contrast=contrast)
    person.page.set_viewport_size({"width": width, "height": 800})


def findings(person: Person, rules: tuple[str, ...] = ()) -> list[str]:
    """What is wrong, by these rules or all, with the elements; movement is over first, so that colours are final."""
    person.page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
    if not person.page.evaluate("'axe' in window"):
        person.page.evaluate(AXE)  # as a debugger does it, past the page's own policy
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found = person.page.evaluate("(options) => axe.run(document, options)", options)
    return [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found["violations"]]


def nothing_is_wrong_for(person: Person, where: str = "") -> None:
    """In no look is anything wrong; where only the colours are others, only they are looked at again."""
    for look in LOOKS:
        look_at(person, look)
        assert findings(person, OF_COLOURS if look[0] == "dark" else ()) == [], (where, look)
    look_at(person, LOOKS[0])


def test_the_first_screen_is_without_findings(comes: Comes) -> None:
    cy = comes("Cy")
    cy.page.goto(cy.url)
    expect(cy.page.get_by_role("heading", level=1)).to_be_visible()
    nothing_is_wrong_for(cy)


def test_a_room_is_without_findings(ann: Person) -> None:
    ann.says(
        "Hello **all**, see https://example.org\n```python\nx = 1  # " + "wide " * 60 + "\n```\n> quoted\n- a list"
    )
    ann.sees("Hello")
    expect(ann.log.locator(".hljs-number")).to_be_visible()
    nothing_is_wrong_for(ann)


def test_the_details_of_a_room_and_the_account_are_accessible(ann: Person) -> None:
    for name in ("About this room", f"You: {ann.name}"):
        ann.page.get_by_role("button", name=name).click()
        expect(ann.page.get_by_role("dialog")).to_be_visible()
        nothing_is_wrong_for(ann, name)
        ann.page.keyboard.press("Escape")


def test_suggestions_are_without_findings(ann: Person) -> None:
    ann.types("/")
    expect(ann.page.get_by_role("listbox", name="Suggestions")).to_be_visible()
    nothing_is_wrong_for(ann)
    ann.box.fill("")


@pytest.mark.parametrize("keys", ["Control+k", "?"])
def test_dialogs_are_without_findings(ann: Person, keys: str) -> None:
    ann.says("Hello")
    ann.sees("Hello")
    ann.page.keyboard.press("Shift+ArrowUp")
    ann.page.keyboard.press(keys)
    expect(ann.page.get_by_role("dialog")).to_be_visible()

    nothing_is_wrong_for(ann)
    ann.page.keyboard.press("Escape")


def test_messages_with_all_that_was_done_to_them_are_without_findings(comes: Comes, garden: str, bo: Person) -> None:
    ann = comes("Ann").opens(garden).registers()
    ann.says("Roses")
    bo.reacts("Roses", "heart")
    ann.reacts("Roses", "thumbs up")
    ann.pins("Roses")
    ann.edits("Roses", "Red roses")
    ann.says("Gone")
    ann.deletes("Gone")
    expect(ann.message("Red roses").get_by_text("Pinned")).to_be_visible()
    expect(ann.log.get_by_text("This message was deleted.")).to_be_visible()

    ann.page.keyboard.press("Shift+ArrowUp")
    ann.page.keyboard.press("ArrowUp")
    expect(ann.message("Red roses").get_by_role("toolbar")).to_be_visible()
    nothing_is_wrong_for(ann)
    for key, name in (("+", "React to"), ("Delete", "Delete this message?")):
        ann.page.keyboard.press(key)
        expect(ann.page.get_by_role("dialog", name=name)).to_be_visible()
        if key == "+":  # among nearly two thousand emoji axe takes a minute
            ann.page.keyboard.type("rose")
            expect(ann.page.get_by_role("region", name="Found")).to_be_visible()
        nothing_is_wrong_for(ann)
        ann.page.keyboard.press("Escape")
        expect(ann.page.get_by_role("dialog")).to_have_count(0)
        expect(ann.message("Red roses")).to_be_focused()
    ann.page.keyboard.press("e")
    expect(ann.page.get_by_text("Editing your message")).to_be_visible()
    nothing_is_wrong_for(ann)
    ann.page.keyboard.press("Escape")
    ann.page.get_by_role("button", name="1 pinned message").click()
    expect(ann.page.get_by_role("dialog", name="Pinned in")).to_be_visible()
    nothing_is_wrong_for(ann)
