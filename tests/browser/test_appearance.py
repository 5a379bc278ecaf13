"""How the page looks in this browser: its colours and the size of its text, also after a reload and in other tabs."""

import re

from playwright.sync_api import expect

from tests.browser.person import Person

PAPER = "getComputedStyle(document.querySelector('main.room')).backgroundColor"
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(26, 28, 31)"


def opens_settings(person: Person) -> None:
    """What one chooses for this browser."""
    person.page.get_by_role("button", name=f"You: {person.name}").click()
    expect(person.page.get_by_role("dialog")).to_be_visible()


def paper(person: Person) -> str:
    """The colour behind the messages."""
    found: str = person.page.evaluate(PAPER)
    return found


def test_the_colours_are_the_systems_unless_others_are_chosen(ann: Person) -> None:
    ann.page.emulate_media(color_scheme="dark")
    assert paper(ann) == DARK
    opens_settings(ann)
    ann.page.get_by_role("combobox", name="Colours").select_option("Light")
    assert paper(ann) == LIGHT
    ann.page.reload()
    ann.is_in(ann.room)
    assert paper(ann) == LIGHT, "It stays so."

    ann.page.emulate_media(color_scheme="light")
    opens_settings(ann)
    ann.page.get_by_role("combobox", name="Colours").select_option("Dark")
    assert paper(ann) == DARK
    ann.page.get_by_role("combobox", name="Colours").select_option("Same as the system")
    assert paper(ann) == LIGHT


def test_text_can_be_larger(ann: Person) -> None:
    ann.says("hello")
    ann.sees("hello")
    before = ann.message("hello").bounding_box()
    opens_settings(ann)
    ann.page.get_by_role("combobox", name="Text size").select_option("Larger")
    ann.page.keyboard.press("Escape")
    after = ann.message("hello").bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] > 1.15 * before["height"]
    ann.page.reload()
    ann.is_in(ann.room)
    assert ann.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    opens_settings(ann)
    ann.page.get_by_role("combobox", name="Text size").select_option("Normal")
    assert ann.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "16px"


def test_how_close_messages_stand_and_how_times_are_written_is_chosen_and_stays(ann: Person) -> None:
    ann.says("At what time?")
    ann.sees("At what time?")
    message, time = ann.message("At what time?"), ann.message("At what time?").locator("time")
    high = message.bounding_box()
    opens_settings(ann)
    ann.page.get_by_role("combobox", name="Times").select_option("12 hours")
    expect(time).to_have_text(re.compile("[AP]M"))
    ann.page.get_by_role("combobox", name="Times").select_option("24 hours")
    expect(time).not_to_have_text(re.compile("[AP]M"))
    ann.page.get_by_role("combobox", name="Message spacing").select_option("Compact")
    low = message.bounding_box()
    assert low is not None
    assert high is not None
    assert low["height"] < high["height"]
    ann.page.reload()
    ann.is_in(ann.room)
    expect(ann.message("At what time?").locator("time")).not_to_have_text(re.compile("[AP]M"))
    opens_settings(ann)
    ann.page.get_by_role("combobox", name="Times").select_option("Usual for the language")
    ann.page.get_by_role("combobox", name="Message spacing").select_option("Roomy")
    ann.page.keyboard.press("Escape")


def test_the_settings_have_four_parts_that_one_goes_to(ann: Person) -> None:
    opens_settings(ann)
    for part in ("Keys and writing", "Appearance", "Notifications", "Account"):
        ann.page.get_by_role("navigation", name="Settings sections").get_by_role("button", name=part).click()
        expect(ann.page.get_by_role("heading", name=part)).to_be_focused()
        expect(ann.page.get_by_role("heading", name=part)).to_be_in_viewport()
    ann.page.keyboard.press("Escape")
