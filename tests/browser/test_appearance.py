"""How the page looks in this browser: its colours and the size of its text, also after a reload and in other tabs."""

from playwright.sync_api import expect

from tests.browser.person import Person

PAPER = "getComputedStyle(document.querySelector('main.room')).backgroundColor"
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(26, 28, 31)"


def opens_settings(person: Person) -> None:
    """What one chooses for this browser."""
    person.page.get_by_role("button", name=f"You: {person.name}").click()
    expect(person.page.get_by_role("dialog")).to_be_visible()


def paper(person: Person) -> str:
    """The colour behind the messages."""
    found: str = person.page.evaluate(PAPER)
    return found


def test_the_colours_are_the_systems_unless_others_are_chosen(ann: Person) -> None:
    ann.page.emulate_media(color_scheme="dark")
    assert paper(ann) == DARK
    opens_settings(ann)
    ann.page.get_by_role("combobox", name="Colours").select_option("Light")
    assert paper(ann) == LIGHT
    ann.page.reload()
    ann.is_in(ann.room)
    assert paper(ann) == LIGHT, "It stays so."

    ann.page.emulate_media(color_scheme="light")
    opens_settings(ann)
    ann.page.get_by_role("combobox", name="Colours").select_option("Dark")
    assert paper(ann) == DARK
    ann.page.get_by_role("combobox", name="Colours").select_option("As the system has them")
    assert paper(ann) == LIGHT


def test_text_can_be_larger(ann: Person) -> None:
    ann.says("hello")
    ann.sees("hello")
    before = ann.message("hello").bounding_box()
    opens_settings(ann)
    ann.page.get_by_role("combobox", name="Text size").select_option("Larger")
    ann.page.keyboard.press("Escape")
    after = ann.message("hello").bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] > 1.15 * before["height"]
    ann.page.reload()
    ann.is_in(ann.room)
    assert ann.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    opens_settings(ann)
    ann.page.get_by_role("combobox", name="Text size").select_option("Normal")
    assert ann.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "16px"
