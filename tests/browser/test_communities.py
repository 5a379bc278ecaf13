"""The steps of docs/communities.md, on the page: a class, a company, a public community under attack."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Comes
from tests.browser.person import Person
from tests.browser.test_private import about_room, begins, dialog_of, makes_private
from tests.conformance.peer import Peer, fresh
from tests.live.server import Server

PASSWORD = "correct horse"

THERE = {"X-Forwarded-For": "203.0.113.7"}
"""Where those come from who should not."""

Start = Callable[[dict[str, str]], tuple[Server, str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a server of one's own with settings; its one-time link comes with it."""
    servers: list[Server] = []

    def begin(env: dict[str, str]) -> tuple[Server, str]:
        servers.append(Server(tmp_path / "data", env=env))
        return servers[0], re.findall(r"Administer\s+(\S+)", servers[0].start())[0]

    yield begin
    for server in servers:
        server.stop()


def comes_by(person: Person, link: str, room: str = "lobby") -> Person:
    """Make an account by a link, and be where it leads."""
    person.page.goto(link)
    person.page.get_by_label("Your name").fill(person.name)
    person.page.get_by_label("Password").fill(PASSWORD)
    person.page.get_by_role("button", name="Create an account").first.click()
    return person.is_in(room)


def card_of(person: Person, name: str) -> Locator:
    """Look at the card of someone who is here."""
    person.page.get_by_role("complementary", name="Who is here").get_by_role("button", name=name).click()
    return person.page.get_by_role("dialog", name=name)


def opens_acts(person: Person) -> Locator:
    """Look at what moderators did."""
    person.page.get_by_role("button", name=f"You: {person.name}").click()
    person.page.get_by_role("button", name="What moderators did").click()
    return person.page.get_by_role("dialog", name="What moderators did")


def test_a_teacher_has_a_room_for_the_class(comes: Comes, start: Start) -> None:
    server, link = start({})
    ann = comes_by(comes("Ann", server.url), link)
    begins(ann, "Room for everyone", "biology", "Open")
    ann.is_in("biology")
    bo, cy = (comes(name, server.url).opens("biology") for name in ("Bo", "Cy"))
    bo.says("good morning")
    cy.sees("good morning")

    about_room(ann).get_by_label("Who may write").select_option("Moderators")
    ann.page.keyboard.press("Escape")
    cy.sees_said("changed what may be done in this room")
    bo.box.fill("but")
    bo.box.press("Enter")
    bo.sees_said("Only its moderators talk in this room.")
    ann.says("today it is cells")
    bo.sees("today it is cells")
    about_room(ann).get_by_label("Who may write").select_option("Everyone")
    ann.page.keyboard.press("Escape")
    expect(cy.log.get_by_text("changed what may be done in this room")).to_have_count(2)

    cy.says("rubbish")
    ann.sees("rubbish")
    card = card_of(ann, cy.name)
    card.get_by_role("button", name="Mute for an hour").click()
    cy.sees_said("A moderator muted you for 60 minutes.")
    card.get_by_role("button", name="Hide their last hour").click()
    bo.sees_no_more("rubbish")
    ann.page.keyboard.press("Escape")

    about_room(ann).get_by_label("Keep messages").select_option("for 30 days")
    dialog_of(ann).get_by_role("button", name="Apply").click()
    bo.sees_said("decided that messages are kept here for 30 days")
    dialog_of(ann).get_by_label("Archived").check()
    bo.sees_said("changed what may be done in this room")


def test_a_company_has_private_projects(comes: Comes, start: Start) -> None:
    server, link = start({"NEXUS_GUESTS": "none", "NEXUS_ACCOUNTS_REGISTER": "invited"})
    ann = comes_by(comes("Ann", server.url), link)
    Peer(server.ws).refused("forbidden", "hello", name=fresh("Eve"))
    ann.page.get_by_role("button", name=f"You: {ann.name}").click()
    ann.page.get_by_role("button", name="Invite people to this server").click()
    invitation = dialog_of(ann).get_by_label("Invitation link").input_value()
    ann.page.keyboard.press("Escape")
    bo, cy = (comes_by(comes(name, server.url), invitation) for name in ("Bo", "Cy"))

    makes_private(bo, "Rocket")
    bo.says("to the moon")
    about = about_room(bo)
    about.get_by_label("Add someone").fill(cy.name)
    about.get_by_role("button", name="Add", exact=True).click()
    expect(about.get_by_role("button", name=cy.name)).to_be_visible()
    bo.page.keyboard.press("Escape")
    cy.goes_to("Rocket")
    cy.sees("to the moon")

    ann.looks_for("moon")
    expect(ann.search.get_by_text("No messages found.")).to_be_visible()
    expect(ann.page.get_by_role("navigation", name="Rooms").get_by_role("link", name="Rocket")).to_have_count(0)
    card_of(bo, cy.name).get_by_role("button", name="Remove from Rocket").click()
    cy.sees_said("took you out of 'Rocket'")


