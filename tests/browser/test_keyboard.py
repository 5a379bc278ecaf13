"""Everything by keyboard alone, from the first visit on."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Comes
from tests.browser.person import Person
from tests.conformance.peer import fresh


def test_a_day_without_a_mouse(comes: Comes, garden: str, bo: Person) -> None:
    kitchen = fresh("kitchen")
    ann = comes("Ann")
    keys = ann.page.keyboard
    ann.page.goto(f"{ann.url}/r/{garden}")
    expect(ann.page.get_by_label("Your name")).to_be_focused()
    keys.type(ann.name)
    keys.press("Enter")
    ann.is_in(garden)
    expect(ann.box).to_be_focused()

    bo.says("Which room next?")
    ann.sees("Which room next?")
    keys.press("ArrowUp")
    expect(ann.message("Which room next?")).to_be_focused()
    keys.press("r")
    keys.type(f"@{bo.name[:6]}")
    expect(ann.page.get_by_role("option", name=f"@{bo.name}")).to_be_visible()
    keys.press("Tab")
    keys.type("the kitchen")
    keys.press("Shift+Enter")
    keys.type("now")
    keys.press("Enter")
    bo.sees(f"@{bo.name} the kitchen")
    expect(bo.message("the kitchen").get_by_role("link", name=re.compile("Which room"))).to_be_visible()

    keys.press("Control+k")
    expect(ann.page.get_by_role("combobox", name="Room or person")).to_be_focused()
    keys.type(kitchen)
    keys.press("Enter")
    ann.is_in(kitchen)
    bo.says("Come back")
    expect(ann.unread_in(garden)).to_be_visible()
    keys.press("Alt+a")
    ann.is_in(garden)
    ann.sees("Come back")


def test_what_is_asked_next_has_the_focus(comes: Comes, garden: str) -> None:
    cy = comes("Cy")
    cy.page.goto(f"{cy.url}/r/{garden}")
    for way in ("I have an account", "Join as a guest"):
        cy.page.get_by_role("button", name=way).press("Enter")
        expect(cy.page.get_by_label("Your name")).to_be_focused()
    cy.page.keyboard.type(cy.name)
    cy.page.keyboard.press("Enter")
    cy.is_in(garden)

    cy.page.get_by_role("button", name="New message or room").press("Enter")

    expect(cy.page.get_by_role("textbox", name="Room for everyone")).to_be_focused()


def test_keys_are_shown_and_the_dialog_gives_the_focus_back(ann: Person) -> None:
    keys = ann.page.keyboard
    ann.says("Hello")
    ann.sees("Hello")
    keys.press("Shift+ArrowUp")

    keys.press("?")
    expect(ann.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    keys.press("Escape")

    expect(ann.page.get_by_role("dialog")).to_have_count(0)
    expect(ann.message("Hello")).to_be_focused()


@pytest.mark.parametrize("closing", ["Escape", "Control+k", "the button"])
def test_one_goes_on_writing_after_a_dialog_that_was_opened_from_the_box(ann: Person, closing: str) -> None:
    keys = ann.page.keyboard
    ann.types("Half a")
    keys.press("Control+k")
    expect(ann.page.get_by_role("combobox", name="Room or person")).to_be_focused()

    if closing == "the button":
        ann.page.get_by_role("dialog").get_by_role("button", name="Close").click()
    else:
        keys.press(closing)
    expect(ann.page.get_by_role("dialog")).to_have_count(0)
    keys.type(" word")

    expect(ann.box).to_have_value("Half a word")


def test_what_one_types_after_a_click_on_the_list_of_rooms_is_a_message(ann: Person, garden: str) -> None:
    ann.goes_to(garden)
    ann.page.get_by_role("navigation", name="Rooms").get_by_role("link", name=garden).click()
    ann.page.keyboard.type("hello there")

    expect(ann.box).to_have_value("hello there")


def test_new_messages_are_announced_sender_first(ann: Person, bo: Person) -> None:
    bo.says("Can you hear me?")

    said = ann.page.get_by_role("status").filter(has_text=f"{bo.name}: Can you hear me?")
    expect(said).to_have_attribute("aria-live", "polite")


def test_how_much_is_read_out_is_chosen(comes: Comes, garden: str, bo: Person) -> None:
    ann = comes("Ann").opens(garden)
    ann.page.get_by_role("button", name=f"You: {ann.name}").click()
    ann.page.get_by_role("combobox", name="Announce new messages to screen readers").select_option("Only how many")
    ann.page.keyboard.press("Escape")
    bo.says("Not word by word")

    expect(ann.page.get_by_role("status").filter(has_text="1 new message")).to_have_count(1)
    ann.sees("Not word by word")
    expect(ann.page.get_by_role("status").filter(has_text="Not word by word")).to_have_count(0)


MAC = "Object.defineProperty(navigator, 'platform', { get: () => 'MacIntel' })"


def test_on_a_mac_control_is_left_to_the_text_and_command_is_the_pages(comes: Comes, garden: str) -> None:
    ann = comes("Ann")
    ann.context.add_init_script(MAC)
    ann.opens(garden)
    ann.types("hello")
    ann.page.keyboard.press("Control+k")
    expect(ann.page.get_by_role("dialog")).to_have_count(0)
    ann.box.fill("")

    ann.page.keyboard.press("Meta+k")

    expect(ann.page.get_by_role("dialog")).to_be_visible()


STOPS = """() => Object.fromEntries(['.log', 'nav.rooms .list', 'aside.people ul'].map((part) => [part,
  [...document.querySelectorAll(`${part}, ${part} *`)].filter((one) => one.tabIndex >= 0).length]))"""


def test_the_messages_the_rooms_and_the_people_are_one_stop_of_tab_each(ann: Person, bo: Person) -> None:
    bo.says("See https://example.org")
    bo.says("```sh\nls\n```")
    ann.sees("ls")
    bo.reacts("example.org", "heart")
    ann.says("To you")
    ann.sees("To you")
    expect(ann.reaction("example.org", "❤️")).to_be_visible()
    ann.page.mouse.move(0, 0)
    expect(ann.page.get_by_role("toolbar")).to_have_count(0)
    assert ann.page.evaluate(STOPS) == {".log": 1, "nav.rooms .list": 1, "aside.people ul": 1}

    keys = ann.page.keyboard
    ann.box.focus()
    for key in ("Shift+ArrowUp", "ArrowUp", "ArrowUp"):
        keys.press(key)
    expect(ann.message("example.org")).to_be_focused()
    keys.press("Tab")
    expect(ann.log.get_by_role("link", name="https://example.org")).to_be_focused()
    keys.press("ArrowDown")
    expect(ann.message("ls")).to_be_focused()
    people = ann.page.get_by_role("complementary", name="Who is here").get_by_role("listitem").get_by_role("button")
    people.first.focus()
    keys.press("ArrowDown")
    expect(people.nth(1)).to_be_focused()
    rooms = ann.page.get_by_role("navigation", name="Rooms")
    rooms.get_by_role("link", name=ann.room).focus()
    keys.press("ArrowRight")
    expect(rooms.get_by_role("button", name=f"About {ann.room}")).to_be_focused()
    keys.press("ArrowLeft")
    expect(rooms.get_by_role("link", name=ann.room)).to_be_focused()


def test_what_is_typed_after_a_reaction_chosen_by_keyboard_is_a_message(ann: Person, bo: Person) -> None:
    bo.says("We ship today")
    ann.sees("We ship")
    ann.box.focus()
    ann.page.keyboard.press("Shift+ArrowUp")
    ann.page.keyboard.press("+")
    ann.page.get_by_role("textbox", name="Find an emoji").fill("party")
    expect(ann.page.get_by_role("region", name="Found")).to_be_visible()
    ann.page.keyboard.press("Enter")
    expect(ann.page.get_by_role("dialog")).to_have_count(0)
    ann.page.keyboard.type("edit please")

    expect(ann.box).to_have_value("edit please")
    ann.box.fill("")


def presses(person: Person, key: str, code: str, modifiers: int = 0) -> None:
    """Press a key of a layout that Playwright does not know: 1 is Alt, 2 Control."""
    wire = person.context.new_cdp_session(person.page)
    held = {"key": key, "code": code, "modifiers": modifiers}
    wire.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **held})
    wire.send("Input.dispatchKeyEvent", {"type": "keyUp", **held})


def test_where_a_layout_has_another_alphabet_the_same_keys_are_the_pages(ann: Person, bo: Person) -> None:
    bo.says("Когда?")
    ann.sees("Когда?")
    ann.types("скоро")
    ann.page.keyboard.press("Control+a")
    presses(ann, "и", "KeyB", 2)
    expect(ann.box).to_have_value("**скоро**")
    presses(ann, "л", "KeyK", 2)
    expect(ann.page.get_by_role("combobox", name="Room or person")).to_be_focused()
    ann.page.keyboard.press("Escape")
    expect(ann.page.get_by_role("dialog")).to_have_count(0)
    ann.box.fill("")
    ann.box.press("Shift+ArrowUp")
    expect(ann.message("Когда?")).to_be_focused()

    presses(ann, "к", "KeyR")

    expect(ann.page.get_by_text(f"Replying to {bo.name}")).to_be_visible()
    ann.box.press("Escape")


def test_what_is_typed_or_pasted_after_a_click_is_text_whatever_it_begins_with(ann: Person, bo: Person) -> None:
    bo.says("Tea or coffee?")
    ann.sees("Tea or coffee?")
    ann.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ann.page.evaluate("navigator.clipboard.writeText(' /srv/garden')")
    for begins in ("/me waves", "?!"):
        ann.message("Tea or coffee?").click()
        ann.page.keyboard.type(begins)
        expect(ann.box).to_have_value(begins)
        ann.box.fill("")
    ann.page.get_by_role("button", name="show who is here").click()
    ann.page.keyboard.type("both")
    ann.message("Tea or coffee?").click()
    ann.page.keyboard.press("Control+v")
    expect(ann.box).to_have_value("both /srv/garden")
    ann.page.get_by_role("button", name="show who is here").click()
    ann.box.fill("")

    ann.box.press("Shift+ArrowUp")  # by keyboard they are keys
    ann.page.keyboard.press("/")

    expect(ann.search.get_by_role("searchbox", name="Search for")).to_be_focused()
    ann.page.keyboard.press("Escape")
