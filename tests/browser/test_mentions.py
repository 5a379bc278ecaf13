"""Who is mentioned is pointed out in a message's text, and nobody else."""

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import new_window
from tests.live.server import Server

MARKED = """
async ([address, text, people]) => {
  const { markPeople } = await import(address);
  const box = document.createElement('div');
  for (const part of text.split('`')) {
    box.append(document.createElement(box.children.length % 2 ? 'code' : 'p'));
    box.lastElementChild.textContent = part;
  }
  markPeople(box, people, 'Ann');
  return [...box.querySelectorAll('.mention')].map((one) => [one.textContent, one.classList.contains('own')]);
}
"""


@pytest.mark.parametrize(
    ("text", "people", "marked"),
    [
        ("Hi @Bo and @Ann!", ["Ann", "Bo"], [["@Bo", False], ["@Ann", True]]),
        ("@bo, not @Bob, not @Cy", ["Bo"], [["@bo", False]]),
        ("write to ann@Bo.example", ["Bo"], []),
        ("`@Bo` in code", ["Bo"], []),
        ("@here and @here", ["here"], [["@here", True], ["@here", True]]),
        ("谢谢@Bo你好, @Annさん", ["Ann", "Bo"], [["@Bo", False], ["@Ann", True]]),
        ("привет@Bo, @Boб", ["Bo"], []),
        ("@J.R. or @أمل", ["J.R.", "أمل"], [["@J.R.", False], ["@أمل", False]]),
    ],
)
def test_whole_names_are_marked(
    browser: Browser, server: Server, text: str, people: list[str], marked: list[list[object]]
) -> None:
    context = new_window(browser)
    page = context.new_page()
    page.goto(server.url)

    assert page.evaluate(MARKED, ["/web/now/page/timeline/marking.js", text, people]) == marked
    context.close()
