"""Private and direct rooms in the terminal."""

from pathlib import Path

from tests.conformance.peer import fresh
from tests.live.server import Server
from tests.terminal.screen import ENTER, Person

READY = "Type and press Enter."


def registers(person: Person) -> None:
    """Have an account."""
    person.say("/register")
    for question in ("Choose a password:", "Once more:"):
        person.sees(question)
        person.type("correct horse" + ENTER)
    person.sees("You have an account now")


def test_two_people_talk_by_themselves_and_then_in_a_private_room(server: Server, room: str, tmp_path: Path) -> None:
    names = fresh("Ann"), fresh("Bo")
    places = tmp_path / "ann", tmp_path / "bo"
    with (
        Person(server.url, names[0], places[0], "--room", room) as ann,
        Person(server.url, names[1], places[1], "--room", room) as bo,
    ):
        for person in (ann, bo):
            person.sees(READY)
            registers(person)
        ann.say(f"/dm {names[1]}")
        ann.sees(f"── {names[1]} ──")
        ann.say("just between us")
        bo.sees(f"{names[0]} wrote to you")
        bo.say(f"/switch {names[0]}")
        bo.sees(f"{names[0]}: just between us")

        ann.say("/private Surprise party")
        ann.sees("── Surprise party ──")
        ann.say(f"/add {names[1]}")
        bo.sees(f"{names[0]} added you to Surprise party.")
        bo.say("/switch surprise party")
        bo.say("a cake?")
        ann.sees(f"{names[1]}: a cake?")
        ann.say(f"/role {names[1]} moderator")
        bo.sees(f"{names[1]} is a moderator of this room now")
        ann.say(f"/remove {names[1]} it is for you")
        bo.sees(f"{names[0]} took you out of 'Surprise party' (it is for you).")
        bo.toolbar_says(room)
        assert "Surprise party" not in bo.toolbar
