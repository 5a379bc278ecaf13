"""Private and direct rooms on the page, and what those who moderate a room do there."""

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Comes
from tests.browser.person import Person


def dialog_of(person: Person) -> Locator:
    """The dialog in front of the page."""
    return person.page.get_by_role("dialog")


def begins(person: Person, field: str, text: str, deed: str) -> None:
    """Begin a conversation, or a room."""
    person.page.get_by_role("button", name="New message or room").click()
    dialog_of(person).get_by_label(field).fill(text)
    dialog_of(person).get_by_role("button", name=deed, exact=True).click()


def makes_private(person: Person, title: str) -> None:
    """Make a private room, and be in it."""
    begins(person, "Private room", title, "Create")
    person.is_in(title)


def about_room(person: Person) -> Locator:
    """The dialog about the room one looks at."""
    person.page.get_by_role("button", name="About this room").click()
    return dialog_of(person)


def members(comes: Comes, garden: str) -> tuple[Person, Person]:
    """Ann and Bo, who have accounts."""
    return comes("Ann").opens(garden).registers(), comes("Bo").opens(garden).registers()


def test_a_private_room_is_made_shared_and_taken_away_again(comes: Comes, garden: str) -> None:
    ann, bo = members(comes, garden)
    makes_private(ann, "Surprise party")
    ann.says("a cake?")
    ann.sees("a cake?")
    expect(bo.page.get_by_role("navigation", name="Rooms").get_by_role("link", name="Surprise party")).to_have_count(0)

    about = about_room(ann)
    about.get_by_label("Add someone").fill(bo.name)
    about.get_by_role("button", name="Add", exact=True).click()
    expect(about.get_by_role("button", name=bo.name)).to_be_visible()
    ann.page.keyboard.press("Escape")
    bo.goes_to("Surprise party")
    bo.sees("a cake?")
    bo.says("with candles")
    ann.sees("with candles")
    ann.sees_said(f"{ann.name} added {bo.name}")

    about_room(ann).get_by_role("button", name=bo.name).click()
    card = ann.page.get_by_role("dialog", name=bo.name)
    card.get_by_label("Reason").fill("it is for you")
    card.get_by_role("button", name="Remove from Surprise party").click()

    bo.sees_said("You have left this room.")
    bo.sees_said(f"{ann.name} took you out of 'Surprise party' (it is for you).")
    expect(bo.page.get_by_role("navigation", name="Rooms").get_by_role("link", name="Surprise party")).to_have_count(0)
    ann.page.keyboard.press("Escape")
    ann.sees_said(f"{ann.name} removed {bo.name}: it is for you")


def test_two_people_talk_by_themselves_and_the_other_hears_of_it_with_the_first_message(
    comes: Comes, garden: str
) -> None:
    ann, bo = members(comes, garden)
    begins(ann, "Write to someone", bo.name, "Write")
    ann.is_in(bo.name)
    rooms = bo.page.get_by_role("navigation", name="Rooms")
    expect(rooms.get_by_role("link", name=ann.name)).to_have_count(0)
    ann.says("just between us")
    expect(bo.unread_in(ann.name)).to_be_visible()
    bo.goes_to(ann.name)
    bo.sees("just between us")
    bo.says("of course")
    ann.sees("of course")

    about_room(bo).get_by_role("button", name="Hide until the next message").click()
    expect(rooms.get_by_role("link", name=ann.name)).to_have_count(0)
    ann.says("one more thing")
    expect(bo.unread_in(ann.name)).to_be_visible()


def test_someone_in_the_list_of_people_is_written_to_from_their_card(comes: Comes, garden: str) -> None:
    ann, bo = members(comes, garden)
    ann.page.get_by_role("complementary", name="Who is here").get_by_role("button", name=bo.name).click()
    ann.page.get_by_role("dialog", name=bo.name).get_by_role("button", name="Write a direct message").click()
    ann.is_in(bo.name)


def test_a_moderator_says_what_may_be_done_in_a_room(comes: Comes, garden: str) -> None:
    ann, bo = members(comes, garden)
    makes_private(ann, "Plans")
    about = about_room(ann)
    about.get_by_label("Add someone").fill(bo.name)
    about.get_by_role("button", name="Add", exact=True).click()
    expect(about.get_by_role("button", name=bo.name)).to_be_visible()
    about.get_by_label("Who may write").select_option("Moderators")
    ann.sees_said("changed what may be done in this room")
    bo.goes_to("Plans")
    bo.box.fill("may I?")
    bo.box.press("Enter")
    bo.sees_said("Only its moderators talk in this room.")
    expect(about_room(bo).get_by_label("Topic")).to_be_visible()
    expect(dialog_of(bo).get_by_label("Who may write")).to_have_count(0)
    bo.page.keyboard.press("Escape")
    expect(dialog_of(bo)).to_have_count(0)

    about.get_by_role("button", name=bo.name).click()
    ann.page.get_by_role("dialog", name=bo.name).get_by_role("button", name="Make moderator").click()

    bo.sees_said(f"{bo.name} is a moderator now")
    bo.says("now I may")
    ann.page.keyboard.press("Escape")
    ann.sees("now I may")


def test_the_title_of_a_private_room_is_everywhere_and_follows(comes: Comes, garden: str) -> None:
    ann = comes("Ann").opens(garden).registers()
    makes_private(ann, "Plans")
    about = about_room(ann)
    about.get_by_label("Title").fill("Better plans")
    about.get_by_role("button", name="Rename").click()
    ann.page.keyboard.press("Escape")
    ann.is_in("Better plans")
    expect(ann.page).to_have_title("Better plans · Nexus")
    ann.page.reload()
    ann.is_in("Better plans")
    ann.says("find me")
    ann.sees("find me")
    ann.looks_for("find me")
    expect(ann.found.get_by_text("Better plans")).to_be_visible()


def test_a_guest_is_told_what_an_account_is_for(comes: Comes, garden: str) -> None:
    cy = comes("Cy").opens(garden)
    cy.page.get_by_role("button", name="New message or room").click()
    expect(dialog_of(cy).get_by_text("With an account you can also write")).to_be_visible()
    expect(dialog_of(cy).get_by_label("Private room")).to_have_count(0)
    dialog_of(cy).get_by_label("Room for everyone").fill(f"{garden}-two")
    dialog_of(cy).get_by_role("button", name="Open", exact=True).click()
    cy.is_in(f"{garden}-two")


def test_a_link_leads_an_account_into_the_room_and_makes_one_for_who_has_none(comes: Comes, garden: str) -> None:
    ann = comes("Ann").opens(garden).registers()
    makes_private(ann, "Plans")
    ann.says("come in")
    about = about_room(ann)
    about.get_by_role("button", name="Invite by a link").click()
    link = about.get_by_role("textbox", name="Invitation link").input_value()

    bo = comes("Bo").opens(garden).registers()
    bo.page.goto(link)
    bo.is_in("Plans")
    bo.sees("come in")

    cy = comes("Cy")
    cy.page.goto(link)
    cy.page.get_by_label("Your name").fill(cy.name)
    cy.page.get_by_label("Password").fill("correct horse")
    cy.page.get_by_role("button", name="Create an account").click()
    cy.is_in("Plans")
    cy.says("thank you")
    bo.sees("thank you")
