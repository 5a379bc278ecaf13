"""What the box does for the writer: emoji, marks, lists; and what it never loses."""

from playwright.sync_api import Route, expect

from tests.browser.conftest import Comes
from tests.browser.person import Person
from tests.browser.test_private import members

DROPPED = """([text]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([text], 'picture.png', { type: 'image/png' }));
  const event = new DragEvent('drop', { dataTransfer: carried, cancelable: true, bubbles: true });
  document.body.dispatchEvent(event);
  return event.defaultPrevented;
}"""
PASTED = """([text]) => {
  const carried = new DataTransfer();
  carried.items.add(new File(['x'], 'picture.png', { type: 'image/png' }));
  if (text) carried.setData('text/plain', text);
  const event = new ClipboardEvent('paste', { clipboardData: carried, cancelable: true, bubbles: true });
  document.activeElement.dispatchEvent(event);
  return event.defaultPrevented;
}"""


def test_an_emoji_is_chosen_from_all_of_them_where_the_caret_is(ann: Person, bo: Person) -> None:
    ann.types("I bring and juice")
    for _ in range(len(" and juice")):
        ann.box.press("ArrowLeft")
    ann.types(" ")
    ann.page.get_by_role("button", name="Insert an emoji").click()
    dialog = ann.page.get_by_role("dialog", name="Insert an emoji")
    dialog.get_by_role("textbox", name="Find an emoji").fill("bagel")
    expect(dialog.get_by_role("button", name="🥯 bagel")).to_be_visible()
    ann.page.keyboard.press("Enter")

    expect(ann.box).to_have_value("I bring 🥯 and juice")
    expect(ann.box).to_be_focused()
    ann.types("!")
    ann.box.press("Enter")
    bo.sees("I bring 🥯! and juice")


def test_a_name_between_colons_becomes_its_emoji_and_comes_back_by_undoing(ann: Person) -> None:
    ann.types("so :tada:")
    expect(ann.box).to_have_value("so 🎉")
    ann.box.press("Control+z")
    expect(ann.box).to_have_value("so :tada:")
    ann.box.fill("")

    ann.types("`a :tada:` at 10:30: or x:tada: and :no_such_thing:")
    expect(ann.box).to_have_value("`a :tada:` at 10:30: or x:tada: and :no_such_thing:")
    ann.box.fill("")


def test_enter_right_after_a_name_sends_its_emoji(comes: Comes, garden: str) -> None:
    ann = comes("Ann").opens(garden)
    ann.types("well :+1: (:heart:) done :tada:")  # the table of emoji comes while one types on
    ann.box.press("Enter")

    ann.sees("well 👍 (❤️) done 🎉")


def test_keys_set_marks_around_what_is_chosen_and_take_them_away(ann: Person) -> None:
    ann.types("water")
    for key, marked in (("b", "**water**"), ("i", "*water*"), ("e", "`water`")):
        ann.box.press("Control+a")
        ann.box.press(f"Control+{key}")
        expect(ann.box).to_have_value(marked)
        ann.box.press(f"Control+{key}")
        expect(ann.box).to_have_value("water")
    ann.box.press("End")
    ann.types(" ")
    ann.box.press("Control+b")
    ann.types("now")
    ann.box.press("Control+b")
    ann.types(" or ")
    ann.box.press("Control+i")
    ann.types("later")
    ann.box.press("Control+i")
    ann.types(".")
    expect(ann.box).to_have_value("water **now** or *later*.")
    ann.box.fill("")


def test_a_list_goes_on_with_the_next_line_and_ends_after_an_empty_item(ann: Person) -> None:
    ann.types("9. soil")
    ann.box.press("Shift+Enter")
    ann.types("pots")
    ann.box.press("Shift+Enter")
    ann.box.press("Shift+Enter")
    ann.types("done")
    expect(ann.box).to_have_value("9. soil\n10. pots\ndone")
    ann.box.fill("")
    ann.types("- [x] soil")
    ann.box.press("Shift+Enter")
    expect(ann.box).to_have_value("- [x] soil\n- [ ] ")
    ann.box.press("Control+z")
    expect(ann.box).to_have_value("- [x] soil")
    ann.box.fill("")


def test_a_file_is_refused_in_words_and_the_page_stays_with_its_text(ann: Person) -> None:
    ann.types("see this")
    address = ann.page.url

    assert ann.page.evaluate(DROPPED, ["x"])
    ann.sees_said("Files cannot be sent yet.")
    ann.box.focus()
    assert ann.page.evaluate(PASTED, [""])
    assert not ann.page.evaluate(PASTED, ["a cell"]), "what has a text too is pasted as that"
    assert ann.page.url == address
    expect(ann.box).to_have_value("see this")
    ann.box.fill("")


def test_a_line_that_begins_as_a_command_without_more_is_not_taken_for_it(ann: Person) -> None:
    for line in ("/leave the tomatoes alone", "/help me please", "/keep it simple"):
        ann.box.fill(line)
        ann.box.press("Enter")
        ann.sees_said(line.split()[0])
        expect(ann.box).to_have_value(line)
        expect(ann.page.get_by_role("dialog")).to_have_count(0)
    ann.box.fill("")


def test_a_command_that_is_sent_before_commands_are_loaded_waits_for_them_and_is_carried_out_once(
    comes: Comes, garden: str
) -> None:
    ann = comes("Ann")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    ann.page.route("**/later.js", hold)
    ann.opens(garden)
    ann.types("/me waters the roses")
    ann.box.press("Enter")
    ann.box.press("Enter")
    expect(ann.box).to_have_value("/me waters the roses")

    for route in held:
        route.continue_()
    expect(ann.box).to_have_value("")
    ann.says("Done.")
    ann.sees("Done.")
    expect(ann.message("waters the roses")).to_have_count(1)


def test_a_room_is_renamed_kept_and_deleted_by_what_one_types(comes: Comes, garden: str) -> None:
    ann, _ = members(comes, garden)
    shed, name = f"shed-{garden}"[:60], f"meadow-{garden}"[:60]
    ann.opens(shed)
    ann.box.fill(f"/call #{name}")
    ann.box.press("Enter")
    ann.is_in(name)

    ann.box.fill("/keep 30")
    ann.box.press("Enter")
    ann.sees_said("/keep 30 yes")
    expect(ann.box).to_have_value("/keep 30")
    ann.says("/keep 30 yes")
    ann.sees_said("30 days")
    ann.box.fill("/destroy")
    ann.box.press("Enter")
    expect(ann.page.get_by_role("dialog", name=f"#{name}")).to_be_visible()
    ann.page.keyboard.press("Escape")


def test_hands_and_people_have_the_tone_that_one_chose(comes: Comes, garden: str) -> None:
    ann = comes("Ann").opens(garden)
    ann.page.get_by_role("button", name="Insert an emoji").click()
    dialog = ann.page.get_by_role("dialog", name="Insert an emoji")
    dialog.get_by_role("combobox", name="Skin tone").select_option("✋🏽")
    dialog.get_by_role("textbox", name="Find an emoji").fill("victory")
    dialog.get_by_role("button", name="✌🏽 victory hand").click()
    expect(ann.box).to_have_value("✌🏽")
    ann.box.press("End")
    ann.types(" :wave:")
    expect(ann.box).to_have_value("✌🏽 👋🏽")
    ann.types(" :tada:")
    expect(ann.box).to_have_value("✌🏽 👋🏽 🎉")
    ann.box.fill("")

    ann.page.reload()
    ann.is_in(garden)
    ann.types(":wave:")
    expect(ann.box).to_have_value("👋🏽")
    ann.box.fill("")
