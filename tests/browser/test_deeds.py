"""What people do to messages: edit, delete, react, pin; the others see it at once, and offline it waits."""

import re

from playwright.sync_api import expect

from nexus.core.emoji import check_emoji
from tests.browser.conftest import Comes
from tests.browser.person import Person
from tests.browser.wire import Wire
from tests.conformance.peer import Peer, fresh
from tests.live.server import Server


def test_an_edit_is_seen_by_all_and_marked(ann: Person, bo: Person) -> None:
    ann.says("Roses are rde")
    bo.sees("Roses are rde")

    ann.edits("Roses are rde", "Roses are red")

    for person in (ann, bo):
        person.sees("Roses are red")
        person.sees_no_more("Roses are rde")
        expect(person.message("Roses are red").get_by_text("edited")).to_be_visible()


def test_only_what_one_may_do_is_offered(ann: Person, bo: Person) -> None:
    ann.says("Mine")

    toolbar = bo.toolbar_of("Mine")
    for name in ("Add a reaction", "Reply", "Copy link", "Mark unread from here", "Report"):
        expect(toolbar.get_by_role("button", name=name)).to_be_visible()
    expect(toolbar.get_by_role("button")).to_have_count(5)


def test_up_edits_the_newest_message_and_escape_gives_the_draft_back(ann: Person, bo: Person) -> None:
    keys = ann.page.keyboard
    ann.says("First")
    ann.says("Secnod")
    bo.sees("Secnod")
    bo.says("Another's")
    ann.sees("Another's")
    ann.box.focus()

    keys.press("ArrowUp")
    expect(ann.box).to_have_value("Secnod")
    expect(ann.page.get_by_text("Editing your message")).to_be_visible()
    ann.box.fill("Second")
    keys.press("Enter")
    bo.sees("Second")
    expect(ann.box).to_have_value("")

    ann.types("half a thought")
    ann.toolbar_of("First").get_by_role("button", name="Edit").click()
    expect(ann.box).to_have_value("First")
    ann.box.press_sequentially(" of all")
    keys.press("Escape")
    expect(ann.box).to_have_value("half a thought")
    ann.sees("First")
    ann.box.fill("")


def test_an_edit_to_nothing_asks_whether_to_delete(ann: Person) -> None:
    ann.says("Not needed")
    ann.sees("Not needed")

    ann.box.press("ArrowUp")
    ann.box.fill("")
    ann.box.press("Enter")
    expect(ann.page.get_by_role("dialog", name="Delete this message?")).to_contain_text("Not needed")
    ann.page.keyboard.press("Enter")

    expect(ann.log.get_by_text("This message was deleted.")).to_be_visible()


def test_a_deleted_message_is_gone_for_all_in_quotes_too(ann: Person, bo: Person) -> None:
    ann.says("The password is hunter2")
    bo.toolbar_of("hunter2").get_by_role("button", name="Reply").click()
    bo.says("Delete that!")
    expect(bo.message("Delete that!").get_by_role("link", name=re.compile("hunter2"))).to_be_visible()

    said = ann.log.get_by_role("article").first
    said.hover()
    said.get_by_role("button", name="Delete").click()
    expect(ann.page.get_by_role("dialog")).to_be_visible()
    ann.page.keyboard.press("Escape")
    expect(ann.page.get_by_role("dialog")).to_have_count(0)
    expect(bo.log.get_by_text("This message was deleted.")).to_have_count(0)
    said.get_by_role("button", name="Delete").click()
    ann.page.keyboard.press("Enter")

    for person in (ann, bo):
        expect(person.log.get_by_text("This message was deleted.")).to_have_count(2)
        person.sees_no_more("hunter2")


def test_reactions_are_counted_and_toggled_by_all(ann: Person, bo: Person) -> None:
    ann.says("Cake at four")
    bo.reacts("Cake at four", "party")

    chip = ann.reaction("Cake at four", "🎉")
    expect(chip).to_have_accessible_name(f"🎉 1: {bo.name}")
    expect(chip).to_have_attribute("aria-pressed", "false")
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "true")
    expect(bo.reaction("Cake at four", "🎉")).to_have_accessible_name(f"🎉 2: you and {ann.name}")

    bo.reaction("Cake at four", "🎉").click()
    expect(chip).to_have_accessible_name("🎉 1: you")
    chip.click()
    expect(bo.message("Cake at four").get_by_role("group", name="Reactions")).to_have_count(0)


