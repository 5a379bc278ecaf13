"""A person in front of the page, who knows what things are called and never where they are."""

import re
from urllib.parse import quote

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.browser.wire import Wire

EXPECTED = re.compile("WebSocket connection to .* failed|Failed to load resource: net::ERR_")
"""What a browser complains of when a server is away."""


class Person:
    """One person in one window, with one or more tabs; every verb waits until what it does is done."""

    def __init__(self, context: BrowserContext, name: str, url: str) -> None:
        self.context = context
        self.name = name
        self.url = url
        self.room = ""
        self.faults: list[str] = []
        context.on("weberror", lambda fault: self.faults.append(str(fault.error)))
        context.on("console", self._hear)
        self.page = context.new_page()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not EXPECTED.search(message.text):
            self.faults.append(message.text)

    # --- coming ------------------------------------------------------------------------------------

    def opens(self, room: str) -> "Person":
        """Open a room, at first by its address, and say who one is if the page asks; returns once one can write."""
        self.room = room
        if self.page.url != "about:blank":
            self.page.keyboard.press("Control+k")
            self.page.get_by_role("combobox", name="Room").fill(room)
            self.page.keyboard.press("Enter")
            return self.is_in(room)
        self.page.goto(f"{self.url}/r/{quote(room)}")
        name = self.page.get_by_role("textbox", name="Your name")
        expect(name.or_(self.box)).to_be_visible()
        if name.is_visible():
            name.fill(self.name)
            self.page.keyboard.press("Enter")
        return self.is_in(room)

    def is_in(self, room: str) -> "Person":
        """The room is open, with its messages."""
        self.room = room
        expect(self.page.get_by_role("heading", name=room, level=1)).to_be_visible()
        expect(self.box).to_be_visible()
        expect(self.log).to_have_attribute("aria-busy", "false")
        return self

    def opens_a_tab(self) -> "Person":
        """Another tab of the same browser: the same person, elsewhere on the screen."""
        other = Person.__new__(Person)
        other.__dict__.update(self.__dict__)
        other.page = self.context.new_page()
        return other

    def goes_to(self, room: str) -> None:
        """Choose a room from the list."""
        self.page.get_by_role("navigation", name="Rooms").get_by_role("link", name=room).click()
        self.is_in(room)

    # --- things on the page ------------------------------------------------------------------------

    @property
    def log(self) -> Locator:
        """The messages."""
        return self.page.get_by_role("log")

    @property
    def box(self) -> Locator:
        """Where one writes."""
        return self.page.get_by_role("textbox", name=f"Message to {self.room}" if self.room else "Message to")

    def message(self, text: str) -> Locator:
        """The message that has a text."""
        return self.log.get_by_role("article").filter(has_text=text)

    # --- talking -----------------------------------------------------------------------------------

    def types(self, text: str) -> None:
        """Put a text into the box, key by key."""
        self.box.press_sequentially(text)

    def says(self, text: str) -> None:
        """Write a message and send it."""
        self.box.fill(text)
        self.box.press("Enter")
        expect(self.box).to_have_value("")

    def sees(self, text: str) -> None:
        """A message is there, stored, and once."""
        expect(self.message(text)).to_have_count(1)
        expect(self.message(text).get_by_text(re.compile("Sending|Waiting for the connection|Not sent"))).to_have_count(
            0
        )

    def sees_waiting(self, text: str) -> None:
        """A message is there, and the page says that it waits."""
        expect(self.message(text).get_by_text("Waiting for the connection")).to_be_visible()

    def sees_said(self, text: str) -> None:
        """Something is told, anywhere on the page."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def loses(self, wire: Wire) -> None:
        """The network is gone, and the browser says so; returns once the page has said it too."""
        wire.cut()
        self.context.set_offline(True)
        self.is_offline()

    def gets_back(self, wire: Wire) -> None:
        """The network is there again, and the browser says so."""
        wire.mend()
        self.context.set_offline(False)

    def is_offline(self) -> None:
        """The page says that there is no connection."""
        expect(self.page.get_by_text("No connection.")).to_be_visible()

    def is_online(self) -> None:
        """The page says nothing of a connection."""
        expect(self.page.get_by_text("No connection.")).to_have_count(0)

    def unread_in(self, room: str) -> Locator:
        """What the list says of a room."""
        links = self.page.get_by_role("navigation", name="Rooms").get_by_role("link", name=room)
        return links.get_by_role("img", name=re.compile("unread"))


def shown(page: Page) -> int:
    """How many messages are in the document."""
    count: int = page.get_by_role("log").get_by_role("article").count()
    return count
