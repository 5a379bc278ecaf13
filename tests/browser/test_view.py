"""The browser's view folds the same vectors as the Python one (tests/client/test_view.py)."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.live.server import Server

VECTORS = Path(__file__).parents[1] / "vectors"

FOLD = """
async ([address, vector]) => {
  const { Gap, RoomView } = await import(address);
  const you = vector.you ?? { name: null, guest: false };
  const own = (event) => event.by === you.name && Boolean(event.guest) === you.guest;
  const named = (event) => (event.mentions ?? []).includes(you.name);
  const view = new RoomView('garden', own, named);
  if (vector.enter) view.enter({at: 0, online: 0, ...vector.enter.room}, vector.enter.here, vector.enter.online);
  try {
    for (const event of vector.events) view.apply(event);
  } catch (gap) {
    if (!(gap instanceof Gap)) throw gap;
    return { gap: { after: gap.after, got: gap.got } };
  }
  const message = ({ seq, by, text, changed, edited, deleted, pinned, reactions }) => {
    const since = JSON.parse(JSON.stringify({ changed, edited, deleted, pinned, reactions }));
    return [seq, by, text, ...(Object.keys(since).length ? [since] : [])];
  };
  const messages = view.events.filter((event) => event.type === 'posted');
  return { view: {
    topic: view.topic, last: view.last, here: [...view.here].sort(), online: view.online, unread: view.unread,
    skipped: view.skipped, messages: messages.map(message),
    ...('mentions' in (vector.view ?? {}) && { mentions: view.mentions }),
    ...('first' in (vector.view ?? {}) && { first: view.first }),
    ...('level' in (vector.view ?? {}) && { level: view.level }),
    ...('favourite' in (vector.view ?? {}) && { favourite: view.favourite }),
  } };
}
"""


def vectors(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def page(browser: Browser, server: Server) -> Page:
    page = browser.new_page()
    page.goto(server.url)
    return page


@pytest.mark.parametrize("vector", [*vectors("view"), *vectors("gaps")], ids=lambda vector: str(vector["name"]))
def test_events_fold_as_the_vector_says(page: Page, vector: dict[str, Any]) -> None:
    found = page.evaluate(FOLD, ["/web/now/engine/view.js", vector])

    assert found == {key: vector[key] for key in ("view", "gap") if key in vector}


def test_a_view_keeps_the_newest_events_and_no_more(page: Page) -> None:
    events = [
        {"type": "posted", "room": "garden", "seq": seq, "at": seq, "by": "Ann", "text": ""} for seq in range(1, 1011)
    ]
    found = page.evaluate(FOLD, ["/web/now/engine/view.js", {"events": events}])

    seqs = [seq for seq, _, _ in found["view"]["messages"]]
    assert seqs == list(range(11, 1011))


COUNTED = """
async ([address, events]) => {
  const { RoomView } = await import(address);
  const named = (event) => (event.mentions ?? []).includes('Ann');
  const view = new RoomView('garden', (event) => event.by === 'Ann', named);
  return events.map((event) => { view.apply(event); return [view.unread, view.mentions]; });
}
"""


def test_a_read_mark_reports_what_is_left_and_later_messages_are_added(page: Page) -> None:
    posted: dict[str, Any] = {"type": "posted", "room": "garden", "by": "Bo", "text": ""}
    events = [
        {**posted, "seq": 1, "at": 1},
        {**posted, "seq": 2, "at": 2, "mentions": ["Ann", "Cy"]},
        {**posted, "seq": 3, "at": 3, "here": True},
        {**posted, "seq": 4, "at": 4, "by": "Ann"},
        {"type": "read", "room": "garden", "seq": 2, "unread": 0, "mentions": 0, "head": 2},
        {"type": "read", "room": "garden", "seq": 2, "unread": 3, "mentions": 2, "head": 6},
        {**posted, "seq": 5, "at": 5},
        {**posted, "seq": 6, "at": 6},
        {**posted, "seq": 7, "at": 7},
    ]

    counted = page.evaluate(COUNTED, ["/web/now/engine/view.js", events])
    assert counted == [[1, 0], [2, 1], [3, 2], [3, 2], [1, 1], [3, 2], [3, 2], [3, 2], [4, 2]]
