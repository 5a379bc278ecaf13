"""The first visit: few requests, and one can type before anything but the HTML is there."""

from playwright.sync_api import Route, expect

from tests.browser.conftest import Comes


class Held:
    """The modules of the page, which are on their way until they are let go."""

    def __init__(self) -> None:
        self._routes: list[Route] = []
        self._free = False

    def hold(self, route: Route) -> None:
        """One was asked for."""
        if self._free:
            route.continue_()
        else:
            self._routes.append(route)

    def let_go(self) -> None:
        """They come, and so does whatever is asked for from now on."""
        self._free = True
        for route in self._routes:
            route.continue_()


MOST = 25
"""Requests of a first visit, until one is in the room and nothing more is loaded."""


def test_one_can_type_a_name_before_the_page_has_its_modules(comes: Comes, garden: str) -> None:
    ann = comes("Ann")
    held = Held()
    asked: list[str] = []
    ann.page.on("request", lambda request: asked.append(request.url))
    ann.page.route("**/first.js", held.hold)
    ann.page.goto(f"{ann.url}/r/{garden}", wait_until="commit")
    name = ann.page.get_by_role("textbox", name="Your name")
    expect(name).to_be_focused()
    expect(ann.page).to_have_title("Nexus")
    ann.page.keyboard.type(ann.name[1:])
    ann.page.keyboard.press("Home")
    held.let_go()
    expect(ann.page.get_by_role("button", name="I have an account")).to_be_visible()
    ann.page.keyboard.type(ann.name[0])
    expect(name).to_have_value(ann.name)
    ann.page.keyboard.press("Enter")
    ann.is_in(garden)
    ann.page.wait_for_load_state("networkidle")

    assert len(asked) <= MOST, asked


def test_enter_before_the_modules_are_there_comes_in_and_who_is_known_is_not_asked(comes: Comes, garden: str) -> None:
    ann = comes("Ann", locale="de-DE")
    held = Held()
    ann.page.route("**/first.js", held.hold)
    ann.page.goto(f"{ann.url}/r/{garden}", wait_until="commit")
    name = ann.page.get_by_role("textbox", name="Dein Name")
    expect(name).to_be_focused()
    ann.page.keyboard.type(ann.name)
    ann.page.keyboard.press("Enter")
    held.let_go()
    expect(ann.page.get_by_role("button", name=f"Du: {ann.name}")).to_be_visible()

    held = Held()
    ann.page.unroute("**/first.js")
    ann.page.route("**/first.js", held.hold)
    ann.page.reload(wait_until="commit")
    expect(ann.page.locator("form[data-early]")).to_be_attached()
    expect(name).to_have_count(0)
    held.let_go()
    expect(ann.page.get_by_role("button", name=f"Du: {ann.name}")).to_be_visible()
    expect(ann.page.locator("form[data-early]")).to_have_count(0)
