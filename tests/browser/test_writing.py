"""The box completes what one begins to write, and takes commands."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Comes
from tests.browser.person import Person
from tests.conformance.peer import Peer, fresh
from tests.live.server import Server


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
    expect(bo.page.get_by_title("Roses and more", exact=True)).to_be_visible()
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
    ann.sees_said("There is no command /dance.")
    expect(ann.box).to_have_value("/dance")
    ann.says("//dance")
    bo.sees("/dance")
    ann.says("/etc/hosts is a file")

    bo.sees("/etc/hosts is a file")


def test_a_completion_is_undone_as_one_types(ann: Person, bo: Person) -> None:
    bo.says("Hello")
    ann.sees("Hello")
    ann.types(f"so then @{bo.name[:4]}")
    expect(offered(ann, f"@{bo.name}")).to_be_visible()
    ann.box.press("Tab")
    expect(ann.box).to_have_value(f"so then @{bo.name} ")

    ann.box.press("Control+z")

    expect(ann.box).not_to_have_value(re.compile("@.* $"))
    expect(ann.box).to_have_value(re.compile("^so then"))
    ann.box.fill("")


def test_a_completion_takes_the_place_of_the_whole_word(ann: Person, bo: Person) -> None:
    bo.says("Hello")
    ann.sees("Hello")
    ann.types(f"@{bo.name[:4]}{bo.name[4:]}, please")
    for _ in range(len(bo.name) - 4 + len(", please")):
        ann.box.press("ArrowLeft")
    ann.types("x")
    ann.box.press("Backspace")
    expect(offered(ann, f"@{bo.name}")).to_be_visible()
    ann.box.press("Tab")

    expect(ann.box).to_have_value(f"@{bo.name}, please")
    ann.box.fill("")


def test_a_reply_is_still_one_after_a_reload(ann: Person, bo: Person) -> None:
    bo.says("Shall I delete the backups?")
    ann.sees("Shall I delete the backups?")
    ann.toolbar_of("backups").get_by_role("button", name="Reply").click()
    ann.types("Yes")

    ann.page.reload()

    expect(ann.box).to_have_value("Yes")
    ann.sees_said(f"Replying to {bo.name}")
    ann.box.press("Enter")
    expect(ann.message("Yes").get_by_role("link", name=re.compile("backups"))).to_be_visible()


def test_a_draft_is_its_tabs_own_until_that_is_closed(comes: Comes, garden: str) -> None:
    ann = comes("Ann").opens(garden).registers()
    ann.types("Transfer 500 to Bo")
    other = ann.opens_a_tab()
    other.opens(garden)
    expect(other.box).to_have_value("")
    ann.box.press("Enter")
    other.sees("Transfer 500")
    expect(other.box).to_have_value("")
    ann.types("a thought for later")
    ann.page.close()

    other.page.reload()

    expect(other.box).to_have_value("a thought for later")


def duplicated(person: Person) -> Person:
    """A copy of the tab, with all that it keeps, as a browser makes it."""
    other = Person.__new__(Person)
    other.__dict__.update(person.__dict__)
    with person.context.expect_page() as opened:
        person.page.evaluate("window.open(location.href)")
    other.page = opened.value
    return other.is_in(person.room)


def test_what_was_sent_or_saved_in_one_tab_is_not_left_in_a_copy_of_it(comes: Comes, garden: str, bo: Person) -> None:
    bo.says("Shall we?")
    ann = comes("Ann").opens(garden).registers()
    ann.toolbar_of("Shall we?").get_by_role("button", name="Reply").click()
    ann.types("Yes")
    other = duplicated(ann)
    expect(other.page.get_by_text(f"Replying to {bo.name}")).to_be_visible()
    bo.says("Well?")
    other.sees("Well?")  # it is online
    ann.box.press("Enter")
    expect(other.box).to_have_value("")
    expect(other.page.get_by_text("Replying to")).to_have_count(0)

    ann.sees("Yes")
    ann.box.press("ArrowUp")
    ann.types(", let us")
    other = duplicated(ann)
    expect(other.box).to_have_value("Yes, let us")
    bo.says("Good")
    other.sees("Good")
    ann.box.press("Enter")

    expect(other.page.get_by_text("Editing your message")).to_have_count(0)
    expect(other.box).to_have_value("")


def test_what_is_half_written_is_nobody_elses(comes: Comes, garden: str) -> None:
    ann = comes("Ann").opens(garden)
    ann.says("my plan")
    ann.sees("my plan")
    ann.box.press("ArrowUp")
    ann.sees_said("Editing your message")
    ann.types(" with a PIN of 4711")
    ann.page.get_by_role("button", name=f"You: {ann.name}").click()
    ann.page.get_by_role("button", name="Leave and forget me here").click()
    name = ann.page.get_by_role("textbox", name="Your name")
    expect(name).to_be_visible()
    kept = ann.page.evaluate("() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
    name.fill(fresh("Bo"))
    ann.page.keyboard.press("Enter")

    expect(ann.box).to_have_value("")
    assert "4711" not in kept


FORBIDDEN = """for (const name of ['localStorage', 'sessionStorage'])
  Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError'); } });"""


