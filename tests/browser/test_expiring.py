"""An owner says for how long a room keeps messages: older ones go from every page, and it says where they were."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Comes
from tests.browser.test_private import about_room
from tests.conformance.peer import Peer, fresh
from tests.live.server import Server
from tests.torture.clock import going_by, turn

DAY = 86_400.0


class Turned:
    """A server whose clock a test turns."""

    def __init__(self, folder: Path) -> None:
        self.clock = folder / "clock"
        turn(self.clock, 0)
        self.server = Server(folder / "data")
        self.server.under = going_by(self.clock)

    def later(self, days: int) -> None:
        """So many days have passed."""
        turn(self.clock, days * DAY)


@pytest.fixture
def turned(tmp_path: Path) -> Iterator[Turned]:
    """A server of one's own, with a clock."""
    turned = Turned(tmp_path)
    with turned.server:
        yield turned


def talks(turned: Turned, room: str, count: int) -> Peer:
    """Dot says much in a room that she is in first."""
    dot = Peer(turned.server.ws)
    dot.greet(fresh("Dot"))
    dot.done("join", room=room)
    for number in range(count):
        dot.post(room, f"ancient news {number}")
    return dot


def test_older_messages_go_at_once_where_the_owner_says_so(comes: Comes, turned: Turned, garden: str) -> None:
    ann = comes("Ann", turned.server.url).opens("lobby").registers()
    ann.page.goto(f"{turned.server.url}/r/{garden}")
    ann.is_in(garden)
    dot = talks(turned, garden, 60)
    ann.says("ancient as well")
    ann.sees("ancient as well")
    turned.later(3)
    dot.post(garden, "fresh news")
    bo = comes("Bo", turned.server.url).opens(garden)
    for person in (ann, bo):
        person.sees("fresh news")
        person.sees("ancient as well")

    about = about_room(ann)
    expect(about.get_by_role("button", name="Apply")).to_have_count(0)
    about.get_by_label("Keep messages").select_option("for 1 day")
    expect(about.get_by_text("deleted at once")).to_be_visible()
    about.get_by_role("button", name="Apply").click()
    expect(about.get_by_label("Keep messages")).to_have_value("1")
    ann.page.keyboard.press("Escape")

    for person in (ann, bo):
        person.sees_no_more("ancient")
        person.sees("fresh news")
        person.sees_said("Older messages have expired")
        person.sees_said("This room keeps messages for 1 day.")
        person.sees_said("decided that messages are kept here for 1 day")
    dot.post(garden, "more of it")
    bo.sees("more of it")


def test_who_scrolls_up_comes_to_where_older_messages_were(comes: Comes, turned: Turned, garden: str) -> None:
    ann = comes("Ann", turned.server.url).opens("lobby").registers()
    ann.page.goto(f"{turned.server.url}/r/{garden}")
    ann.is_in(garden)
    dot = talks(turned, garden, 20)
    turned.later(3)
    for number in range(150):
        dot.post(garden, f"fresh news {number}")
    about_room(ann).get_by_label("Keep messages").select_option("for 1 day")
    ann.page.get_by_role("button", name="Apply").click()
    ann.page.keyboard.press("Escape")

    bo = comes("Bo", turned.server.url).opens(garden)
    bo.sees("fresh news 149")
    bo.log.focus()
    for _ in range(8):
        bo.page.keyboard.press("Home")
        bo.page.mouse.move(600, 400)
        bo.page.mouse.wheel(0, -20_000)
    expect(bo.page.get_by_text("Older messages have expired")).to_be_in_viewport()
    expect(bo.page.get_by_text("Loading older messages")).to_have_count(0)
    bo.sees("fresh news 0")

    bo.page.goto(f"{turned.server.url}/r/{garden}/3")
    bo.sees_said("That message does not exist")
