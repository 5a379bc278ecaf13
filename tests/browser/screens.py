"""Pictures of every main screen, taken of a real server; `make screens` puts the best into docs/images.

`make screens ARGS=folder` puts every screen in every look into a folder, for someone to look at.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS, MISSING, new_window
from tests.browser.garden import SECRET, plant
from tests.browser.person import Person
from tests.browser.wire import Wire
from tests.house.sources import ROOT
from tests.live.server import Server

WIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

LOOKS: dict[str, dict[str, Any]] = {
    "light": WIDE,
    "dark": {**WIDE, "color_scheme": "dark"},
    "phone": PHONE,
    "phone-dark": {**PHONE, "color_scheme": "dark"},
    "contrast": {**WIDE, "contrast": "more"},
    "forced": {**WIDE, "forced_colors": "active"},
}
"""How a window looks, in Playwright's words."""

BEST = {
    *("welcome-light", "room-light", "room-dark", "room-phone", "rooms-phone-dark", "search-light", "picker-dark"),
    *("switcher-light", "you-dark", "editing-phone"),
}
"""The pictures that are part of this project."""


def room(_: Person) -> None:
    """The room, as one finds it."""


def toolbar(ann: Person) -> None:
    """A message that is pointed at."""
    expect(ann.toolbar_of("Give them until")).to_be_visible()


def rooms(ann: Person) -> None:
    """The rooms, on a phone."""
    if ann.page.get_by_role("button", name="Show rooms").is_visible():
        ann.page.get_by_role("button", name="Show rooms").click()
        ann.page.get_by_role("link", name="kitchen").hover()


def people(ann: Person) -> None:
    """Who is here, on a phone."""
    button = ann.page.get_by_role("button", name="here, show who is here")
    if button.get_attribute("aria-expanded") == "false":
        button.click()


def picker(ann: Person) -> None:
    """The emoji."""
    pressed("Add a reaction")(ann)
    expect(ann.page.get_by_role("region", name="Hands and people")).to_be_attached()


def pressed(button: str) -> Callable[[Person], None]:
    """A button of a message's toolbar is pressed."""

    def press(ann: Person) -> None:
        ann.message("Mint is in").focus()
        ann.message("Mint is in").get_by_role("button", name=button, exact=True).first.click()

    return press


def typed(text: str) -> Callable[[Person], None]:
    """Something is written that can be completed."""

    def write(ann: Person) -> None:
        ann.types(text)
        expect(ann.page.get_by_role("listbox", name="Suggestions")).to_be_visible()

    return write


def opened(key: str) -> Callable[[Person], None]:
    """A dialog is open that has a key."""

    def open_(ann: Person) -> None:
        ann.log.focus()
        ann.page.keyboard.press(key)
        expect(ann.page.get_by_role("dialog")).to_be_visible()

    return open_


def about(ann: Person) -> None:
    """What is told of the room."""
    ann.page.get_by_role("button", name="About this room").click()


def you(ann: Person) -> None:
    """What is told of oneself, with logins and settings."""
    button = ann.page.get_by_role("button", name=f"You: {ann.name}")
    if not button.is_visible():
        ann.page.get_by_role("button", name="Show rooms").click()
    button.click()
    expect(ann.page.get_by_role("heading", name="Where you are signed in")).to_be_visible()


def pins(ann: Person) -> None:
    """What is pinned."""
    ann.page.get_by_role("button", name="1 pinned message").click()


def search(ann: Person) -> None:
    """Something was searched and found."""
    ann.looks_for("watering")
    expect(ann.found.first).to_be_visible()


SCREENS: dict[str, Callable[[Person], None]] = {
    "room": room,
    "rooms": rooms,
    "people": people,
    "toolbar": toolbar,
    "picker": picker,
    "replying": pressed("Reply"),
    "editing": pressed("Edit"),
    "deleting": pressed("Delete"),
    "suggestions": typed("@"),
    "commands": typed("/"),
    "switcher": opened("Control+k"),
    "keys": opened("?"),
    "pins": pins,
    "about": about,
    "you": you,
    "search": search,
}

ALL = ("welcome", *SCREENS, "offline")
"""Every screen; the first and the last need more than a person."""


def take(folder: Path, wanted: set[str]) -> None:
    """Take those pictures; each look is a window of its own."""
    with tempfile.TemporaryDirectory() as data, Server(Path(data) / "data") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        others = plant(server)
        wire = Wire(server.port)
        for look in LOOKS:
            screens = [name for name in ALL if f"{name}-{look}" in wanted]
            if screens:
                take_in(browser, wire, look, screens, folder)
        wire.cut()
        for other in others:
            other.leave()
        browser.close()


def take_in(browser: Browser, wire: Wire, look: str, screens: list[str], folder: Path) -> None:
    """Take the pictures of one window."""
    ann = Person(new_window(browser, locale="en-GB", **LOOKS[look]), "Ann", wire.url)
    ann.page.goto(f"{ann.url}/r/garden")
    expect(ann.page.get_by_role("textbox", name="Your name")).to_be_visible()
    for name in screens:
        if name != "welcome" and not ann.room:
            comes_back(ann)
        if name == "offline":
            ann.loses(wire)
            ann.says("Can anyone hear me?")
            ann.sees_waiting("Can anyone hear me?")
            wire.mend()
        elif name != "welcome":
            ann.page.mouse.move(0, 0)
            SCREENS[name](ann)
        ann.page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
        ann.page.screenshot(path=folder / f"{name}-{look}.png", caret="hide")
        if ann.room:
            ann.page.keyboard.press("Escape")
            ann.page.keyboard.press("Escape")
            ann.box.fill("")
    ann.context.close()


def comes_back(ann: Person) -> None:
    """Ann has an account since before."""
    ann.page.get_by_role("button", name="I have an account").click()
    ann.page.get_by_role("textbox", name="Your name").fill(ann.name)
    ann.page.get_by_label("Password").fill(SECRET)
    ann.page.keyboard.press("Enter")
    ann.is_in("garden")
    ann.sees("Mint is in")


def main() -> None:
    """Take the best pictures, or all of them into the folder that is named."""
    if CHROMIUM is None:
        sys.exit(MISSING)
    if len(sys.argv) > 1:
        folder = Path(sys.argv[1])
        folder.mkdir(parents=True, exist_ok=True)
        take(folder, {f"{name}-{look}" for name in ALL for look in LOOKS})
    else:
        take(ROOT / "docs" / "images", BEST)


if __name__ == "__main__":
    main()