def test_a_draft_stays_where_the_browser_keeps_nothing(comes: Comes, garden: str) -> None:
    ann = comes("Ann")
    ann.context.add_init_script(FORBIDDEN)
    ann.opens(garden)
    kitchen = fresh("kitchen")
    ann.opens(kitchen)
    ann.types("a long, carefully written text")
    ann.goes_to(garden)
    expect(ann.box).to_have_value("")
    ann.goes_to(kitchen)

    expect(ann.box).to_have_value("a long, carefully written text")


def test_anyone_who_types_under_another_name_stops_typing_once_it_is_said(ann: Person, server: Server) -> None:
    bo = Peer(server.ws)
    bo.greet(fresh("Bo"))
    bo.done("join", room=ann.room)
    bo.done("typing", room=ann.room)
    ann.sees_said(f"{bo.name} is typing")
    bo.done("rename", name=fresh("Robert"))
    ann.sees_said("is typing")

    bo.post(ann.room, "hello")

    ann.sees("hello")
    expect(ann.page.get_by_text("is typing")).to_have_count(0)
    bo.leave()


def test_enter_begins_a_line_where_one_wants_that_and_control_enter_always_sends(comes: Comes, garden: str) -> None:
    ann = comes("Ann").opens(garden)
    ann.page.get_by_role("button", name=f"You: {ann.name}").click()
    ann.page.get_by_role("combobox", name="Enter").select_option("Starts a new line")
    ann.page.keyboard.press("Escape")
    ann.box.fill("One")
    ann.box.press("Enter")
    ann.box.press_sequentially("two")
    expect(ann.box).to_have_value("One\ntwo")
    ann.box.press("Control+Enter")
    ann.sees("One")
    expect(ann.box).to_have_value("")


def test_what_is_typed_in_full_is_what_is_meant(comes: Comes, server: Server, garden: str) -> None:
    ann = comes("Ann").opens(f"{garden}-old")
    dot = Peer(server.ws)
    dot.greet(f"{fresh('Dot')}.b")
    for room in (garden, f"{garden}-old"):
        dot.done("join", room=room)
    dot.post(f"{garden}-old", "hello")
    ann.sees("hello")
    ann.types(f"(@{dot.name})")
    for _ in range(len(dot.name)):
        ann.box.press("ArrowLeft")
    ann.types("x")
    ann.box.press("Backspace")
    expect(offered(ann, f"@{dot.name}")).to_be_visible()
    ann.box.press("Tab")
    expect(ann.box).to_have_value(f"(@{dot.name})")
    ann.box.fill("")
    ann.types(f"/join {garden}")
    ann.box.press("Enter")
    ann.is_in(garden)
    dot.leave()
