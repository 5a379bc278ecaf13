"""The main journeys in Firefox too."""

import os
from collections.abc import Iterator

import pytest

from tests.browser.firefox import PROGRAM, Firefox
from tests.conformance.peer import fresh
from tests.live.server import Server

MISSING = "Firefox is not here: `make system` installs it."

ENTER, CONTROL, UP, ESCAPE = "\ue007", "\ue009", "\ue013", "\ue00c"

BOX = "document.getElementById('composer')"


@pytest.fixture(scope="module")
def fox() -> Iterator[Firefox]:
    if PROGRAM is None:
        assert not os.environ.get("CI"), MISSING
        pytest.skip(MISSING)
    with Firefox() as window:
        yield window


@pytest.fixture
def ann(fox: Firefox, server: Server) -> Firefox:
    """Ann, who came into a room of the test's own."""
    fox.opens(f"{server.url}/r/{fresh('garden')}")
    fox.waits(f"{BOX} ?? document.querySelector('input')")
    if not fox.asks(f"() => {BOX} !== null"):
        fox.asks("() => document.querySelector('input').focus()")
        fox.presses("Ann" + ENTER)
    fox.waits(BOX)
    fox.asks(f"() => {BOX}.focus()")
    return fox


def test_firefox_says_edits_and_keeps_what_was_said_over_a_reload(ann: Firefox) -> None:
    ann.presses("Roses are **red**" + ENTER)
    ann.sees("Roses are red", "[role=log] article[data-seq]")  # and stored, so that it can be edited
    ann.presses(UP)
    ann.waits(f"{BOX}.value === 'Roses are **red**'")
    ann.presses(" now" + ENTER)
    ann.sees("Roses are red now", "[role=log]")
    ann.sees("edited", "[role=log]")

    ann.reloads()

    ann.sees("Roses are red now", "[role=log]")


def test_firefox_shapes_what_is_written_and_undoes_it(ann: Firefox) -> None:
    ann.presses("well done :tada:")
    ann.waits(f"{BOX}.value === 'well done 🎉'")
    ann.presses("z", CONTROL)
    ann.waits(f"{BOX}.value === 'well done :tada:'")
    ann.presses("a", CONTROL)
    ann.presses("b", CONTROL)
    ann.waits(f"{BOX}.value === '**well done :tada:**'")
    ann.presses("b", CONTROL)
    ann.waits(f"{BOX}.value === 'well done :tada:'")


def test_firefox_switches_rooms_by_keyboard(ann: Firefox) -> None:
    room = fresh("kitchen")
    ann.presses(f"/join {room}" + ENTER + ENTER)
    ann.waits(f"location.pathname.endsWith('/{room}')")
    ann.sees(room, "main")
    ann.presses("k", CONTROL)
    ann.waits("document.querySelector('dialog[open]')")
    ann.presses(ESCAPE)
    ann.waits("!document.querySelector('dialog[open]')")
