"""What people write is what others see: nothing is taken away, links say where they lead, walls of text are folded."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Comes
from tests.browser.person import Person
from tests.browser.test_news import NOTIFIED, asks_for_news, with_tray
from tests.conformance.peer import Peer, fresh
from tests.live.server import Server

AS_WRITTEN = [
    ">_<", ">50% of users", ">:(", "+", "-", "*", "***", "---", "1.", "~~~", "```", "¯\\_(ツ)_/¯", "\\\\server\\share",
    "C:\\*.txt", "\\o/", "[note]: done", "[12:30]: hello", "[](http://example.org)", "&nbsp;", "&lt;3", "> ", ">>",
    "[]()", "a[0](b)", "f[i](x)", "[home](/etc/passwd)", "[run](javascript:alert)", "2*3*4=24", "a*b*c", "2**8**2",
    "__init__.py", "see __main__ here", "/*comment*/", "src/**/*.js and lib/**/*.ts", "1986. A good year", "- 5",
    "é*é*é", "~~~ hi ~~~", "| a | b |\n|-|-|\n| 1 | 2 | 3 |", "[^1]: note", "<b>", "# one", "https://example.org/a_b_c",
    "buttons[i]()", "[TODO]( )", "*_*", "*.*", "del *.* in C:\\*.*", "_*_", "`\u2800`",
]  # fmt: skip

QUOTES = [("> so he said", "so he said"), (">so he said", "so he said"), ('>"so"', '"so"'), (">@Ann", "@Ann")]

LINKS = [
    ("https://example.com/%E2%80%AEgpj.exe", "https://example.com/%E2%80%AEgpj.exe"),
    ("https://xn--80ak6aa92e.com/login", "https://xn--80ak6aa92e.com/login"),
    ("https://аpple.com/", "https://аpple.com/ (xn--pple-43d.com)"),  # the first letter is Cyrillic
    ("[https://bank.example/login](https://evil.example/)", "https://bank.example/login (evil.example)"),
    ("[https://evil.example.bank.example](https://evil.example/)", "https://evil.example.bank.example (evil.example)"),
    (
        "[https://evil.example@bank.example/](https://evil.example/)",
        "https://evil.example@bank.example/ (evil.example)",
    ),
    ("[the docs](https://docs.example/a)", "the docs (docs.example)"),
    ("[https://docs.example/a](https://docs.example/b)", "https://docs.example/a"),
    ("https://example.com/\u202egpj.exe", "https://example.com/%E2%80%AEgpj.exe"),
    ("[**\u202eelpmaxe.knab**](https://evil.example/)", "%E2%80%AEelpmaxe.knab (evil.example)"),
    ('[x](https://evil.example "https://bank.example")', "x (evil.example)"),
    ("[https://bank.example](/r/garden)", "https://bank.example ({here})"),
    ("[#garden](/r/shed)", "#garden (#shed)"),
    ("[/r/shed](/r/shed)", "/r/shed"),
    (
        "[https://evil.example/ https://bank.example](https://evil.example/)",
        "https://evil.example/ https://bank.example (evil.example)",
    ),
    ("[https://bank\u00ad.example](https://evil.example)", "https://bank%C2%AD.example (evil.example)"),
    ("[write us](mailto:a@example.org)", "write us (a@example.org)"),
]

HEAVY = {
    "a table of many columns": ("|".join("a" * 1000) + "\n" + "|".join("-" * 1000) + "\n" + "a\n" * 3000)[:8000],
    "a table of many rows": ("|".join("a" * 100) + "\n" + "|".join("-" * 100) + "\n" + "a\n" * 3700)[:8000],
    "code spans": "`a`" * 2600,
    "open brackets": "[" * 8000,
    "quotes in quotes": "> " * 3990 + "x",
}

BROKEN_CELLS = """() => [...document.querySelectorAll('.text td')].filter((one) => {
  const range = document.createRange();
  range.selectNodeContents(one);
  return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1;
}).map((one) => one.textContent)"""

WIDE_TABLE = """| Monday | Tuesday | Wednesday | Thursday | Friday | Saturday |
|-|-|-|-|-|-|
| potatoes | tomatoes | cucumbers | aubergines | courgettes | strawberries |"""


def posted(ann: Person, server: Server, texts: list[str]) -> list[Locator]:
    """Dot says all of these; how each of them is shown."""
    dot = Peer(server.ws)
    dot.greet(fresh("Dot"))
    dot.done("join", room=ann.room)
    rows = [ann.log.locator(f'article[data-seq="{dot.post(ann.room, text)}"] .text') for text in texts]
    dot.leave()
    expect(rows[-1]).to_be_visible()
    return rows


def test_signs_that_are_no_markup_stay(ann: Person, server: Server) -> None:
    for text, shown in zip(AS_WRITTEN, posted(ann, server, AS_WRITTEN), strict=True):
        assert shown.inner_text().strip() == text.strip()


def test_a_quote_needs_no_blank_before_a_word_and_a_list_has_the_numbers_that_were_written(
    ann: Person, server: Server
) -> None:
    rows = posted(ann, server, [text for text, _ in QUOTES] + ["1. a\n3. b\n7. c", "``` a b\nc\n```"])
    for row, (_, said) in zip(rows, QUOTES, strict=False):
        assert row.locator("blockquote").inner_text() == said
    assert [item.get_attribute("value") for item in rows[-2].locator("li").all()] == ["1", "3", "7"]
    assert rows[-1].locator("code").inner_text().strip() == "a b\nc"


def test_a_link_says_where_it_leads(ann: Person, server: Server) -> None:
    for (text, said), row in zip(LINKS, posted(ann, server, [text for text, _ in LINKS]), strict=True):
        link = row.locator("a")
        assert link.inner_text() == said.replace("{here}", ann.url.removeprefix("http://")), text
        assert link.get_attribute("title") == link.evaluate("(link) => link.href"), text


def test_code_is_copied_without_its_last_line_break_and_selected_without_the_button(comes: Comes, garden: str) -> None:
    ann = comes("Ann").opens(garden)
    ann.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=ann.url)
    ann.says("before\n```sh\nrm -rf build\n```\nafter")
    ann.message("rm -rf").hover()
    ann.page.get_by_role("button", name="Copy", exact=True).click()
    expect(ann.page.get_by_role("button", name="Copied")).to_be_visible()

    assert ann.page.evaluate("navigator.clipboard.readText()") == "rm -rf build"
    selected = ann.page.evaluate(
        "() => (getSelection().selectAllChildren(document.querySelector('article .text')), `${getSelection()}`)"
    )
    assert "Cop" not in selected
    assert "rm -rf build" in selected


@pytest.mark.parametrize("text", ["a\n" * 3999 + "a", "word " * 1500])
def test_a_wall_of_text_is_folded_until_one_asks(comes: Comes, server: Server, garden: str, text: str) -> None:
    dot = Peer(server.ws)
    dot.greet(fresh("Dot"))
    dot.done("join", room=garden)
    dot.post(garden, text)
    dot.leave()
    ann = comes("Ann", viewport={"width": 390, "height": 844}).opens(garden)
    message = ann.log.get_by_role("article").last
    button = message.get_by_role("button", name="Show all of it")
    expect(button).to_be_visible()
    box = message.bounding_box()
    assert box is not None
    assert box["height"] < 844

    button.click()

    expect(button).to_have_count(0)
    box = message.bounding_box()
    assert box is not None
    assert box["height"] > 844


@pytest.mark.parametrize("text", HEAVY.values(), ids=HEAVY.keys())
def test_a_message_of_very_many_pieces_is_shown_all_the_same(ann: Person, server: Server, text: str) -> None:
    cy = Peer(server.ws)
    cy.greet(fresh("Cy"))
    cy.done("join", room=ann.room)
    before = ann.log.get_by_role("article").count()
    cy.post(ann.room, text)

    expect(ann.log.get_by_role("article")).not_to_have_count(before)
    last = ann.log.get_by_role("article").last.locator(".text")
    expect(last).to_be_visible()
    assert last.evaluate("(shown) => shown.querySelectorAll('*').length") < 20_000
    assert text.strip()[:1] in last.inner_text()


def test_a_wide_table_scrolls_and_breaks_no_word(comes: Comes, garden: str) -> None:
    ann = comes("Ann", viewport={"width": 390, "height": 844}).opens(garden)
    ann.says(WIDE_TABLE)
    expect(ann.log.get_by_role("cell", name="strawberries")).to_be_attached()

    assert ann.page.evaluate(BROKEN_CELLS) == []
    assert ann.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_room_is_printed_with_all_that_is_shown_dark_on_white(comes: Comes, garden: str, server: Server) -> None:
    ann = comes("Ann", color_scheme="dark").opens(garden)
    posted(ann, server, [f"line {number}" for number in range(60)])
    printed = ann.page.pdf()
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") > 1

    ann.page.emulate_media(media="print")
    expect(ann.page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(ann.page.locator("body")).to_have_css("color", "rgb(28, 31, 29)")


def test_a_deleted_message_takes_its_notification_with_it(comes: Comes, bo: Person, garden: str) -> None:
    ann = with_tray(comes, garden)
    asks_for_news(ann)
    ann.opens(f"{garden}-2")
    bo.says("first")
    ann.page.evaluate(NOTIFIED, [f"{bo.name}: first"])
    bo.says("my password is hunter2")
    ann.page.evaluate(NOTIFIED, [f"{bo.name}: my password is hunter2"])
    bo.deletes("hunter2")
    ann.page.evaluate(NOTIFIED, [f"{bo.name}: first"])

    bo.deletes("first")

    ann.page.evaluate(NOTIFIED, [])


def test_an_edited_message_says_in_its_notification_what_it_says_now(comes: Comes, bo: Person, garden: str) -> None:
    ann = with_tray(comes, garden)
    asks_for_news(ann)
    ann.opens(f"{garden}-2")
    bo.says("my password is hunter2")
    ann.page.evaluate(NOTIFIED, [f"{bo.name}: my password is hunter2"])

    bo.edits("my password is hunter2", "never mind")

    ann.page.evaluate(NOTIFIED, [f"{bo.name}: never mind"])


def test_what_one_is_about_to_answer_is_shown_as_it_is_by_now(comes: Comes, bo: Person, garden: str) -> None:
    ann = comes("Ann").opens(garden)
    bo.says("my password is hunter2")
    ann.toolbar_of("hunter2").get_by_role("button", name="Reply").click()
    answering = ann.page.locator(".replying")
    expect(answering).to_contain_text("hunter2")

    bo.edits("my password is hunter2", "never mind")
    expect(answering).to_contain_text("never mind")
    bo.deletes("never mind")
    expect(answering).to_contain_text("This message was deleted.")
