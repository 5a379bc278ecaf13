"""Rooms that their owners delete, and messages of others that moderators delete, on the page; and both taken back."""

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Comes
from tests.browser.person import Person
from tests.browser.test_private import about_room, makes_private, members


def deletes_room(person: Person, name: str) -> None:
    """Delete the room that one looks at, and mean it."""
    about = about_room(person)
    about.get_by_role("button", name="Delete this room…").click()
    expect(about.get_by_text("confirm that you want to delete it")).to_be_visible()
    sure = about.get_by_role("button", name="Delete it for everyone")
    expect(sure).to_be_disabled()
    about.get_by_label("Type").fill("another")
    expect(sure).to_be_disabled()
    about.get_by_label("Type").fill(name)
    sure.click()
    expect(person.page.get_by_role("dialog")).to_have_count(0)


def link(person: Person, name: str) -> Locator:
    """A room in the list."""
    return person.page.get_by_role("navigation", name="Rooms").get_by_role("link", name=name)


def test_a_room_is_deleted_for_everyone_and_brought_back_at_once(comes: Comes, garden: str) -> None:
    ann, bo = members(comes, garden)
    makes_private(ann, "Surprise party")
    ann.says("a cake?")
    about_room(ann).get_by_label("Add someone").fill(bo.name)
    ann.page.get_by_role("button", name="Add", exact=True).click()
    ann.page.keyboard.press("Escape")
    bo.goes_to("Surprise party")
    bo.sees("a cake?")

    deletes_room(ann, "Surprise party")

    bo.sees_said(f"{ann.name} deleted the room 'Surprise party'.")
    for person in (ann, bo):
        expect(link(person, "Surprise party")).to_have_count(0)
        person.sees_no_more("a cake?")
    ann.sees_said("Surprise party has been deleted.")

    ann.page.get_by_role("button", name="Undo").click()

    ann.sees_said("Undone.")
    for person in (ann, bo):
        person.goes_to("Surprise party")
        person.sees("a cake?")
        person.sees_said(f"{ann.name} brought this room back")
    bo.says("with candles")
    ann.sees("with candles")


def test_what_was_done_in_rooms_of_ones_own_is_listed_and_can_be_taken_back(comes: Comes, garden: str) -> None:
    ann, bo = members(comes, garden)
    makes_private(ann, "Surprise party")
    deletes_room(ann, "Surprise party")

    for person, count in ((ann, 1), (bo, 0)):
        person.page.get_by_role("button", name=f"You: {person.name}").click()
        person.page.get_by_role("button", name="What moderators did").click()
        dialog = person.page.get_by_role("dialog", name="What moderators did")
        entry = dialog.get_by_role("listitem").filter(has_text="deleted the room Surprise party")
        expect(entry).to_have_count(count)
        expect(dialog.get_by_role("button", name="Pause the server")).to_have_count(0)
        if count:
            entry.get_by_role("button", name="Undo").click()
            expect(entry.get_by_text("undone")).to_be_visible()
        else:
            expect(dialog.get_by_text("Nothing yet.")).to_be_visible()
        person.page.keyboard.press("Escape")
    ann.goes_to("Surprise party")


def test_an_owner_hides_a_message_in_their_room_and_lets_it_stand_again(comes: Comes, garden: str) -> None:
    ann, bo = members(comes, garden)
    makes_private(ann, "Plans")
    about_room(ann).get_by_label("Add someone").fill(bo.name)
    ann.page.get_by_role("button", name="Add", exact=True).click()
    ann.page.keyboard.press("Escape")
    bo.goes_to("Plans")
    bo.says("something unkind")
    ann.sees("something unkind")
    ann.says("something of mine")
    bo.sees("something of mine")
    expect(bo.toolbar_of("something of mine").get_by_role("button", name="Delete")).to_have_count(0)

    ann.deletes("something unkind")

    bo.sees_no_more("something unkind")
    bo.sees_said(f"{ann.name} hid 1 message by {bo.name}")
    ann.sees_said("The message is hidden.")
    ann.page.get_by_role("button", name="Undo").click()
    bo.sees("something unkind")
    ann.sees("something unkind")
