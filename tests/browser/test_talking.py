"""People talk in the browser: the ways of an ordinary day."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Comes
from tests.browser.person import Person
from tests.conformance.peer import Peer, fresh
from tests.live.server import Server


def test_two_people_talk(ann: Person, bo: Person) -> None:
    ann.says("Anyone here?")
    bo.sees("Anyone here?")
    bo.says("I am!")

    ann.sees("I am!")
    bo.sees("I am!")


def test_markdown_is_shown_and_code_can_be_copied(comes: Comes, garden: str) -> None:
    ann = comes("Ann", permissions=["clipboard-read", "clipboard-write"]).opens(garden)

    ann.says("**Look**: \n```python\nprint('roses')\n```")
    expect(ann.message("Look").get_by_role("strong")).to_have_text("Look")
    ann.message("Look").hover()
    ann.page.get_by_role("button", name="Copy", exact=True).click()

    expect(ann.page.get_by_role("button", name="Copied")).to_be_visible()
    assert ann.page.evaluate("navigator.clipboard.readText()") == "print('roses')"


def test_a_taken_name_is_refused_with_a_free_one_as_a_suggestion(comes: Comes, server: Server, garden: str) -> None:
    peer = Peer(server.ws)
    ann = comes("Ann")
    peer.greet(ann.name)
    ann.page.goto(f"{ann.url}/r/{garden}")
    name = ann.page.get_by_role("textbox", name="Your name")
    name.fill(ann.name)
    name.press("Enter")

    expect(ann.page.get_by_role("alert")).to_have_text(re.compile("is taken; '.*' is free"))
    name.fill(fresh("Ann"))
    name.press("Enter")
    ann.is_in(garden)
    peer.leave()


def test_presence_and_typing_are_shown(ann: Person, bo: Person) -> None:
    people = ann.page.get_by_role("complementary", name="Who is here")
    expect(people.get_by_text(bo.name)).to_be_visible()

    bo.types("hm")
    ann.sees_said(f"{bo.name} is typing")
    bo.says("hm, yes")

    ann.sees("hm, yes")
    expect(ann.page.get_by_text(f"{bo.name} is typing")).to_have_count(0)


def test_an_answer_quotes_what_it_answers(ann: Person, bo: Person) -> None:
    ann.says("Tea or coffee?")

    bo.message("Tea or coffee?").hover()
    bo.message("Tea or coffee?").get_by_role("button", name="Reply").click()
    bo.says("Tea!")

    expect(ann.message("Tea!").get_by_role("link", name=re.compile("Tea or coffee"))).to_be_visible()


def test_what_is_unread_is_counted_until_it_is_seen(garden: str, ann: Person, bo: Person) -> None:
    kitchen = fresh("kitchen")
    ann.opens(kitchen)

    bo.says("One")
    bo.says("Two")
    expect(ann.unread_in(garden)).to_have_accessible_name("2 unread messages")
    expect(ann.page).to_have_title(re.compile(r"^\(\d+\) #kitchen"))
    ann.goes_to(garden)

    ann.sees("Two")
    expect(ann.page.get_by_role("separator", name="New")).to_be_visible()
    expect(ann.unread_in(garden)).to_have_count(0)


def test_a_draft_and_the_name_are_there_after_a_reload(ann: Person) -> None:
    ann.says("Before")
    ann.types("half a thou")

    ann.page.reload()

    ann.sees("Before")
    expect(ann.box).to_have_value("half a thou")
    ann.types("ght")
    ann.box.press("Enter")
    ann.sees("half a thought")
    expect(ann.message("half a thought")).to_have_count(1)


def test_an_account_is_made_and_comes_back_in_a_new_window(comes: Comes, garden: str) -> None:
    ann = comes("Ann").opens(garden)
    ann.page.get_by_role("button", name=f"You: {ann.name}").click()
    ann.page.get_by_label("Choose a password").fill("correct horse")
    ann.page.get_by_role("button", name=f"Make an account of {ann.name}").click()
    ann.sees_said("You have an account.")
    ann.page.keyboard.press("Escape")
    ann.says("From the first")

    elsewhere = comes("Ann")
    elsewhere.page.goto(elsewhere.url)
    elsewhere.page.get_by_role("button", name="I have an account").click()
    elsewhere.page.get_by_label("Your name").fill(ann.name)
    elsewhere.page.get_by_label("Password").fill("correct horse")
    elsewhere.page.keyboard.press("Enter")
    elsewhere.goes_to(garden)

    elsewhere.sees("From the first")
    elsewhere.says("From the second")
    ann.sees("From the second")


def test_the_one_time_link_makes_an_administrator(comes: Comes, unowned: tuple[Server, str]) -> None:
    server, link = unowned
    ann = comes("Ann", server.url)
    ann.page.goto(link)
    ann.page.get_by_label("Your name").fill(ann.name)
    ann.page.get_by_label("Password").fill("short")
    ann.page.keyboard.press("Enter")
    expect(ann.page.get_by_role("alert")).to_contain_text("too short")
    ann.page.get_by_label("Password").fill("long enough")
    ann.page.keyboard.press("Enter")

    ann.is_in("lobby")
    assert "admin" not in ann.page.url
    peer = Peer(server.ws)
    assert peer.done("hello", name=ann.name, password="long enough")["you"]["role"] == "admin"
    peer.leave()


def test_on_a_phone_rooms_are_a_drawer(comes: Comes, garden: str) -> None:
    kitchen = fresh("kitchen")
    ann = comes("Ann", viewport={"width": 375, "height": 667}, has_touch=True).opens(kitchen)
    ann.opens(garden)
    rooms = ann.page.get_by_role("navigation", name="Rooms")
    expect(rooms).to_be_hidden()

    ann.says("From the tram")
    ann.sees("From the tram")
    ann.page.get_by_role("button", name="Show rooms").click()
    ann.goes_to(kitchen)

    expect(rooms).to_be_hidden()
    assert ann.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
