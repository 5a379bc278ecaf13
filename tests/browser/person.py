"""A person in front of the page, who knows what things are called and never where they are."""

import re
from urllib.parse import quote

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.browser.wire import Wire

EXPECTED = re.compile(
    "WebSocket connection to .* failed|Failed to load resource: net::ERR_|Service Worker registration blocked"
)
"""What a browser complains of when a server is away, or when a test lets it have no service worker."""

UNSTORED = re.compile("Sending|Waiting to reconnect|Not sent")
ITS_ADDRESS = re.compile("open this message|diese Nachricht öffnen")
"""What a message says while it is not stored, and the link that it has as soon as it is."""

KEPT = """async () => {
  const stamp = document.querySelector('script[src]').src.split('/')[4];
  const kept = async () => navigator.serviceWorker.controller !== null && (await caches.keys()).length === 1
    && (await (await caches.match('/'))?.text() ?? '').includes(stamp);
  while (!await kept()) await new Promise((later) => setTimeout(later, 50));
}"""
"""Waits until the browser has this page, and no older one, for when there is no network."""


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
            self.page.get_by_role("combobox", name="Room or person").fill(room)
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

    def toolbar_of(self, text: str) -> Locator:
        """What can be done with a message, once it is pointed at."""
        self.message(text).hover()
        return self.message(text).get_by_role("toolbar")

    def reaction(self, text: str, emoji: str) -> Locator:
        """The chip of an emoji below a message."""
        return self.message(text).get_by_role("group", name="Reactions").get_by_role("button", name=emoji)

    @property
    def search(self) -> Locator:
        """The pane beside the messages."""
        return self.page.get_by_role("complementary", name="Search")

    @property
    def found(self) -> Locator:
        """What was found, newest first."""
        return self.search.get_by_role("list", name="Search results").get_by_role("listitem")

    # --- talking -----------------------------------------------------------------------------------

    def types(self, text: str) -> None:
        """Put a text into the box, key by key."""
        self.box.press_sequentially(text)

    def says(self, text: str) -> None:
        """Write a message and send it, with the keys that do so on every device."""
        self.box.fill(text)
        self.box.press("Control+Enter")
        expect(self.box).to_have_value("")

    def edits(self, text: str, into: str) -> None:
        """Give a message of one's own another text."""
        self.toolbar_of(text).get_by_role("button", name="Edit").click()
        expect(self.box).to_have_value(text)
        self.says(into)

    def deletes(self, text: str) -> None:
        """Delete a message, and say that one means it."""
        self.toolbar_of(text).get_by_role("button", name="Delete").click()
        self.page.get_by_role("dialog", name="Delete this message?").get_by_role("button", name="Delete").click()

    def reacts(self, text: str, name: str) -> None:
        """Put an emoji, looked up by its name, to a message."""
        self.toolbar_of(text).get_by_role("button", name="Add a reaction").click()
        self.page.get_by_role("textbox", name="Find an emoji").fill(name)
        expect(self.page.get_by_role("region", name="Found")).to_be_visible()
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("dialog")).to_have_count(0)

    def pins(self, text: str) -> None:
        """Pin a message."""
        self.toolbar_of(text).get_by_role("button", name="Pin", exact=True).click()

    def looks_for(self, query: str) -> None:
        """Search, from wherever one is."""
        self.page.keyboard.press("Control+Shift+F")
        box = self.search.get_by_role("searchbox", name="Search for")
        expect(box).to_be_focused()
        box.fill(query)
        box.press("Enter")

    def registers(self) -> "Person":
        """Create an account of the guest that one is."""
        self.page.get_by_role("button", name=f"You: {self.name}").click()
        self.page.get_by_label("Choose a password").fill("correct horse")
        self.page.get_by_role("button", name=f"Make an account of {self.name}").click()
        self.sees_said("You have an account.")
        self.page.keyboard.press("Escape")
        return self

    def sees(self, text: str) -> None:
        """A message is there, stored, and once."""
        expect(self.message(text)).to_have_count(1)
        expect(self.message(text).get_by_text(UNSTORED)).to_have_count(0)
        expect(self.message(text).get_by_role("link", name=ITS_ADDRESS)).to_have_count(1)

    def sees_no_more(self, text: str) -> None:
        """No message says that, and neither does a quote of it."""
        expect(self.log.get_by_text(text)).to_have_count(0)

    def sees_waiting(self, text: str) -> None:
        """A message is there, and the page says that it waits."""
        expect(self.message(text).get_by_text("Waiting to reconnect")).to_be_visible()

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

    def keeps_the_page(self) -> None:
        """The browser can show this page without a network; returns once it can."""
        self.page.evaluate(KEPT)

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