def test_a_company_has_a_consultant_who_sees_one_project(comes: Comes, start: Start) -> None:
    server, link = start({"NEXUS_GUESTS": "none", "NEXUS_ACCOUNTS_REGISTER": "invited"})
    ann = comes_by(comes("Ann", server.url), link)
    ann.says("lunch is at noon")
    makes_private(ann, "Rocket")
    ann.says("to the moon")
    about = about_room(ann)
    about.get_by_label("People", exact=True).fill("1")
    about.get_by_label("Their role").select_option("moderator")
    about.get_by_label("Limited: finds only this room").check()
    about.get_by_role("button", name="Invite by a link").click()
    invitation = about.get_by_label("Invitation link").input_value()
    expect(about.get_by_role("img", name="QR code of this link")).to_be_visible()
    expect(about.get_by_text("as moderator")).to_be_visible()
    ann.page.keyboard.press("Escape")

    cy = comes_by(comes("Cy", server.url), invitation, "Rocket")
    cy.sees("to the moon")
    links = cy.page.get_by_role("navigation", name="Rooms").get_by_role("link")
    expect(links).to_have_count(1)
    cy.page.get_by_role("button", name="Write to someone").click()
    expect(dialog_of(cy).get_by_label("Private room")).to_have_count(0)
    expect(dialog_of(cy).get_by_label("Room for everyone")).to_have_count(0)
    cy.page.keyboard.press("Escape")
    cy.page.keyboard.press("Control+k")
    cy.page.get_by_role("combobox", name="Room or person").fill("lobby")
    expect(cy.page.get_by_role("option")).to_have_count(0)
    cy.page.keyboard.press("Escape")
    cy.looks_for("lunch")
    expect(cy.search.get_by_text("No messages found.")).to_be_visible()

    expect((about := about_room(ann)).get_by_text(f"Used by {cy.name}")).to_be_visible()
    expect(about.get_by_text("limited account").first).to_be_visible()
    ann.page.keyboard.press("Escape")
    card_of(ann, cy.name).get_by_role("button", name="Let them find all open rooms").click()
    cy.sees_said("From now on you find all open rooms.")
    cy.opens("lobby")
    cy.sees("lunch is at noon")


def attack(server: Server) -> list[Peer]:
    """Some come who should not, all from one address, and say what nobody wants."""
    spammers = [Peer(server.ws, headers=THERE) for _ in range(5)]
    for spammer in spammers:
        spammer.greet(fresh("Spam"))
        spammer.done("join", room="lobby")
        spammer.post("lobby", f"buy pills from {spammer.name}")
    return spammers


def test_a_community_stands_an_attack(comes: Comes, start: Start) -> None:
    server, link = start({})
    ann = comes_by(comes("Ann", server.url), link)
    bo, cy = (comes(name, server.url).opens("lobby").registers() for name in ("Bo", "Cy"))
    card_of(ann, bo.name).get_by_role("button", name="Make moderator of this server").click()
    bo.sees_said("You are a moderator here from now on.")
    ann.page.keyboard.press("Escape")
    spammers = attack(server)

    acts = opens_acts(bo)
    acts.get_by_role("button", name="Pause the server").click()
    expect(acts.get_by_text("The server is paused")).to_be_visible()
    bo.page.keyboard.press("Escape")
    for spammer in spammers:
        spammer.refused("forbidden", "post", room="lobby", text="more pills")
    Peer(server.ws).refused("forbidden", "hello", name=fresh("Spam"))
    cy.says("are they gone?")
    bo.sees("are they gone?")
    spammers[4].leave()
    expect(bo.page.get_by_role("complementary", name="Who is here").get_by_text(spammers[4].name)).to_have_count(0)
    card = card_of(bo, spammers[0].name)
    card.get_by_role("button", name="Ban, with their address").click()
    expect(card.get_by_text("3 other guests are at the same address.")).to_be_visible()
    card.get_by_role("button", name="Ban all of them and hide their last day").click()
    for spammer in spammers:
        cy.sees_no_more(f"buy pills from {spammer.name}")
    for spammer in spammers[:4]:
        assert spammer.hears("goodbye")["code"] == "banned"
    bo.page.keyboard.press("Escape")

    acts = opens_acts(bo)
    acts.get_by_role("button", name="Let people in again").click()
    expect(acts.get_by_role("button", name="Pause the server")).to_be_visible()
    Peer(server.ws, headers=THERE).refused("forbidden", "hello", name=fresh("Spam"))
    banned = acts.get_by_role("listitem").filter(has_text=f"banned {spammers[0].name}")
    banned.get_by_role("button", name="Undo").click()
    expect(acts.get_by_text("undone").first).to_be_visible()
    cy.sees(f"buy pills from {spammers[4].name}")
    comes("Dee", server.url).opens("lobby").says("hello all")
    cy.sees("hello all")
