"""On a phone: a finger opens what can be done with a message, hits what it means, and the keyboard hides nothing."""

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Comes
from tests.browser.person import Person

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def taps_more(person: Person, text: str) -> Locator:
    """Open what can be done with a message, by its button."""
    person.message(text).get_by_role("button", name="Message actions").tap()
    toolbar = person.page.get_by_role("dialog").get_by_role("toolbar")
    expect(toolbar).to_have_count(1)
    return toolbar


def rests_on(person: Person, text: str) -> None:
    """A finger rests on a message until what can be done with it is there, and then leaves."""
    box = person.message(text).bounding_box()
    assert box is not None
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    wire = person.context.new_cdp_session(person.page)
    wire.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    expect(person.page.get_by_role("dialog", name="Actions for")).to_be_visible()
    wire.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


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


def test_a_finger_that_rests_on_a_message_opens_what_can_be_done_with_it(comes: Comes, garden: str, bo: Person) -> None:
    ann = comes("Ann", **PHONE).opens(garden)
    bo.says("Roses or violets?")
    ann.sees("Roses or violets?")

    rests_on(ann, "Roses or violets?")

    sheet = ann.page.get_by_role("dialog", name=f"Actions for {bo.name}")
    box = sheet.bounding_box()
    assert box is not None
    assert (box["x"], box["width"], box["y"] + box["height"]) == (0, 390, 844)
    sheet.get_by_role("button", name="Copy text").tap()
    ann.sees_said("Text copied")
    rests_on(ann, "Roses or violets?")
    sheet.get_by_role("button", name="Reply").tap()
    expect(ann.page.get_by_text(f"Replying to {bo.name}")).to_be_visible()


NARROW = """() => [...document.querySelectorAll('button, input, textarea, select, nav li a, .quote')]
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.width > 0 && (box.height < 44 || box.width < 44)
    && !one.matches('.by, [type=checkbox], [type=radio]') && one.checkVisibility({ visibilityProperty: true }))
  .map(([one, box]) => `${one.getAttribute('aria-label') ?? one.innerText} ${box.width} x ${box.height}`)"""


def test_whatever_a_finger_is_to_hit_is_44_pixels_wide(comes: Comes, garden: str, bo: Person) -> None:
    ann = comes("Ann", **PHONE).opens(garden)
    bo.says("Roses")
    ann.sees("Roses")
    bo.reacts("Roses", "heart")
    bo.toolbar_of("Roses").get_by_role("button", name="Reply").click()
    bo.says("Violets")
    expect(ann.page.get_by_role("button", name="1 answer")).to_be_visible()
    assert ann.page.evaluate(NARROW) == []
    taps_more(ann, "Violets").get_by_role("button", name="Reply").tap()
    ann.box.fill("@")
    expect(ann.page.get_by_role("option").first).to_be_visible()
    assert ann.page.evaluate(NARROW) == []
    ann.page.get_by_role("button", name="Show rooms").tap()
    ann.page.get_by_role("button", name=f"You: {ann.name}").tap()
    expect(ann.page.get_by_role("dialog")).to_be_visible()
    assert ann.page.evaluate(NARROW) == []


def test_on_a_phone_the_head_of_a_room_says_that_another_one_calls(comes: Comes, garden: str, bo: Person) -> None:
    ann = comes("Ann", **PHONE)
    for room in (garden, garden + "-2"):
        ann.page.goto(f"{ann.url}/r/{room}")
        name = ann.page.get_by_role("textbox", name="Your name")
        if room == garden:
            name.fill(ann.name)
            name.press("Enter")
        ann.is_in(room)
    menu = ann.page.get_by_role("button", name="Show rooms")
    expect(menu).to_have_accessible_name("Show rooms")

    bo.says("Anybody here?")

    expect(menu).to_have_accessible_name("Show rooms, 1 unread message")
    expect(menu.get_by_text("1")).to_be_visible()


KEYBOARD = """(height) => {
  Object.defineProperty(visualViewport, 'height', { configurable: true, value: height });
  visualViewport.dispatchEvent(new Event('resize'));
}"""


def test_a_keyboard_that_lies_over_the_page_does_not_hide_the_box(comes: Comes, garden: str, bo: Person) -> None:
    ann = comes("Ann", **PHONE).opens(garden)
    bo.says("Are you there?")
    ann.sees("Are you there?")

    ann.page.evaluate(KEYBOARD, 500)  # as Safari has it
    box = ann.box.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 500
    expect(ann.message("Are you there?")).to_be_in_viewport()
    ann.page.evaluate(KEYBOARD, 844)
    box = ann.box.bounding_box()
    assert box is not None
    assert box["y"] > 700


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
