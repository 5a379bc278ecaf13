"""Finding what was said, and going there."""

import re

from playwright.sync_api import expect

from tests.browser.person import Person
from tests.conformance.peer import Peer, fresh
from tests.live.server import Server


def test_what_was_said_is_found_marked_and_gone_to(ann: Person, bo: Person, garden: str) -> None:
    word = fresh("rose").replace("-", "")
    bo.says(f"A **{word}** is a {word}")
    bo.says("Something else")
    bo.sees("Something else")
    ann.opens(fresh("kitchen"))
    ann.looks_for(word)

    expect(ann.found).to_have_count(1)
    expect(ann.found.locator("mark")).to_have_text([word, word])
    expect(ann.search.get_by_text("1 message, newest first")).to_be_visible()
    expect(ann.found.get_by_role("link", name=re.compile(f"A {word} is"))).to_be_visible()
    ann.page.keyboard.press("ArrowDown")
    ann.page.keyboard.press("Enter")

    ann.is_in(garden)
    expect(ann.page).to_have_url(re.compile(rf"/r/{garden}/\d+$"))
    ann.sees(f"is a {word}")


def test_newest_first_narrowed_and_page_by_page(ann: Person, server: Server, garden: str) -> None:
    word = fresh("bed").replace("-", "")
    dot = Peer(server.ws)
    dot.greet(fresh("Dot"))
    dot.done("join", room=garden)
    for number in range(60):
        dot.post(garden, f"{word} no. {number}.")
    dot.leave()
    ann.says(f"{word} by Ann")
    ann.sees(f"{word} by Ann")
    ann.looks_for(word)

    expect(ann.found.first).to_contain_text("by Ann")
    seen = ann.found.count()
    ann.search.get_by_role("button", name="Show older ones").click()
    expect(ann.found.nth(seen)).to_be_visible()

    ann.looks_for(f"{word} from:{ann.name}")
    expect(ann.found).to_have_count(1)


def test_what_is_deleted_is_found_no_more_and_the_page_says_so(ann: Person, bo: Person) -> None:
    word = fresh("secret").replace("-", "")
    ann.says(word)
    bo.sees(word)
    bo.looks_for(word)
    expect(bo.found).to_have_count(1)
    ann.deletes(word)

    expect(bo.found).to_have_count(0)
    bo.page.keyboard.press("Escape")
    ann.looks_for(word)
    expect(ann.search.get_by_text("No messages found.")).to_be_visible()
    ann.page.keyboard.press("Escape")
    expect(ann.search).to_have_count(0)
    expect(ann.box).to_be_focused()
