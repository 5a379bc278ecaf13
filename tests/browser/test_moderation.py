"""What moderators of the server do on the page."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Comes
from tests.browser.person import Person
from tests.cli.command import nexus
from tests.conformance.peer import Peer, fresh
from tests.live.server import Server


@pytest.fixture
def ann(comes: Comes, garden: str, server: Server) -> Person:
    """Ann, a moderator of the server."""
    ann = comes("Ann").opens(garden).registers()
    told = nexus("user", "role", ann.name, "moderator", "--data", str(server.data), cwd=server.data)
    assert told.returncode == 0, told.stderr
    ann.sees_said("You are a moderator here from now on.")
    return ann


def card(person: Person, name: str) -> None:
    """Look at someone's card."""
    person.page.get_by_role("complementary", name="Who is here").get_by_role("button", name=name).click()
    expect(person.page.get_by_role("dialog", name=name).get_by_text("On the whole server")).to_be_visible()


def test_someone_is_muted_and_it_is_taken_back_at_once(ann: Person, comes: Comes, garden: str) -> None:
    bo = comes("Bo").opens(garden)
    card(ann, bo.name)
    ann.page.get_by_label("Reason").last.fill("too loud")
    ann.page.get_by_role("button", name="Mute for an hour").click()
    bo.sees_said("A moderator muted you for 60 minutes (too loud).")
    bo.box.fill("but why")
    bo.box.press("Enter")
    bo.sees_said("The moderators muted you; you may talk again in 60 minutes.")

    ann.page.get_by_role("button", name="Undo").click()
    ann.sees_said("Undone.")
    bo.page.get_by_role("button", name="Try again").click()
    ann.page.keyboard.press("Escape")
    ann.sees("but why")


def test_someone_is_banned_and_what_was_done_is_listed_and_taken_back(ann: Person, comes: Comes, garden: str) -> None:
    bo = comes("Bo").opens(garden)
    card(ann, bo.name)
    ann.page.get_by_role("button", name="Ban for a day").click()
    expect(bo.page.get_by_role("textbox", name="Your name")).to_be_visible()
    ann.page.keyboard.press("Escape")

    ann.page.get_by_role("button", name=f"You: {ann.name}").click()
    ann.page.get_by_role("button", name="What moderators did").click()
    entry = ann.page.get_by_role("listitem").filter(has_text=f"{ann.name} banned {bo.name}")
    entry.get_by_role("button", name="Undo").click()
    expect(entry.get_by_text("undone")).to_be_visible()


def test_nothing_of_it_is_there_for_others(comes: Comes, garden: str) -> None:
    cy, bo = comes("Cy").opens(garden), comes("Bo").opens(garden)
    bo.page.get_by_role("complementary", name="Who is here").get_by_role("button", name=cy.name).click()
    expect(bo.page.get_by_role("dialog", name=cy.name)).to_be_visible()
    expect(bo.page.get_by_text("On the whole server")).to_have_count(0)


def test_what_someone_said_is_hidden_and_stands_again(ann: Person, comes: Comes, garden: str) -> None:
    bo = comes("Bo").opens(garden)
    bo.says("first spam")
    bo.says("second spam")
    ann.sees("second spam")
    card(ann, bo.name)
    ann.page.get_by_role("button", name="Hide their last hour").click()
    ann.sees_said("2 messages are hidden.")
    bo.sees_no_more("first spam")
    bo.sees_said(f"{ann.name} hid 2 messages by {bo.name}")

    ann.page.get_by_role("button", name="Undo").click()
    ann.sees_said("Undone.")
    bo.sees("first spam")
    bo.sees("second spam")
    ann.page.keyboard.press("Escape")
    ann.sees("first spam")


def test_a_message_is_reported_and_settled(ann: Person, comes: Comes, garden: str) -> None:
    bo, cy = comes("Bo").opens(garden), comes("Cy").opens(garden)
    bo.says("something rude")
    cy.sees("something rude")
    cy.toolbar_of("something rude").get_by_role("button", name="Report").click()
    cy.page.get_by_role("dialog").get_by_label("Reason").fill("that is rude")
    cy.page.get_by_role("dialog").get_by_role("button", name="Report", exact=True).click()
    cy.sees_said("The moderators have been told.")

    ann.sees_said("Somebody reported a message; the list of reports has it.")
    ann.page.get_by_role("button", name=f"You: {ann.name}").click()
    ann.page.get_by_role("button", name="Reported messages").click()
    dialog = ann.page.get_by_role("dialog", name="Reported messages")
    expect(dialog.get_by_text(f"{bo.name}: something rude")).to_be_visible()
    expect(dialog.get_by_text("that is rude")).to_be_visible()
    dialog.get_by_role("button", name="Settled").click()
    expect(dialog.get_by_text("Nothing is reported.")).to_be_visible()


def test_the_server_is_paused_and_people_come_in_again(ann: Person, comes: Comes, garden: str, server: Server) -> None:
    bo = comes("Bo").opens(garden)
    ann.page.get_by_role("button", name=f"You: {ann.name}").click()
    ann.page.get_by_role("button", name="What moderators did").click()
    dialog = ann.page.get_by_role("dialog", name="What moderators did")
    dialog.get_by_role("button", name="Pause the server").click()
    expect(dialog.get_by_text("The server is paused")).to_be_visible()
    try:
        bo.sees_said("The moderators paused this server: for now nobody new comes in, and guests only read.")
        Peer(server.ws).refused("forbidden", "hello", name=fresh("Cy"))
    finally:
        dialog.get_by_role("button", name="Let people in again").click()
    expect(dialog.get_by_role("button", name="Pause the server")).to_be_visible()
    expect(dialog.get_by_text(f"{ann.name} paused the server")).to_be_visible()
    bo.sees_said("The server is not paused any more.")
    ann.page.keyboard.press("Escape")
    bo.says("back to normal")
    ann.sees("back to normal")
