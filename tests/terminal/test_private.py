"""Private and direct rooms in the terminal."""

import re
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


def test_a_room_is_renamed_opened_and_made_out_of_a_conversation(server: Server, room: str, tmp_path: Path) -> None:
    names = fresh("Ann"), fresh("Bo")
    with (
        Person(server.url, names[0], tmp_path / "ann", "--room", room) as ann,
        Person(server.url, names[1], tmp_path / "bo", "--room", room) as bo,
    ):
        for person in (ann, bo):
            person.sees(READY)
            registers(person)
        shed = f"shed-{room}"[:50]
        for person in (ann, bo):
            person.say(f"/join {shed}")
            person.sees(f"── {shed}")
        ann.say(f"/call meadow-{shed}")
        for person in (ann, bo):
            person.sees(f"{names[0]} renamed this room to meadow-{shed}")
            person.toolbar_says(f"meadow-{shed}")
        bo.say("still here")
        ann.sees(f"{names[1]}: still here")

        ann.say(f"/dm {names[1]}")
        ann.say("who brings the cake?")
        bo.sees(f"{names[0]} wrote to you")
        ann.say("/group all Cake")
        ann.sees("── Cake ──")
        bo.sees(f"{names[0]} added you to Cake.")
        bo.say("/switch cake")
        bo.sees("who brings the cake?")

        ann.say(f"/open cake-{shed}")
        ann.sees("Everyone will read all that was ever said here.")
        ann.say(f"/open cake-{shed} yes")
        for person in (ann, bo):
            person.sees(f"{names[0]} opened this room to everyone, as cake-{shed}")


def test_an_invitation_is_a_link_and_a_qr_code(server: Server, room: str, tmp_path: Path) -> None:
    names = fresh("Ann"), fresh("Bo")
    with Person(server.url, names[0], tmp_path / "ann", "--room", room) as ann:
        ann.sees(READY)
        registers(ann)
        ann.say("/private Plans")
        ann.sees("── Plans ──")
        ann.say("/invite 2 limited")
        ann.sees(f"{server.url}/invite/")
        ann.sees("Accounts made with it find only this room.")
        ann.sees("██ █▄▄▄█ █")  # a corner of the code
        ann.say("/invite many")
        ann.sees("For how many people is the link? /invite [N] [limited]")


def test_a_room_is_deleted_and_brought_back_and_so_is_a_message(server: Server, room: str, tmp_path: Path) -> None:
    names = fresh("Ann"), fresh("Bo")
    places = tmp_path / "ann", tmp_path / "bo"
    with (
        Person(server.url, names[0], places[0], "--room", room) as ann,
        Person(server.url, names[1], places[1], "--room", room) as bo,
    ):
        for person in (ann, bo):
            person.sees(READY)
            registers(person)
        ann.say("/private Surprise party")
        ann.sees("── Surprise party ──")
        ann.say(f"/add {names[1]}")
        bo.sees(f"{names[0]} added you to Surprise party.")
        bo.say("/switch surprise party")
        bo.say("something unkind")
        ann.sees(f"{names[1]}: something unkind")
        ann.say("/delete #3")
        undo = taken_back_by(ann, "The message is hidden")
        bo.sees(f"{names[0]} hid 1 message of {names[1]}")
        ann.say(undo)
        bo.sees(f"{names[0]} restored 1 message of {names[1]}")

        ann.say("/destroy surprise party")
        ann.sees("1 message and 2 members go with 'Surprise party'")
        ann.say("/destroy surprise party")
        undo = taken_back_by(ann, "Surprise party is deleted")
        bo.sees(f"{names[0]} deleted the room 'Surprise party'.")
        bo.toolbar_says(room)
        ann.say(undo)
        bo.toolbar_says("Surprise party")
        bo.say("/switch surprise party")
        bo.sees(f"{names[0]} brought this room back")


def taken_back_by(person: Person, what: str) -> str:
    """The command that takes back what was just done."""
    person.sees(f"{what}; /undo ")
    found: list[str] = re.findall(r"/undo [0-9]+", person.everything)
    return found[-1]