def test_the_picker_by_keyboard(ann: Person, bo: Person) -> None:
    keys = ann.page.keyboard
    bo.says("Tea?")
    ann.sees("Tea?")
    ann.box.press("ArrowUp")
    expect(ann.message("Tea?")).to_be_focused()

    keys.press("+")
    expect(ann.page.get_by_role("textbox", name="Find an emoji")).to_be_focused()
    keys.type("nothing is called so")
    ann.sees_said("No matching emoji.")
    keys.press("Control+A")
    keys.type("coff")
    expect(ann.page.get_by_role("button", name="☕ hot beverage")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")

    expect(bo.reaction("Tea?", "☕")).to_be_visible()
    expect(ann.message("Tea?")).to_be_focused()


def test_a_pin_is_seen_listed_and_leads_to_its_message(comes: Comes, garden: str, bo: Person) -> None:
    ann = comes("Ann").opens(garden).registers()
    bo.says("Water on Sunday")
    ann.pins("Water on Sunday")

    expect(bo.message("Water on Sunday").get_by_text("Pinned")).to_be_visible()
    bo.page.get_by_role("button", name="1 pinned message").click()
    pins = bo.page.get_by_role("dialog", name=f"Pinned in #{garden}")
    pins.get_by_role("link", name=re.compile(bo.name)).click()
    expect(bo.page).to_have_url(re.compile(rf"/r/{garden}/\d+$"))
    expect(pins).to_have_count(0)

    ann.toolbar_of("Water on Sunday").get_by_role("button", name="Unpin").click()
    expect(bo.message("Water on Sunday").get_by_text("Pinned")).to_have_count(0)
    bo.page.keyboard.press("Escape")


def test_a_pin_from_long_ago_is_listed_and_gone_to(comes: Comes, server: Server, garden: str) -> None:
    dot = Peer(server.ws)
    dot.greet(fresh("Dot"))
    dot.done("register", name=dot.name, password="correct horse")
    dot.done("join", room=garden)
    seq = dot.post(garden, "How to water")
    dot.done("pin", room=garden, seq=seq)
    for number in range(200):
        dot.post(garden, f"no. {number}.")
    ann = comes("Ann").opens(garden)

    ann.page.get_by_role("button", name="1 pinned message").click()
    pins = ann.page.get_by_role("dialog", name=f"Pinned in #{garden}")
    pins.get_by_role("link", name=re.compile(dot.name)).click()
    ann.sees("How to water")

    dot.done("unpin", room=garden, seq=seq)
    expect(ann.page.get_by_role("button", name="1 pinned message")).to_have_count(0)
    dot.leave()


def test_messages_are_tended_without_a_mouse(comes: Comes, garden: str, bo: Person) -> None:
    ann = comes("Ann").opens(garden).registers()
    keys = ann.page.keyboard
    ann.says("Frist")
    bo.says("Noted")
    ann.sees("Noted")
    ann.box.focus()

    keys.press("Shift+ArrowUp")
    expect(ann.message("Noted")).to_be_focused()
    keys.press("p")
    expect(bo.message("Noted").get_by_text("Pinned")).to_be_visible()
    keys.press("ArrowUp")
    keys.press("e")
    expect(ann.box).to_be_focused()
    keys.press("Control+A")
    keys.type("First")
    keys.press("Enter")
    bo.sees("First")

    keys.press("Shift+ArrowUp")
    keys.press("ArrowUp")
    keys.press("Tab")
    expect(ann.message("First").get_by_role("button", name="Add a reaction")).to_be_focused()
    keys.press("Delete")
    expect(ann.page.get_by_role("dialog", name="Delete this message?")).to_be_visible()
    keys.press("Enter")
    expect(bo.log.get_by_text("This message was deleted.")).to_be_visible()


def test_what_is_done_offline_waits_survives_a_reload_and_is_done_once(
    comes: Comes, wire: Wire, garden: str, bo: Person
) -> None:
    ann = comes("Ann", wire.url).opens(garden)
    ann.says("Before")
    bo.says("Nice?")
    ann.sees("Nice?")

    ann.reacts("Before", "heart")
    ann.loses(wire)
    ann.edits("Before", "After")
    ann.sees_waiting("After")
    ann.reacts("Nice?", "thumbs up")
    expect(ann.reaction("Nice?", "👍")).to_have_attribute("aria-pressed", "true")
    ann.sees_waiting("Nice?")
    bo.sees("Before")
    ann.gets_back(wire)
    ann.page.reload()

    bo.sees("After")
    expect(bo.reaction("Nice?", "👍")).to_have_accessible_name(f"👍 1: {ann.name}")
    ann.sees("After")
    ann.sees("Nice?")


def test_a_refused_edit_says_why_and_keeps_its_text(ann: Person, bo: Person) -> None:
    ann.says("A bell")
    ann.sees("A bell")
    ann.edits("A bell", "Two bells: \0")

    refused = ann.log.get_by_role("alert")
    expect(refused).to_contain_text("Not saved:")
    expect(refused).to_contain_text("Two bells")
    refused.get_by_role("button", name="Edit").click()
    expect(ann.box).to_have_value("Two bells: \0")
    ann.says("Two bells, in words")
    bo.sees("Two bells, in words")
    expect(refused).to_have_count(0)


def test_an_administrator_deletes_what_others_wrote(comes: Comes, unowned: tuple[Server, str], garden: str) -> None:
    server, link = unowned
    ann = comes("Ann", server.url)
    ann.page.goto(link)
    ann.page.get_by_label("Your name").fill(ann.name)
    ann.page.get_by_label("Password").fill("long enough")
    ann.page.keyboard.press("Enter")
    ann.is_in("lobby").opens(garden)
    dot = Peer(server.ws)
    dot.greet("Dot")
    dot.done("join", room=garden)
    dot.post(garden, "Buy my pills")

    ann.toolbar_of("Buy my pills").get_by_role("button", name="Delete").click()
    asked = ann.page.get_by_role("dialog", name="Delete this message?")
    expect(asked).to_contain_text("Dot’s message")
    asked.get_by_role("button", name="Delete").click()

    expect(ann.log.get_by_text("This message was deleted.")).to_be_visible()
    dot.leave()


ALL_EMOJI = """async () => {
  const at = (name) => import(document.querySelector('script[src]').src.replace('first.js', name));
  const [{ ALL }, { toned }] = [await at('page/dialogs/emoji.js'), await at('page/composer/tone.js')];
  const known = /^\\p{RGI_Emoji}$/v;
  const all = ALL.map((one) => ({ ...one, dark: toned(one.emoji, '\\u{1f3ff}') }));
  return all.map((one) => ({ ...one, known: known.test(one.dark) }));
}"""


def test_every_emoji_of_the_picker_is_one_that_the_server_takes_as_it_is(ann: Person) -> None:
    loaded = ann.page.evaluate(ALL_EMOJI)

    assert len({one["emoji"] for one in loaded}) == len(loaded) > 1800
    assert all(one["name"] and check_emoji(one["emoji"]) == one["emoji"] for one in loaded)
    dark = [one for one in loaded if one["dark"] != one["emoji"]]
    assert len(dark) > 250
    assert [one["dark"] for one in dark if not one["known"] or check_emoji(one["dark"]) != one["dark"]] == []


def test_replies_are_counted_and_read_beside_the_room(ann: Person, bo: Person) -> None:
    ann.says("Who brings **cake**?")
    question = bo.log.get_by_role("article").first
    for text in ("I do", "So do I 👩‍👩‍👧‍👦"):
        question.hover()
        question.get_by_role("button", name="Reply").click()
        bo.says(text)
    expect(bo.message("I do").get_by_role("link", name="Who brings cake?")).to_be_visible()
    expect(bo.message("So do I").get_by_role("link", name="Who brings cake?")).to_have_count(0)

    question = ann.log.get_by_role("article").first
    question.get_by_role("button", name="2 replies").click()
    pane = ann.page.get_by_role("complementary", name="Replies")
    expect(pane.get_by_role("listitem")).to_have_count(2)
    expect(pane.get_by_text("So do I")).to_be_in_viewport()
    pane.get_by_role("button", name="Reply").click()
    ann.says("Thank you both")

    expect(pane.get_by_role("listitem")).to_have_count(3)
    expect(question.get_by_role("button", name="3 replies")).to_be_visible()
    ann.toolbar_of("Thank you both").get_by_role("button", name="Delete").click()
    ann.page.keyboard.press("Enter")
    expect(pane.get_by_role("listitem")).to_have_count(2)
    pane.get_by_role("button", name="Close").click()
    expect(pane).to_have_count(0)
