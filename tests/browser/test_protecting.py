"""People ignore somebody, and let nobody write to them directly, on the page."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Comes


def card(page: Page, name: str) -> Locator:
    """Somebody's card, from the list of who is here."""
    page.get_by_role("complementary", name="Who is here").get_by_role("button", name=name).click()
    dialog = page.get_by_role("dialog", name=name)
    expect(dialog).to_be_visible()
    return dialog


def test_who_is_ignored_is_hidden_and_counts_for_nothing_until_they_are_not(comes: Comes, garden: str) -> None:
    ann, bo = comes("Ann").opens(garden).registers(), comes("Bo").opens(garden).registers()
    bo.says("buy this")
    ann.sees("buy this")

    dialog = card(ann.page, bo.name)
    dialog.get_by_role("button", name="Ignore", exact=True).click()
    expect(dialog.get_by_text("You ignore them")).to_be_visible()
    ann.page.keyboard.press("Escape")
    ann.sees_no_more("buy this")
    bo.says("and that")
    log = ann.page.get_by_role("log")
    expect(log.get_by_text("2 messages from people you ignore")).to_be_visible()
    expect(log.get_by_text("and that")).to_have_count(0)

    ann.page.reload()
    expect(log.get_by_text("2 messages from people you ignore")).to_be_visible()
    log.get_by_role("button", name="Show").click()
    ann.sees("buy this")
    ann.sees("and that")

    ann.page.get_by_role("button", name=f"You: {ann.name}").click()
    you = ann.page.get_by_role("dialog")
    you.get_by_role("button", name=f"Stop ignoring {bo.name}").click()
    expect(you.get_by_role("button", name=f"Stop ignoring {bo.name}")).to_have_count(0)
    ann.page.keyboard.press("Escape")
    bo.says("hello again")
    ann.sees("hello again")


def test_nobody_writes_directly_to_who_does_not_want_that(comes: Comes, garden: str) -> None:
    ann, bo = comes("Ann").opens(garden).registers(), comes("Bo").opens(garden).registers()
    ann.page.get_by_role("button", name=f"You: {ann.name}").click()
    box = ann.page.get_by_role("dialog").get_by_role("checkbox", name="People may write to me directly")
    expect(box).to_be_checked()
    box.click()
    expect(box).not_to_be_checked()

    dialog = card(bo.page, ann.name)
    dialog.get_by_role("button", name="Write a direct message").click()
    expect(dialog.get_by_text(f"{ann.name} cannot be reached.")).to_be_visible()
