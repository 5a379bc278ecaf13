"""The page in a real Chromium: how much it loads, how soon one can type, and what a busy room costs it.

Chromium may use every core, as it does on a person's machine. Times are taken in the page by its own clock.
"""

import os
import shutil
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Page, sync_playwright

from bench.machine import CannotMeasure
from bench.processes import Server
from bench.servers import Kind
from bench.talker import Talker

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--js-flags=--expose-gc"]

LOADS = 5
SWITCHES = 20
RATE = 200
"""Messages a second whose way from the socket to the screen is timed."""

TIMED = 1000
FLOOD = 100_000
FLOOD_RATE = 1000
SETTLED = 10_000
"""Messages after which the memory is looked at for the first time."""

READY = """() => new Promise((ready) => {
  const look = () => {
    const box = document.querySelector('textarea');
    const log = document.querySelector('[role=log]');
    if (box !== null && !box.disabled && log?.getAttribute('aria-busy') === 'false') ready(performance.now());
    else requestAnimationFrame(look);
  };
  look();
})"""
"""Milliseconds from the beginning of the navigation until one can type, with the messages there."""

SWITCH = """(room) => new Promise((ready) => requestIdleCallback(() => {
  const link = [...document.querySelectorAll('nav a')].find((one) => one.textContent.includes(room));
  const began = performance.now();
  const look = () => {
    const here = document.querySelector('h1')?.textContent.includes(room);
    const log = document.querySelector('[role=log]');
    if (here && log?.getAttribute('aria-busy') === 'false' && log.querySelector('article') !== null) {
      ready(performance.now() - began);
    } else requestAnimationFrame(look);
  };
  link.click();
  look();
}))"""
"""Milliseconds from a click on a room, in a page that has nothing else to do, until its messages are there."""

WATCH = """
window.came = new Map();
window.drawn = [];
const heard = (event) => {
  const found = /"type":"posted".*?"seq":([0-9]+)/.exec(event.data);
  if (found !== null) came.set(found[1], performance.now());
};
const Plain = WebSocket;
window.WebSocket = class extends Plain {
  constructor(...given) { super(...given); this.addEventListener('message', heard); }
};
new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) {
    if (node.nodeType !== 1) continue;
    for (const one of [node, ...node.querySelectorAll('[data-seq]')]) {
      const at = came.get(one.dataset?.seq);
      if (at === undefined) continue;
      came.delete(one.dataset.seq);
      requestAnimationFrame(() => drawn.push(performance.now() - at));
    }
  }
}).observe(document, { childList: true, subtree: true });
"""
"""Notes when each message comes from the socket, and when the frame with it on the screen begins."""


def measure_page(kind: Kind, core: int) -> dict[str, float]:
    """Weight, times in milliseconds (medians), and the heap before and after many messages."""
    with Server(kind, core) as server, _chromium() as context:
        url = f"http://127.0.0.1:{server.port}"
        with Talker(server.port) as talker:
            talker.ask({"type": "hello", "name": "talker"})
            for room in ("garden", "kitchen"):
                talker.ask({"type": "join", "room": room})
                for number in range(200):
                    talker.ask({"type": "post", "room": room, "text": f"A **message** no. {number} in `{room}`"})
            page = _arrive(context, url)
            values = _loads(page, url) | _switches(page)
            page.add_init_script(WATCH)
            page.goto(f"{url}/r/garden")
            page.evaluate(READY)
            return values | _drawing(page, talker) | _flooding(page, talker)


@contextmanager
def _chromium() -> Iterator[BrowserContext]:
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        raise CannotMeasure("there is no Chromium here")
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser.new_context(viewport={"width": 1280, "height": 800}, service_workers="block")
        finally:
            browser.close()
            os.sched_setaffinity(0, before)


def _arrive(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(f"{url}/r/kitchen")
    page.get_by_role("textbox", name="Your name").fill("reader")
    page.keyboard.press("Enter")
    page.evaluate(READY)
    page.goto(f"{url}/r/garden")
    page.evaluate(READY)
    page.wait_for_function("() => localStorage['nexus.secret'] === undefined")
    return page


def _loads(page: Page, url: str) -> dict[str, float]:
    """What comes over the line at first, and how long it takes until one can type: with nothing cached.

    Not both at once: to watch what comes takes the browser long.
    """
    tools = page.context.new_cdp_session(page)
    received: list[float] = []
    tools.on("Network.loadingFinished", lambda done: received.append(done["encodedDataLength"]))
    cold = []
    for number in range(LOADS + 1):
        tools.send("Network.enable")
        tools.send("Network.clearBrowserCache")
        if number < LOADS:
            tools.send("Network.disable")
        page.goto(f"{url}/r/garden")
        cold.append(page.evaluate(READY))
    tools.detach()
    return {"first load KiB": sum(received) / 1024, "ready ms": statistics.median(cold[:LOADS])}


def _switches(page: Page) -> dict[str, float]:
    taken = [page.evaluate(SWITCH, ("kitchen", "garden")[number % 2]) for number in range(SWITCHES)]
    return {"switch ms": statistics.median(taken)}


def _drawing(page: Page, talker: Talker) -> dict[str, float]:
    begun = time.monotonic()
    for number in range(TIMED):
        time.sleep(max(0.0, begun + number / RATE - time.monotonic()))
        talker.ask({"type": "post", "room": "garden", "text": f"no. {number}"})
    page.wait_for_function(f"() => drawn.length >= {TIMED // 2}")
    times: list[float] = page.evaluate("() => drawn")
    return {"drawn ms": statistics.median(times), "drawn of 1,000": float(len(times))}


def _flooding(page: Page, talker: Talker) -> dict[str, float]:
    """The heap after the first messages and after all of them; and how long a key took meanwhile."""
    tools = page.context.new_cdp_session(page)
    keys: list[float] = []
    _flood(page, talker, SETTLED, keys)
    before = _heap(tools)
    _flood(page, talker, FLOOD - SETTLED, keys)
    return {
        "heap MiB": before,
        "heap MiB after 100,000": _heap(tools),
        "key ms": statistics.median(keys),
        "elements": float(page.evaluate("() => document.querySelectorAll('*').length")),
    }


def _flood(page: Page, talker: Talker, count: int, keys: list[float]) -> None:
    sender = threading.Thread(target=_post_many, args=(talker, count))
    sender.start()
    page.locator("textarea").focus()
    while sender.is_alive():
        begun = time.perf_counter()
        page.keyboard.press("x")
        keys.append(1000 * (time.perf_counter() - begun))
        time.sleep(1)
    sender.join()


def _post_many(talker: Talker, count: int) -> None:
    begun = time.monotonic()
    for number in range(count):
        if number % 20 == 0:
            time.sleep(max(0.0, begun + number / FLOOD_RATE - time.monotonic()))
        talker.ask({"type": "post", "room": "garden", "text": f"flood no. {number}"})


def _heap(tools: CDPSession) -> float:
    tools.send("HeapProfiler.enable")
    tools.send("HeapProfiler.collectGarbage")
    used: dict[str, Any] = tools.send("Runtime.getHeapUsage")
    return float(used["usedSize"]) / 2**20
