"""Small things that people notice: times, days, emoji, names of another direction, tables, topics, F6."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Comes
from tests.browser.person import Person
from tests.conformance.peer import Peer
from tests.live.server import Server


def test_times_are_written_as_the_reader_s_place_writes_them(comes: Comes, garden: str) -> None:
    for locale, written in (("en-US", r"^\d{1,2}:\d\d [AP]M$"), ("de-DE", r"^\d\d:\d\d$"), ("fr-FR", r"^\d\d:\d\d$")):
        person = comes("Ann", locale=locale)
        person.page.goto(f"{person.url}/r/{garden}")
        person.page.get_by_role("textbox").fill(person.name)
        person.page.keyboard.press("Enter")
        box = person.page.locator("#composer")
        box.fill(f"hello in {locale}")
        box.press("Enter")
        expect(person.message(locale).locator("time, .when").first).to_have_text(re.compile(written.replace("0", "")))
        leading = person.message(locale).locator("time, .when").first.inner_text()
        assert locale != "en-US" or not leading.startswith("0")


def test_the_day_goes_on_at_midnight_and_yesterday_is_the_day_before(comes: Comes, garden: str, bo: Person) -> None:
    bo.says("late")
    ann = comes("Ann")
    ann.page.clock.install()
    ann.opens(garden)
    ann.sees("late")
    expect(ann.log.get_by_role("separator", name="Today")).to_have_count(1)
    ann.page.clock.fast_forward("25:00:00")

    expect(ann.log.get_by_role("separator", name="Yesterday")).to_have_count(1)


def test_a_few_emoji_alone_are_large_and_no_other_text_is(ann: Person) -> None:
    for text, size in (("🎉", 36), ("👩‍👩‍👧‍👦 🇩🇪 1️⃣", 36), ("🎉🎉🎉🎉", 16), ("1 2 3", 16), ("hi 🎉", 16)):
        ann.says(text)
        said = ann.log.get_by_role("article").last.locator(".text")
        expect(said).to_have_text(text)
        expect(said).to_have_css("font-size", f"{size}px")


def test_a_name_of_another_direction_does_not_turn_the_sentence(ann: Person, server: Server) -> None:
    amal = Peer(server.ws)
    amal.greet("أمل")
    amal.done("register", name="أمل", password="correct horse battery")
    amal.done("join", room=ann.room)
    happening = ann.log.locator(".happening").filter(has_text="أمل")
    expect(happening.locator("bdi")).to_have_text("أمل")

    assert happening.evaluate("(it) => getComputedStyle(it).direction") == "ltr"
    amal.leave()


def test_a_table_is_aligned_as_it_was_written(ann: Person) -> None:
    ann.says("| a | b | c |\n|---|:-:|--:|\n| 1 | 2 | 3 |")
    cells = ann.log.get_by_role("cell")
    expect(cells).to_have_count(3)

    for number, side in enumerate(("start", "center", "end")):
        expect(cells.nth(number)).to_have_css("text-align", side)  # asked again where it was just being drawn


def test_an_address_in_the_topic_leads_there(ann: Person) -> None:
    ann.says("/topic Plans: https://example.org/plans (draft).")

    link = ann.page.get_by_role("main").get_by_role("banner").or_(ann.page.locator("header.head")).get_by_role("link")
    expect(link).to_have_text("https://example.org/plans")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")


def test_f6_goes_from_part_to_part_and_back(ann: Person) -> None:
    ann.says("hello")
    ann.sees("hello")
    focused = "() => document.activeElement.closest('nav, [role=log], form.composer, aside')?.className"
    ann.box.focus()
    ways = []
    for key in ("F6", "F6", "F6", "Shift+F6"):
        ann.page.keyboard.press(key)
        ways.append(ann.page.evaluate(focused))

    assert len(set(ways)) >= 3
    assert ways[-1] == ways[-3]
    ann.box.focus()
