"""The page as an app: it shows itself without a server, is never an old one, and speaks other languages."""

import shutil
from pathlib import Path

from playwright.sync_api import expect

from nexus import __version__
from tests.browser.conftest import Comes
from tests.house.sources import PACKAGE
from tests.live.server import Server


def test_the_page_shows_itself_and_what_waits_without_a_server(comes: Comes, tmp_path: Path, garden: str) -> None:
    with Server(tmp_path / "data") as server:
        ann = comes("Ann", server.url, service_workers="allow").opens(garden)
        ann.says("Before")
        ann.sees("Before")
        ann.keeps_the_page()
        server.stop()
        ann.is_offline()
        ann.says("Meanwhile")

        ann.page.reload()
        ann.is_offline()
        ann.sees("Before")
        people = ann.page.get_by_role("complementary", name="Who is here")
        expect(people).to_contain_text("This will be shown when you are back online.")
        ann.sees_waiting("Meanwhile")
        ann.says("Later")
        ann.sees_waiting("Later")

        server.start()
        for text in ("Before", "Meanwhile", "Later"):
            ann.sees(text)
        ann.is_online()
        expect(people).to_contain_text("1 person is here")


def test_after_an_upgrade_the_page_says_so_and_reloading_gets_the_new_one(
    comes: Comes, tmp_path: Path, garden: str
) -> None:
    package = tmp_path / "installed" / "nexus"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    texts, root = package / "web" / "texts" / "en.js", package / "__init__.py"
    with Server(tmp_path / "data", env={"PYTHONPATH": str(package.parent)}) as server:
        ann = comes("Ann", server.url, service_workers="allow").opens(garden)
        ann.keeps_the_page()
        server.stop()
        texts.write_text(texts.read_text("utf-8").replace("Find or open a room", "Another room?"), "utf-8")
        root.write_text(root.read_text("utf-8").replace(__version__, "99.0"), "utf-8")
        server.start()

        ann.page.get_by_role("button", name="Reload the page").click()
        expect(ann.page.get_by_role("button", name="Another room?")).to_be_visible()
        expect(ann.page.get_by_role("button", name="Reload the page")).to_have_count(0)
        ann.keeps_the_page()
        server.stop()
        ann.page.reload()
        expect(ann.page.get_by_role("button", name="Another room?")).to_be_visible()


def test_a_browser_in_german_gets_german_and_may_have_english(comes: Comes, garden: str) -> None:
    ann = comes("Ann", locale="de-AT")
    ann.page.goto(f"{ann.url}/r/{garden}")
    ann.page.get_by_role("textbox", name="Dein Name").fill(ann.name)
    ann.page.get_by_role("button", name="Mitreden").click()
    expect(ann.page.get_by_role("textbox", name=f"Nachricht an {garden}")).to_be_visible()
    expect(ann.page.locator("html")).to_have_attribute("lang", "de")

    ann.page.get_by_role("button", name="Du: ").click()
    ann.page.get_by_role("combobox", name="Sprache").select_option("English")
    expect(ann.page.get_by_role("heading", name="Appearance")).to_be_visible()
    ann.page.keyboard.press("Escape")
    ann.is_in(garden)
    ann.page.reload()
    ann.is_in(garden)


def test_it_can_be_installed(comes: Comes) -> None:
    ann = comes("Ann")
    ann.page.goto(ann.url)
    manifest = ann.page.locator("link[rel=manifest]").get_attribute("href")
    assert manifest is not None
    told = ann.context.request.get(ann.url + manifest)

    assert told.headers["content-type"] == "application/manifest+json"
    assert (told.json()["start_url"], told.json()["display"]) == ("/", "standalone")
    for icon in told.json()["icons"]:
        assert ann.context.request.get(ann.url + manifest.rpartition("/")[0] + "/" + icon["src"]).ok


def test_text_from_the_right_stands_at_the_right(comes: Comes, garden: str) -> None:
    ann = comes("Ann").opens(garden)
    for text in ("שלום לכולם", "Hello"):
        ann.says(text)
        ann.sees(text)

    def side(text: str) -> str:
        found = ann.message(text).get_by_text(text).first
        return str(found.evaluate("(one) => getComputedStyle(one).direction"))

    assert (side("שלום"), side("Hello")) == ("rtl", "ltr")
