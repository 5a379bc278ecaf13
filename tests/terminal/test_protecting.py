"""People ignore somebody in the terminal, switch direct messages off, and ask what they may."""

from pathlib import Path

from tests.conformance.peer import fresh
from tests.live.server import Server
from tests.terminal.screen import Person
from tests.terminal.test_private import READY, registers


def test_somebody_is_ignored_and_does_not_reach_one(server: Server, room: str, tmp_path: Path) -> None:
    names = fresh("Ann"), fresh("Bo")
    places = tmp_path / "ann", tmp_path / "bo"
    with (
        Person(server.url, names[0], places[0], "--room", room) as ann,
        Person(server.url, names[1], places[1], "--room", room) as bo,
    ):
        for person in (ann, bo):
            person.sees(READY)
            registers(person)
        ann.say("/ignored")
        ann.sees("You ignore nobody.")
        ann.say(f"/ignore {names[1]}")
        ann.sees(f"You ignore {names[1]}, who is not told")
        bo.say("buy this")
        bo.sees(f"{names[1]}: buy this")
        ann.sees("… a message of someone you ignore")
        assert "buy this" not in ann.everything
        bo.say(f"/dm {names[0]}")
        bo.sees(f"{names[0]} cannot be reached.")

        ann.say(f"/unignore {names[1]}")
        ann.sees(f"You do not ignore {names[1]} any more.")
        ann.say("/directs off")
        ann.sees("Nobody writes to you directly any more.")
        bo.say(f"/dm {names[0]}")
        bo.until(lambda: bo.count(f"{names[0]} cannot be reached.") == 2)
        bo.say("/why /silence")
        bo.sees("Only the moderators of this server may do that.")
        bo.say("/why post")
        bo.sees("You may: anyone in the room who may talk there.")


def test_a_hidden_message_is_shown_to_who_asks_for_it(server: Server, room: str, tmp_path: Path) -> None:
    names = fresh("Ann"), fresh("Bo")
    with (
        Person(server.url, names[0], tmp_path / "ann", "--room", room) as ann,
        Person(server.url, names[1], tmp_path / "bo", "--room", room) as bo,
    ):
        for person in (ann, bo):
            person.sees(READY)
        ann.say(f"/ignore {names[1]}")
        ann.sees(f"You ignore {names[1]}")
        bo.say("buy this")
        ann.sees("… a message of someone you ignore")
        ann.say("/show")
        ann.sees("Give /show the #N of one.")
        ann.say("/show #1")
        ann.sees("buy this")
