"""Names that are taken, accounts with their logins, and what a room is about."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Comes
from tests.browser.person import Person
from tests.cli.command import nexus
from tests.conformance.peer import fresh
from tests.live.server import Server

SECRET = "correct horse battery"


def test_a_taken_name_is_shown_while_typing_and_another_is_one_click_away(
    comes: Comes, bo: Person, garden: str
) -> None:
    cy = comes("Cy")
    cy.page.goto(f"{cy.url}/r/{garden}")
    name = cy.page.get_by_role("textbox", name="Your name")
    name.fill(bo.name.upper())
    expect(cy.page.get_by_text("is taken, or looks like a name that is taken.")).to_be_visible()

    cy.page.get_by_role("button", name="Take ").click()
    expect(name).not_to_have_value(bo.name.upper())
    expect(cy.page.get_by_text("is free.")).to_be_visible()
    cy.page.get_by_role("button", name="Start talking").click()
    cy.is_in(garden)


def test_a_problem_with_a_name_is_reported_once(comes: Comes, bo: Person, garden: str) -> None:
    ann = comes("Ann")
    ann.page.goto(f"{ann.url}/r/{garden}")
    ann.page.get_by_label("Your name").fill(bo.name)
    ann.page.keyboard.press("Enter")
    expect(ann.page.get_by_role("alert")).to_contain_text(bo.name)
    expect(ann.page.get_by_role("button", name="Take")).to_be_visible()
    expect(ann.page.get_by_role("status")).not_to_contain_text("taken")

    ann.page.keyboard.type("x")
    expect(ann.page.get_by_text(f"{bo.name}x is free.")).to_be_visible()
    expect(ann.page.get_by_role("alert").filter(has_text="taken")).to_have_count(0)


def test_a_name_that_breaks_a_rule_is_refused_with_the_rule(comes: Comes) -> None:
    cy = comes("Cy")
    cy.page.goto(cy.url)
    cy.page.get_by_role("textbox", name="Your name").fill("Cy@the.great")

    cy.sees_said("names are made of letters and digits")


def test_a_bot_is_made_on_the_page_and_its_token_is_shown_once(comes: Comes, garden: str) -> None:
    ann = comes("Ann").opens(garden)
    name = fresh("Dot")
    ann.page.get_by_role("button", name=f"You: {ann.name}").click()
    ann.page.get_by_label("Choose a password").fill(SECRET)
    ann.page.get_by_role("button", name="Make an account of").click()
    expect(ann.page.get_by_role("button", name="End all logins")).to_be_visible()
    ann.page.get_by_label("Name of a new bot").fill(name)
    ann.page.get_by_role("button", name="Make a bot").click()
    expect(ann.page.get_by_label(f"Token of {name}", exact=True)).to_have_value(re.compile(r"^[\w-]{43}$"))

    ann.page.get_by_role("button", name=f"End {name}").click()
    expect(ann.page.get_by_role("button", name=f"End {name}")).to_have_count(0)


def test_logins_are_listed_and_ended_from_another_device(comes: Comes, garden: str) -> None:
    ann = comes("Ann").opens(garden)
    ann.page.get_by_role("button", name=f"You: {ann.name}").click()
    ann.page.get_by_label("Choose a password").fill(SECRET)
    ann.page.get_by_role("button", name="Make an account of").click()
    expect(ann.page.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    phone = comes("Ann")
    phone.page.goto(f"{ann.url}/r/{garden}")
    phone.page.get_by_role("button", name="I have an account").click()
    phone.page.get_by_label("Your name").fill(ann.name)
    phone.page.get_by_label("Password").fill(SECRET)
    phone.page.get_by_role("button", name="Log in").click()
    phone.is_in(garden)

    ann.page.keyboard.press("Escape")
    ann.page.get_by_role("button", name=f"You: {ann.name}").click()
    ann.page.get_by_role("button", name=re.compile("^End nexus web")).click()

    expect(ann.page.get_by_role("button", name=re.compile("^End nexus web"))).to_have_count(0)
    expect(phone.page.get_by_role("button", name="Start talking")).to_be_visible()


def test_a_topic_is_set_where_the_room_is_described(ann: Person, bo: Person) -> None:
    topic = fresh("Roses")
    ann.page.get_by_role("button", name="About this room").click()
    ann.page.get_by_role("textbox", name="Topic").fill(topic)
    ann.page.get_by_role("button", name="Set topic").click()
    expect(ann.page.get_by_text("Done.")).to_be_visible()
    ann.page.keyboard.press("Escape")

    expect(bo.page.get_by_title(topic, exact=True)).to_be_visible()


def test_a_room_is_marked_as_read_without_opening_it(ann: Person, bo: Person) -> None:
    garden = ann.room
    ann.opens(fresh("kitchen"))
    bo.says("Unread")
    expect(ann.unread_in(garden)).to_be_visible()
    ann.page.get_by_role("button", name=f"About {garden}").click()
    ann.page.get_by_role("button", name="Mark as read").click()
    ann.page.keyboard.press("Escape")

    expect(ann.unread_in(garden)).to_have_count(0)


def makes_account(person: Person) -> None:
    """A guest makes an account of themselves."""
    person.page.get_by_role("button", name=f"You: {person.name}").click()
    person.page.get_by_label("Choose a password").fill(SECRET)
    person.page.get_by_role("button", name="Make an account of").click()
    expect(person.page.get_by_role("heading", name="Where you are signed in")).to_be_visible()


def logs_in(person: Person, name: str, password: str, garden: str) -> None:
    """On the first page, with a name and a password."""
    person.page.goto(f"{person.url}/r/{garden}")
    person.page.get_by_role("button", name="I have an account").click()
    person.page.get_by_label("Your name").fill(name)
    person.page.get_by_label("Password").fill(password)
    person.page.get_by_role("button", name="Log in").click()


def test_a_changed_password_signs_out_every_other_device_and_no_tab_of_this_one(comes: Comes, garden: str) -> None:
    ann = comes("Ann").opens(garden)
    makes_account(ann)
    phone = comes("Ann")
    logs_in(phone, ann.name, SECRET, garden)
    phone.is_in(garden)
    tab = Person(ann.context, ann.name, ann.url)
    tab.page.goto(f"{ann.url}/r/{garden}")
    tab.is_in(garden)

    ann.page.get_by_label("Current password").fill(SECRET)
    ann.page.get_by_label("New password").fill("another battery staple")
    ann.page.get_by_role("button", name="Change password").click()

    expect(ann.page.get_by_text("Your password has been changed")).to_be_visible()
    expect(phone.page.get_by_role("button", name="Start talking")).to_be_visible()
    tab.says("still here")
    ann.page.reload()
    ann.is_in(garden)
    logs_in(phone, ann.name, "another battery staple", garden)
    phone.is_in(garden)


def test_a_reset_link_asks_for_a_password_and_lets_one_in(comes: Comes, server: Server, garden: str) -> None:
    ann = comes("Ann").opens(garden)
    makes_account(ann)
    told = nexus("user", "reset", ann.name, "--data", str(server.data), cwd=server.data)
    link = re.findall(r"http\S+/reset/\S+", told.stdout)[0]

    phone = comes("Ann")
    phone.page.goto(link)
    expect(phone.page.get_by_label("Your name")).to_have_count(0)
    phone.page.get_by_label("Password").fill("another battery staple")
    phone.page.get_by_role("button", name="Set the password").click()

    expect(phone.page.get_by_role("button", name=f"You: {ann.name}")).to_be_visible()
    assert "/reset/" not in phone.page.url
    expect(ann.page.get_by_role("button", name="Start talking")).to_be_visible()
    again = comes("Ann")
    again.page.goto(link)
    again.page.get_by_label("Password").fill("another battery staple")
    again.page.get_by_role("button", name="Set the password").click()
    expect(again.page.get_by_role("alert")).to_contain_text("not valid any more")


def test_an_invitation_asks_for_a_name_and_a_password(comes: Comes, server: Server) -> None:
    told = nexus("invite", "create", "--data", str(server.data), cwd=server.data)
    dot = comes("Dot")
    dot.page.goto(re.findall(r"http\S+/invite/\S+", told.stdout)[0])
    dot.page.get_by_label("Your name").fill(dot.name)
    dot.page.get_by_label("Password").fill(SECRET)
    dot.page.get_by_role("button", name="Create an account").first.click()

    expect(dot.page.get_by_role("button", name=f"You: {dot.name}")).to_be_visible()
