"""People take their data along, and give their account up, on the page."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from nexus.core.people import FORMER_NAME
from tests.browser.conftest import Comes


@pytest.mark.parametrize("remove", [False, True])
def test_an_account_is_deleted_with_or_without_its_messages(comes: Comes, garden: str, *, remove: bool) -> None:
    ann, bo = comes("Ann").opens(garden).registers(), comes("Bo").opens(garden)
    ann.says("so long")
    bo.sees("so long")
    ann.page.get_by_role("button", name=f"You: {ann.name}").click()
    ann.page.get_by_role("button", name="Delete my account").click()
    dialog = ann.page.get_by_role("dialog", name="Delete my account")

    dialog.get_by_label("Current password").fill("wrong horse")
    dialog.get_by_role("button", name="Delete it for good").click()
    expect(dialog.get_by_text("That is not your password; nothing was changed.")).to_be_visible()
    dialog.get_by_label("Current password").fill("correct horse")
    if remove:
        dialog.get_by_label("Also delete all my messages").check()
    dialog.get_by_role("button", name="Delete it for good").click()

    expect(ann.page.get_by_role("textbox", name="Your name")).to_be_visible()
    expect(ann.page.get_by_role("dialog")).to_have_count(0)
    bo.page.reload()
    expect(bo.page.get_by_role("log").get_by_text(FORMER_NAME).first).to_be_visible()
    if remove:
        bo.sees_no_more("so long")
    else:
        bo.sees("so long")


def test_what_there_is_of_a_person_is_downloaded(comes: Comes, garden: str, tmp_path: Path) -> None:
    ann, bo = comes("Ann").opens(garden).registers(), comes("Bo").opens(garden)
    for text in ("first", "second"):
        ann.says(text)
        bo.sees(text)
    bo.says("not hers")
    ann.sees("not hers")
    ann.page.get_by_role("button", name=f"You: {ann.name}").click()

    ann.page.get_by_role("button", name="Download my data").click()
    with ann.page.expect_download() as started:
        ann.page.get_by_role("link", name=f"Save {ann.name}.jsonl").click()
    started.value.save_as(tmp_path / "mine.jsonl")

    about, *said = [json.loads(line) for line in (tmp_path / "mine.jsonl").read_text("utf-8").splitlines()]
    assert (about["type"], about["name"]) == ("account", ann.name)
    assert (about["directs"], about["ignored"]) == ("everyone", [])
    assert garden in [room["name"] for room in about["rooms"]]
    assert [event["text"] for event in said] == ["second", "first"]
