"""What people write stays text: known attacks in a real browser, and a policy that would stop what came through."""

import http.client

import pytest
from playwright.sync_api import Browser, Error, expect

from tests.browser.conftest import Comes
from tests.browser.person import Person
from tests.live.server import Server

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<details open ontoggle=alert(1)>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](java&#x09;script:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[click](vbscript:msgbox)",
    "[a](<javascript:alert(1)>)",
    "![x](x\"onerror=\"alert(1))",
    "<javascript:alert(1)>",
    "`<img src=x onerror=alert(1)>`",
    "```\"><img src=x onerror=alert(1)>\n<b onmouseover=alert(1)>x</b>\n```",
    "[x]: javascript:alert(1)\n[x]",
    "<a href=\"&#106;avascript:alert(1)\">x</a>",
    "<form action=//example.org><input name=body></form>",
    "<style>@import '//example.org'</style>",
    "<base href=//example.org/>",
    "[x](https://example.org/\"onmouseover=alert(1)//)",
    "\x1b]0;title\x07 \x9b31m",
    "\u202egnp.exe",
]  # fmt: skip

DANGEROUS = """
[...document.querySelectorAll('[role=log] *')].filter((one) =>
  ['SCRIPT', 'IFRAME', 'IMG', 'FORM', 'INPUT', 'STYLE', 'BASE', 'OBJECT', 'EMBED', 'MATH'].includes(one.tagName)
  || [...one.attributes].some((attribute) => /^on/i.test(attribute.name))
  || (one instanceof HTMLAnchorElement && one.href && !['http:', 'https:', 'mailto:'].includes(one.protocol))
).map((one) => one.outerHTML)
"""


def test_no_attack_becomes_more_than_text(ann: Person, bo: Person) -> None:
    dialogs: list[str] = []
    bo.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    for attack in ATTACKS:
        ann.box.fill(attack)
        ann.box.press("Enter")
    ann.says("That was all")
    bo.sees("That was all")

    assert bo.page.evaluate(DANGEROUS) == []
    assert ann.page.evaluate(DANGEROUS) == []
    assert not dialogs


def test_links_lead_away_without_a_trace(ann: Person) -> None:
    ann.says("See https://example.org/a?b=c and setup.py")

    link = ann.message("See").get_by_role("link", name="https://example.org")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(link).to_have_attribute("target", "_blank")
    expect(ann.message("See").get_by_role("link", name="setup.py")).to_have_count(0)


ATTEMPTS = [
    "document.body.innerHTML = '<img src=x onerror=window.ran=1>'",
    "document.head.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))",
    "document.body.setAttribute('onclick', 'window.ran = 1'); document.body.click()",
    "document.body.append(Object.assign(document.createElement('iframe'), {srcdoc: '<script>top.ran=1</script>'}))",
    "setTimeout('window.ran = 1')",
]


