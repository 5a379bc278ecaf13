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
  const view = new RoomView('garden', own);
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
