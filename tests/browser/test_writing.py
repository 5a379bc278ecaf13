"""The box completes what one begins to write, and takes commands."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Comes
from tests.browser.person import Person
from tests.conformance.peer import fresh


def offered(person: Person, name: str | re.Pattern[str]) -> Locator:
    """One of the suggestions above the box."""
    return person.page.get_by_role("listbox", name="Suggestions").get_by_role("option", name=name)


def chosen(person: Person) -> str:
    """The suggestion that a screen reader tells of."""
    told = person.box.get_attribute("aria-activedescendant")
    return person.page.locator(f"#{told}").inner_text()


def test_people_rooms_emoji_and_commands_are_completed(ann: Person, bo: Person) -> None:
    bo.says("Hello")
    ann.sees("Hello")
    ann.types(f"@{bo.name[:5]}")
    expect(offered(ann, f"@{bo.name}")).to_be_visible()
    ann.box.press("Tab")
    ann.types(f"see #{ann.room[:-1]}")
    expect(offered(ann, f"#{ann.room}")).to_be_visible()
    ann.box.press("Enter")
    ann.types(":tad")
    expect(offered(ann, re.compile("🎉|tada", re.IGNORECASE))).to_be_visible()
    ann.box.press("Enter")
    expect(ann.box).to_have_value(f"@{bo.name} see #{ann.room} 🎉 ")
    ann.box.fill("")

    ann.types("/to")
    expect(offered(ann, "/topic text")).to_be_visible()
    ann.box.press("Tab")
    expect(ann.box).to_have_value("/topic ")
    ann.box.fill("")


def test_arrows_choose_escape_closes_and_a_screen_reader_hears_which(ann: Person) -> None:
    ann.types("/")
    expect(offered(ann, "/me text")).to_have_attribute("aria-selected", "true")
    ann.box.press("ArrowDown")
    expect(offered(ann, "/topic text")).to_have_attribute("aria-selected", "true")
    assert "/topic" in chosen(ann)

    ann.box.press("Escape")
    expect(ann.page.get_by_role("listbox", name="Suggestions")).to_have_count(0)
    expect(ann.box).to_have_value("/")
    ann.box.fill("")


def test_a_word_that_is_complete_leaves_enter_to_the_message(ann: Person, bo: Person) -> None:
    bo.says("Hello")
    ann.sees("Hello")
    ann.types(f"Hi @{bo.name}")
    expect(offered(ann, f"@{bo.name}")).to_be_visible()
    ann.box.press("Enter")

    bo.sees(f"Hi @{bo.name}")


def test_me_describes_an_action(ann: Person, bo: Person) -> None:
    ann.says("/me waves at **all**")

    bo.sees(f"{ann.name} waves at all")
    expect(bo.message("waves").get_by_text("/me")).to_have_count(0)


def test_commands_do_what_they_say(ann: Person, bo: Person) -> None:
    kitchen = fresh("kitchen")
    ann.says("/topic Roses and more")
    expect(bo.page.get_by_role("main").get_by_text("Roses and more", exact=True)).to_be_visible()
    garden = ann.room
    ann.box.fill(f"/join {kitchen}")
    ann.box.press("Enter")
    ann.is_in(kitchen)
    ann.box.fill("/leave")
    ann.box.press("Enter")
    expect(ann.page.get_by_role("link", name=kitchen)).to_have_count(0)
    ann.sees_said("You have left this room. Choose another one.")
    ann.goes_to(garden)
    ann.says("/help")
    expect(ann.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    ann.page.keyboard.press("Escape")


def test_a_guest_takes_another_name_by_command(comes: Comes, garden: str, bo: Person) -> None:
    ann, name = comes("Ann").opens(garden), fresh("Anna")
    ann.says(f"/nick {name}")
    ann.says("It is me")

    expect(bo.message("It is me").get_by_text(name)).to_be_visible()


def test_an_unknown_command_is_reported_and_kept_and_two_slashes_begin_a_message(ann: Person, bo: Person) -> None:
    ann.box.fill("/dance")
    ann.box.press("Enter")
    ann.sees_said("Unknown command /dance.")
    expect(ann.box).to_have_value("/dance")
    ann.says("//dance")
    bo.sees("/dance")
    ann.says("/etc/hosts is a file")

    bo.sees("/etc/hosts is a file")
