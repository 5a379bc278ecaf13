"""Servers stop, networks break, tabs multiply: nothing is lost, nothing comes twice, and the page says how it is."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Comes
from tests.browser.person import Person
from tests.browser.wire import Wire
from tests.conformance.peer import Peer, fresh
from tests.live.server import Server


def stored(server: Server, room: str) -> list[str]:
    """The texts that the server has, in order."""
    dot = Peer(server.ws)
    dot.greet(fresh("Dot"))
    dot.done("join", room=room)
    events = dot.done("history", room=room, limit=200)["events"]
    dot.leave()
    return [event["text"] for event in events if event["type"] == "posted"]


def test_a_killed_server_comes_back_and_nobody_missed_anything(comes: Comes, tmp_path: Path, garden: str) -> None:
    with Server(tmp_path / "data") as server:
        ann, bo = comes("Ann", server.url).opens(garden), comes("Bo", server.url).opens(garden)
        ann.says("Before")
        bo.sees("Before")

        server.kill()
        ann.is_offline()
        ann.says("Meanwhile")
        ann.sees_waiting("Meanwhile")
        server.start()

        bo.sees("Meanwhile")
        ann.sees("Meanwhile")
        ann.is_online()
        bo.says("After")
        ann.sees("After")
        assert stored(server, garden) == ["Before", "Meanwhile", "After"]


def test_what_was_written_offline_survives_a_reload_and_is_sent_once(
    comes: Comes, server: Server, wire: Wire, garden: str
) -> None:
    ann = comes("Ann", wire.url).opens(garden)
    ann.says("One")
    ann.sees("One")

    ann.loses(wire)
    ann.says("Two")
    ann.says("Three")
    ann.sees_waiting("Two")
    ann.gets_back(wire)
    ann.page.reload()

    ann.sees("Two")
    ann.sees("Three")
    assert stored(server, garden) == ["One", "Two", "Three"]


def test_a_lost_answer_makes_no_second_message(
    comes: Comes, server: Server, wire: Wire, garden: str, bo: Person
) -> None:
    ann = comes("Ann", wire.url).opens(garden)

    wire.swallow_answers()
    ann.says("Did you hear me?")
    bo.sees("Did you hear me?")
    ann.loses(wire)
    ann.sees_waiting("Did you hear me?")
    ann.gets_back(wire)

    ann.sees("Did you hear me?")
    bo.sees("Did you hear me?")
    assert stored(server, garden) == ["Did you hear me?"]


def test_a_lost_answer_and_a_reload_make_no_second_message(
    comes: Comes, server: Server, wire: Wire, garden: str, bo: Person
) -> None:
    """The page has it twice then, in its history and still on its way, until the server says that these are one."""
    ann = comes("Ann", wire.url).opens(garden)

    wire.swallow_answers()
    ann.says("Did you hear me?")
    bo.sees("Did you hear me?")
    wire.cut()
    wire.mend()
    ann.page.reload()

    ann.sees("Did you hear me?")
    assert stored(server, garden) == ["Did you hear me?"]


def test_a_waiting_message_can_be_edited_or_discarded(
    comes: Comes, server: Server, wire: Wire, garden: str, bo: Person
) -> None:
    ann = comes("Ann", wire.url).opens(garden)
    ann.loses(wire)
    for text in ("Dear all", "Never mind", "See you at sicks"):
        ann.says(text)
        ann.sees_waiting(text)

    ann.message("Never mind").get_by_role("button", name="Discard").click()
    ann.box.press("ArrowUp")
    expect(ann.box).to_have_value("See you at sicks")
    ann.box.fill("See you at six")
    ann.box.press("Enter")
    ann.gets_back(wire)

    bo.sees("See you at six")
    assert stored(server, garden) == ["Dear all", "See you at six"]


def test_what_the_server_may_have_cannot_be_taken_back(comes: Comes, wire: Wire, garden: str, bo: Person) -> None:
    ann = comes("Ann", wire.url).opens(garden)
    wire.swallow_answers()
    ann.says("Did you hear me?")
    bo.sees("Did you hear me?")
    ann.loses(wire)

    ann.sees_waiting("Did you hear me?")
    expect(ann.message("Did you hear me?").get_by_role("button", name="Discard")).to_have_count(0)


def test_what_was_missed_is_there_after_a_drop(comes: Comes, wire: Wire, garden: str, bo: Person) -> None:
    ann = comes("Ann", wire.url).opens(garden)
    ann.loses(wire)
    for number in range(5):
        bo.says(f"Missed {number}")
    ann.gets_back(wire)

    for number in range(5):
        ann.sees(f"Missed {number}")
    assert [text for text in ann.log.get_by_role("article").all_inner_texts() if "Missed" in text]


def test_far_too_much_was_missed_and_is_found_by_looking_back(comes: Comes, tmp_path: Path, garden: str) -> None:
    with Server(tmp_path / "data", "--limits-catch-up", "20") as server:
        wire = Wire(server.port)
        ann = comes("Ann", wire.url).opens(garden)
        ann.says("The last I heard")
        ann.sees("The last I heard")
        ann.loses(wire)
        dot = Peer(server.ws)
        dot.greet(fresh("Dot"))
        dot.done("join", room=garden)
        for number in range(1, 200):
            dot.post(garden, f"no. {number}.")
        ann.gets_back(wire)

        ann.sees("no. 199.")
        ann.log.hover()
        while ann.message("no. 1.").count() == 0:
            ann.page.mouse.wheel(0, -2000)
        ann.sees("no. 1.")
        dot.leave()
        wire.cut()


def test_a_message_that_is_too_long_is_not_sent(ann: Person) -> None:
    ann.box.fill("x" * 8001)

    expect(ann.page.get_by_role("alert")).to_have_text("1 character too many")
    ann.box.press("Enter")
    expect(ann.box).to_have_value("x" * 8001)
    ann.box.fill("")


def test_a_refused_message_keeps_its_text_and_says_why(ann: Person, bo: Person) -> None:
    ann.box.fill("A bell: \0")
    ann.box.press("Enter")

    refused = ann.message("A bell:")
    expect(refused.get_by_role("alert")).to_contain_text("Not sent:")
    refused.get_by_role("button", name="Edit").click()
    expect(ann.box).to_have_value("A bell: \0")
    ann.says("A bell, in words")
    bo.sees("A bell, in words")
    expect(ann.message("A bell")).to_have_count(1)


def test_two_tabs_of_an_account_show_the_same_and_read_as_one(comes: Comes, garden: str, bo: Person) -> None:
    ann = comes("Ann").opens(garden).registers()
    other = ann.opens_a_tab().opens(fresh("kitchen"))
    bo.says("Which tab?")
    ann.sees("Which tab?")

    expect(other.unread_in(garden)).to_have_count(0)
    other.goes_to(garden)
    other.says("Both")
    ann.sees("Both")
    ann.says("Both indeed")
    other.sees("Both indeed")


def test_a_guest_goes_on_in_the_newest_tab(comes: Comes, garden: str) -> None:
    ann = comes("Ann").opens(garden)
    other = ann.opens_a_tab().opens(garden)

    ann.sees_said("You are using another tab")
    other.says("From the second")
    other.sees("From the second")
    ann.page.get_by_role("button", name="Use this tab").click()

    ann.is_in(garden)
    ann.sees("From the second")
    other.sees_said("You are using another tab")


def test_the_page_says_what_it_refuses_without_a_connection(comes: Comes, wire: Wire, garden: str) -> None:
    ann = comes("Ann", wire.url).opens(garden)
    ann.loses(wire)
    ann.box.fill("/shrug nobody knows")
    ann.box.press("Enter")

    ann.sees_said("There is no command /shrug")


def test_a_room_that_cannot_be_opened_yet_is_not_taken_for_the_one_before(
    comes: Comes, wire: Wire, garden: str, bo: Person
) -> None:
    kitchen = fresh("kitchen")
    bo.opens(kitchen)
    ann = comes("Ann", wire.url).opens(garden)
    ann.says("Still here")
    ann.sees("Still here")
    ann.loses(wire)

    ann.page.keyboard.press("Control+k")
    ann.page.get_by_role("combobox", name="Room or person").fill(kitchen)
    ann.page.keyboard.press("Enter")

    ann.sees_said(f"Opening #{kitchen}")
    expect(ann.log).to_have_count(0)
    ann.gets_back(wire)
    ann.is_in(kitchen)
