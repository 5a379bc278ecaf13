"""People are things that one can click; many who come are one line; and where nothing is, there is something to do."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Comes
from tests.browser.person import Person
from tests.conformance.peer import Peer, fresh
from tests.live.server import Server


def test_a_click_on_a_name_tells_about_the_person_and_what_one_can_do(ann: Person, bo: Person) -> None:
    bo.says("Morning!")
    ann.sees("Morning!")
    ann.message("Morning!").get_by_role("button", name=bo.name).click()
    card = ann.page.get_by_role("dialog", name=bo.name)
    expect(card.get_by_text("here now")).to_be_visible()
    card.get_by_role("button", name="Mention").click()
    expect(ann.box).to_have_value(f"@{bo.name} ")
    expect(ann.box).to_be_focused()
    ann.box.fill("")

    ann.message("Morning!").get_by_role("button", name=bo.name).click()
    card.get_by_role("button", name="Their messages").click()
    expect(ann.search.get_by_role("searchbox", name="Search for")).to_have_value(f"from:{bo.name}")
    expect(ann.found.first).to_contain_text("Morning!")
    ann.page.keyboard.press("Escape")


def test_many_who_joined_are_one_line_that_can_be_opened(ann: Person, server: Server) -> None:
    ann.says("Before them")
    names = [fresh("Dot") for _ in range(4)]
    for name in names:
        peer = Peer(server.ws)
        peer.greet(name)
        peer.done("register", name=name, password="correct horse")
        peer.done("join", room=ann.room)
        peer.leave()
    line = ann.log.get_by_text("4 people joined")
    expect(line).to_be_visible()
    expect(ann.log.get_by_text(f"{names[0]} joined")).to_have_count(0)
    line.get_by_role("button", name="4 people joined: Show").click()
    for name in names:
        expect(ann.log.get_by_text(f"{name} joined")).to_be_visible()
    ann.log.get_by_role("button", name="Show less").click()
    expect(line).to_be_visible()


def test_a_link_to_someone_joining_opens_the_line_that_holds_it(ann: Person, server: Server) -> None:
    for _ in range(4):
        peer = Peer(server.ws)
        peer.greet(fresh("Dot"))
        peer.done("register", name=peer.name, password="correct horse")
        peer.done("join", room=ann.room)
        peer.leave()
    expect(ann.log.get_by_text("4 people joined")).to_be_visible()
    ann.page.goto(f"{ann.url}/r/{ann.room}/2")
    expect(ann.log.get_by_text(re.compile("joined$")).nth(1)).to_be_in_viewport()


def test_a_name_of_two_words_becomes_one_that_can_be_mentioned(comes: Comes, garden: str) -> None:
    ann = comes("Ann")
    word = fresh("Okafor")
    ann.page.goto(f"{ann.url}/r/{garden}")
    ann.page.get_by_role("textbox", name="Your name").fill(f"Ann {word}")
    handle = f"Ann-{word}"
    expect(ann.page.get_by_text(f"You will be called {handle} here")).to_be_visible()
    expect(ann.page.get_by_text(f"{handle} is free.")).to_be_visible()
    ann.page.keyboard.press("Enter")
    ann.is_in(garden)
    expect(ann.page.get_by_role("button", name=f"You: {handle}")).to_be_visible()


def test_at_an_address_where_nothing_is_there_is_one_thing_to_do(ann: Person) -> None:
    ann.page.goto(f"{ann.url}/nothing/here")
    expect(ann.page.get_by_role("alert")).to_have_text("There is nothing at this address.")
    expect(ann.page.get_by_role("heading", level=1)).to_have_text("Nexus")
    ann.page.get_by_role("main").get_by_role("button", name=f"Go to #{ann.room}").click()
    ann.is_in(ann.room)
    ann.faults.clear()  # the browser complains of the 404


def test_anyone_who_left_a_room_is_led_to_another(comes: Comes, garden: str) -> None:
    ann = comes("Ann").opens(garden)
    ann.box.fill("/leave")
    ann.page.keyboard.press("Enter")
    expect(ann.page.get_by_role("main").get_by_role("button", name="Find or open a room")).to_be_focused()
    ann.page.keyboard.press("Enter")
    ann.page.get_by_role("combobox", name="Room or person").fill(garden)
    ann.page.keyboard.press("Enter")
    ann.is_in(garden)


def test_a_card_says_since_when_someone_belongs_to_the_room(comes: Comes, garden: str, ann: Person) -> None:
    bo = comes("Bo").opens(garden).registers()
    bo.says("I belong here now")
    ann.message("I belong here now").get_by_role("button", name=bo.name).click()
    expect(ann.page.get_by_role("dialog", name=bo.name).get_by_text(re.compile("joined on .*20"))).to_be_visible()
    ann.page.keyboard.press("Escape")
