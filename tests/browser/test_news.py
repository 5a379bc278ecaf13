"""The browser's notifications: only where the person asked, only of what they have not seen, taken back when read."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Comes
from tests.browser.person import Person
from tests.conformance.peer import Peer, fresh
from tests.live.server import Server

TRAY = """(() => {
  const tray = new Map();
  Object.assign(ServiceWorkerRegistration.prototype, {
    async showNotification(title, options) {
      tray.set(options.tag, { ...options, title, close: () => tray.delete(options.tag) });
    },
    async getNotifications({ tag } = {}) {
      return [...tray.values()].filter((one) => tag === undefined || one.tag === tag);
    },
  });
})()"""
"""In the place of the system's own, where Chromium now and then loses a notification if it is asked for all of them."""

NOTIFIED = """async (bodies) => {
  const worker = await navigator.serviceWorker.ready;
  const shown = async () => JSON.stringify((await worker.getNotifications()).map((one) => one.body));
  while (await shown() !== JSON.stringify(bodies)) await new Promise((later) => setTimeout(later, 50));
}"""
"""Waits until these notifications are shown and no others."""

SHOWN = "async () => (await (await navigator.serviceWorker.ready).getNotifications()).map((one) => one.body)"

COUNTED = """(() => {
  const show = ServiceWorkerRegistration.prototype.showNotification;
  self.shown = 0;
  ServiceWorkerRegistration.prototype.showNotification = async function (...words) {
    await show.apply(this, words);
    self.shown += 1;
  };
})()"""
"""Counts what Chromium has shown: it forgets a notification if it is asked for all while it is about to show it."""

HAS_SHOWN = "async () => { while (!self.shown) await new Promise((later) => setTimeout(later, 50)); }"


def with_tray(comes: Comes, room: str) -> Person:
    """Ann, in a browser that shows notifications to nobody but the test."""
    ann = comes("Ann", service_workers="allow")
    ann.context.add_init_script(TRAY)
    return ann.opens(room)


def asks_for_news(person: Person) -> None:
    """Choose to be notified, in a browser that lets the page."""
    person.context.grant_permissions(["notifications"], origin=person.url)
    person.page.get_by_role("button", name=f"You: {person.name}").click()
    person.page.get_by_role("checkbox", name="Notify me here").check()
    person.page.keyboard.press("Escape")


def test_what_one_did_not_see_is_notified_and_taken_back_when_read(comes: Comes, bo: Person, garden: str) -> None:
    ann = comes("Ann", service_workers="allow")
    ann.context.add_init_script(COUNTED)
    ann.opens(garden).keeps_the_page()
    asks_for_news(ann)
    ann.opens(fresh("kitchen"))
    bo.says("Look at the roses")

    ann.page.evaluate(HAS_SHOWN)
    assert ann.page.evaluate(SHOWN) == [f"{bo.name}: Look at the roses"]
    ann.goes_to(garden)
    ann.page.evaluate(NOTIFIED, [])


def test_nobody_is_notified_who_did_not_ask(comes: Comes, bo: Person, garden: str) -> None:
    ann = comes("Ann", service_workers="allow").opens(garden)
    ann.context.grant_permissions(["notifications"], origin=ann.url)
    ann.opens(fresh("kitchen"))
    bo.says("Look at the roses")
    expect(ann.unread_in(garden)).to_be_visible()

    assert ann.page.evaluate(SHOWN) == []


def test_the_icon_has_a_dot_while_something_is_unread(ann: Person, bo: Person) -> None:
    garden = ann.room
    ann.opens(fresh("kitchen"))
    bo.says("Unread")
    expect(ann.unread_in(garden)).to_be_visible()
    icon = ann.page.locator("link[rel=icon]")
    expect(icon).to_have_attribute("href", re.compile("icon-new.svg$"))

    ann.goes_to(garden)
    expect(ann.unread_in(garden)).to_have_count(0)


def test_a_reply_to_ones_own_message_notifies_where_only_mentions_do(comes: Comes, bo: Person, garden: str) -> None:
    ann = with_tray(comes, garden)
    asks_for_news(ann)
    ann.says("Who brings cake?")
    ann.page.get_by_role("button", name="About this room").click()
    ann.page.get_by_role("radio", name="Mentions").check()
    ann.page.keyboard.press("Escape")
    ann.opens(fresh("kitchen"))
    bo.says("Something else")
    bo.toolbar_of("Who brings cake?").get_by_role("button", name="Reply").click()
    bo.says("I do")

    ann.page.evaluate(NOTIFIED, [f"{bo.name}: I do"])


def test_a_room_that_is_muted_or_left_meanwhile_no_longer_calls(comes: Comes, server: Server) -> None:
    rooms = [fresh("bed"), fresh("shed")]
    ann = with_tray(comes, rooms[0]).registers()
    ann.opens(rooms[1])
    asks_for_news(ann)
    ann.opens(fresh("kitchen"))
    phone, dot = Peer(server.ws), Peer(server.ws)
    phone.greet(ann.name, password="correct horse")
    dot.greet(fresh("Dot"))
    for room in rooms:
        dot.done("join", room=room)
        phone.done("join", room=room)
        phone.done("level", room=room, level="everything")
        dot.post(room, "**Look**, [here](https://example.org)")
    look = f"{dot.name}: Look, here (example.org)"
    ann.page.evaluate(NOTIFIED, [look, look])
    phone.done("level", room=rooms[0], level="nothing")
    ann.page.evaluate(NOTIFIED, [look])
    phone.done("leave", room=rooms[1])
    ann.page.evaluate(NOTIFIED, [])
    phone.leave()
    dot.leave()
