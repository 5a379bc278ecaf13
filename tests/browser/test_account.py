"""Names that are taken, accounts with their logins, and what a room is about."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Comes
from tests.browser.person import Person
from tests.conformance.peer import fresh

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
    cy.page.get_by_role("textbox", name="Your name").fill("Cy the Great")

    cy.sees_said("names have no spaces")


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

    expect(bo.page.get_by_role("main").get_by_text(topic, exact=True)).to_be_visible()


def test_a_room_is_marked_as_read_without_opening_it(ann: Person, bo: Person) -> None:
    garden = ann.room
    ann.opens(fresh("kitchen"))
    bo.says("Unread")
    expect(ann.unread_in(garden)).to_be_visible()
    ann.page.get_by_role("button", name=f"About {garden}").click()
    ann.page.get_by_role("button", name="Mark as read").click()
    ann.page.keyboard.press("Escape")

    expect(ann.unread_in(garden)).to_have_count(0)