def test_the_page_may_run_nothing_but_its_own_files(browser: Browser, server: Server) -> None:
    page = browser.new_page()
    page.goto(server.url)
    for attempt in ATTEMPTS:
        with pytest.raises(Error, match="Trusted"):
            page.evaluate(attempt)

    assert page.evaluate("window.ran === undefined")
    page.close()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html"),
        ("/r/garden", "text/html"),
        ("/r/garden/12", "text/html"),
        ("/web/now/page/app.js", "text/javascript"),
        ("/web/now/style/ground.css", "text/css"),
        ("/web/now/icon.svg", "image/svg+xml"),
        ("/web/now/nexus.webmanifest", "application/manifest+json"),
    ],
)
def test_every_file_has_its_type_and_is_checked_again(server: Server, path: str, kind: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("GET", path)
    first = connection.getresponse()
    body = first.read()
    connection.request("GET", path, headers={"If-None-Match": str(first.getheader("ETag"))})
    second = connection.getresponse()

    assert (first.status, second.status, second.read()) == (200, 304, b"")
    assert body
    assert str(first.getheader("Content-Type")).startswith(kind)
    assert first.getheader("X-Content-Type-Options") == "nosniff"
    if kind in ("text/html", "image/svg+xml"):  # what can be opened as a page
        assert "require-trusted-types-for 'script'" in str(first.getheader("Content-Security-Policy"))
    connection.close()


def test_unknown_paths_are_not_found(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    for path in (
        "/web/now/../index.html",
        "/web/now/%2e%2e/pages.py",
        "/web/now/index.html",
        "/web/now/vendor/htm.LICENSE",
    ):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 404, path
    connection.close()


def test_the_page_and_all_it_loads_at_first_is_small(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    total = 0
    for path in ["/", *first_files(connection)]:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        total += len(answer.read())
        if path != "/":
            assert "immutable" in str(answer.getheader("Cache-Control")), path
    connection.close()

    assert total <= 200 * 1024


def first_files(connection: http.client.HTTPConnection) -> list[str]:
    """What the page names itself: every module and style that it begins with."""
    connection.request("GET", "/")
    page = connection.getresponse().read().decode()
    return [part.split('"')[0] for part in page.split('href="')[1:]]


HANDED_OVER = "() => localStorage['nexus.me'] !== undefined && localStorage['nexus.secret'] === undefined"

STORED = "() => JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage}) + document.cookie"


def test_no_script_of_the_page_can_read_what_proves_who_one_is(comes: Comes, garden: str) -> None:
    ann = comes("Ann").opens(garden)
    ann.says("before")

    def cookies() -> list[str]:
        kept = [one for one in ann.context.cookies(f"{ann.url}/ws") if one["name"].startswith("nexus-")]
        assert all(one["httpOnly"] and one["sameSite"] == "Strict" and one["path"] == "/ws" for one in kept)
        return [one["value"] for one in kept]

    ann.page.wait_for_function(HANDED_OVER)
    (session,) = cookies()
    assert session not in ann.page.evaluate(STORED)

    ann.page.reload()
    ann.is_in(garden)
    ann.says("after")
    assert cookies() == [session]

    ann.page.get_by_role("button", name=f"You: {ann.name}").click()
    ann.page.get_by_label("Choose a password").fill("correct horse battery")
    ann.page.get_by_role("button", name="Make an account of").click()
    expect(ann.page.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    ann.page.wait_for_function(HANDED_OVER)
    (token,) = cookies()
    assert token not in (session, "")
    assert token not in ann.page.evaluate(STORED)
    ann.page.reload()
    ann.is_in(garden)
    ann.page.get_by_role("button", name=f"You: {ann.name}").click()
    ann.page.get_by_role("button", name="Sign out").click()
    expect(ann.page.get_by_role("button", name="Start talking")).to_be_visible()
    ann.page.wait_for_function("() => localStorage['nexus.me'] === undefined")


def test_signing_out_offline_is_completed_once_there_is_a_network(comes: Comes, garden: str) -> None:
    ann = comes("Ann").opens(garden)
    ann.page.wait_for_function(HANDED_OVER)
    ann.page.get_by_role("button", name=f"You: {ann.name}").click()
    leave = ann.page.get_by_role("button", name="Leave and forget me here")
    expect(leave).to_be_visible()
    ann.context.set_offline(True)
    leave.click()
    expect(ann.page.get_by_role("button", name="Start talking")).to_be_visible()
    assert ann.context.cookies(f"{ann.url}/ws") != []

    ann.context.set_offline(False)
    ann.page.wait_for_function("() => localStorage['nexus.forgetting'] === undefined")
    assert ann.context.cookies(f"{ann.url}/ws") == []


WIDTHS = (
    "(log) => [log.scrollWidth, log.clientWidth, ...[...log.querySelectorAll('.text')].map((one) => one.scrollWidth)]"
)


@pytest.mark.parametrize("deep", ["> " * 60, "- " * 40, "1. " * 40])
def test_deep_nesting_stays_readable_and_moves_nothing_aside(comes: Comes, garden: str, deep: str) -> None:
    ann = comes("Ann").opens(garden)
    ann.says(f"{deep}all of these words stand side by side")
    ann.sees("all of these words stand side by side")

    whole, shown, text = ann.log.evaluate(WIDTHS)
    assert whole <= shown
    assert text <= shown
    tall = ann.message("all of these words").get_by_text("all of these words").last.bounding_box()
    assert tall is not None
    assert tall["width"] > 150


def test_a_page_of_another_site_makes_nobody_join_a_room_or_make_one(ann: Person) -> None:
    link = f'<a href="{ann.url}/r/{ann.room}-elsewhere" rel="noreferrer">Free cake</a>'
    ann.page.route("http://elsewhere.test/", lambda route: route.fulfill(body=link, content_type="text/html"))
    ann.page.goto("http://elsewhere.test/")
    ann.page.get_by_role("link", name="Free cake").click()

    expect(ann.page.get_by_text(f"You are not in #{ann.room}-elsewhere.")).to_be_in_viewport()
    expect(ann.box).not_to_be_visible()
    ann.page.keyboard.press("Control+k")
    ann.page.get_by_role("combobox", name="Room or person").fill(f"{ann.room}-elsewhere")
    expect(ann.page.get_by_role("option", name=f"{ann.room}-elsewhere", exact=True)).not_to_be_visible()
    ann.page.keyboard.press("Escape")

    ann.page.get_by_role("button", name="Join").click()

    ann.is_in(f"{ann.room}-elsewhere")


def test_anyone_who_types_an_address_chose_it(ann: Person) -> None:
    ann.page.goto(f"{ann.url}/r/{ann.room}-typed")

    ann.is_in(f"{ann.room}-typed")


def test_a_link_in_a_message_makes_nobody_join(ann: Person) -> None:
    ann.says(f"[look]({ann.url}/r/{ann.room}-linked)")
    ann.page.get_by_role("link", name="look").click()

    expect(ann.page.get_by_text(f"You are not in #{ann.room}-linked.")).to_be_in_viewport()
    ann.page.go_back()
    ann.is_in(ann.room)
