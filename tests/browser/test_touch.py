"""On a phone: a finger opens the toolbar of a message, and what it taps there is done."""

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Comes
from tests.browser.person import Person

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def taps_more(person: Person, text: str) -> Locator:
    """Open a message's toolbar with a finger."""
    person.message(text).get_by_role("button", name="Message actions").tap()
    toolbar = person.page.get_by_role("toolbar")
    expect(toolbar).to_have_count(1)
    return toolbar


def test_the_first_tap_in_the_toolbar_acts(comes: Comes, garden: str) -> None:
    ann = comes("Ann", **PHONE).opens(garden)
    for text in ("Roses", "Violets"):
        ann.says(text)
        ann.sees(text)

    for text in ("Roses", "Violets"):
        taps_more(ann, text).get_by_role("button", name="Reply").tap()
        expect(ann.page.get_by_text(f"Replying to {ann.name}")).to_be_visible()
        ann.page.get_by_role("button", name="Cancel reply").tap()
    taps_more(ann, "Roses").get_by_role("button", name="Delete").tap()
    ann.page.get_by_role("dialog", name="Delete this message?").get_by_role("button", name="Delete").tap()

    expect(ann.log.get_by_text("This message was deleted.")).to_be_visible()


def test_no_button_of_the_toolbar_comes_to_be_under_the_finger(comes: Comes, garden: str) -> None:
    ann = comes("Ann", **PHONE).opens(garden)
    for text in ("Roses", "Violets"):
        ann.says(text)
        ann.sees(text)
        toolbar = taps_more(ann, text).bounding_box()
        more = ann.message(text).get_by_role("button", name="Message actions").bounding_box()
        assert toolbar is not None
        assert more is not None
        assert 0 <= toolbar["x"] < toolbar["x"] + toolbar["width"] <= more["x"]


@pytest.mark.parametrize("window", [{}, PHONE], ids=["desktop", "phone"])
def test_the_time_of_a_grouped_message_stands_before_its_text(
    comes: Comes, garden: str, window: dict[str, Any]
) -> None:
    ann = comes("Ann", locale="en-US", **window).opens(garden)  # "03:55 PM" is the widest there is
    for text in ("First", "Second"):
        ann.says(text)
        ann.sees(text)
    ann.message("Second").hover()
    time = ann.message("Second").get_by_role("time").bounding_box()
    text_box = ann.message("Second").get_by_text("Second").bounding_box()
    assert time is not None
    assert text_box is not None
    assert 0 <= time["x"] < time["x"] + time["width"] <= text_box["x"]


def test_a_finger_that_rests_on_an_emoji_is_told_whose_it_is(comes: Comes, garden: str, bo: Person) -> None:
    ann = comes("Ann", **PHONE).opens(garden)
    ann.says("Roses")
    bo.reacts("Roses", "heart")
    chip = ann.reaction("Roses", "❤️")
    expect(chip).to_be_visible()

    chip.dispatch_event("pointerdown", {"pointerType": "touch", "bubbles": True})
    ann.sees_said(f"❤️ {bo.name}")
    chip.dispatch_event("pointerup", {"pointerType": "touch", "bubbles": True})
    chip.dispatch_event("click")
    expect(chip).to_have_attribute("aria-pressed", "false")
    chip.tap()
    expect(chip).to_have_attribute("aria-pressed", "true")
