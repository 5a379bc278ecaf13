"""What `why` says is what the verbs do: every command is tried by everyone who may stand anywhere."""

from typing import Any

import pytest
from msgspec.structs import replace

from nexus.core.rights import RIGHTS
from nexus.protocol import commands as c
from nexus.protocol.codec import COMMANDS
from nexus.protocol.replies import Refused
from nexus.protocol.types import Position
from tests.world.node import World
from tests.world.people import Person

ROOM, OWN, TARGET = "ROOM", "OWN", "TARGET"

IN_ROOMS: dict[str, dict[str, Any]] = {
    "join": {},
    "leave": {},
    "post": {"text": "hello"},
    "edit": {"seq": OWN, "text": "hello again"},
    "delete": {"seq": OWN},
    "react": {"seq": OWN, "emoji": "👍"},
    "unreact": {"seq": OWN, "emoji": "👍"},
    "pin": {"seq": OWN},
    "unpin": {"seq": OWN},
    "pins": {},
    "replies": {"seq": 1},
    "history": {},
    "search": {"query": "hello"},
    "typing": {},
    "read": {"seq": 1},
    "level": {"level": "nothing"},
    "who": {},
    "configure": {"topic": "Bulbs"},
    "add": {"name": "Eve"},
    "remove": {"person": TARGET},
    "promote": {"person": TARGET, "role": "member"},
    "invite": {},
    "invites": {},
    "purge": {"person": TARGET, "since": 0},
    "destroy": {"confirm": True},
    "report": {"seq": 1},
}
"""What each command says beside the room."""

ON_THE_SERVER: dict[str, dict[str, Any]] = {
    "rooms": {},
    "ping": {},
    "rename": {"name": "Zoe"},
    "logout": {},
    "search": {"query": "hello"},
    "create": {"room": "shed"},
    "ignore": {"person": TARGET},
    "unignore": {"person": TARGET},
    "ignored": {},
    "why": {"verb": "ping"},
    "direct": {"names": ["Eve"]},
    "accept": {"code": "none"},
    "password": {"old": "correct horse", "new": "correct horse too"},
    "erase": {"password": "correct horse"},
    "logins": {},
    "revoke": {"login": "9"},
    "prefer": {"directs": "nobody"},
    "bot": {"name": "Dash"},
    "bots": {},
    "unbot": {"name": "Dash"},
    "register": {"name": "Zoe", "password": "correct horse"},
    "login": {"name": "Eve", "password": "correct horse"},
    "mute": {"person": TARGET},
    "unmute": {"person": TARGET},
    "ban": {"person": TARGET},
    "limit": {"person": TARGET},
    "unlimit": {"person": TARGET},
    "unban": {"ban": 9},
    "bans": {},
    "purge": {"person": TARGET, "since": 0, "everywhere": True},
    "restore": {"act": 9},
    "pause": {},
    "acts": {},
    "undo": {"act": 9},
    "reports": {},
    "settle": {"report": 9},
    "promote": {"person": TARGET, "role": "member"},
    "invite": {},
    "invites": {},
}
BEYOND = {"hello", "uninvite"}
"""Said when nobody can ask yet; and of an invitation, which is found by its maker or is not there."""

PLACES = ("guest", "stranger", "member", "moderator", "owner", "server moderator", "admin", "bot")
INSIDE = ("member", "moderator", "owner", "bot")
KINDS = ("open", "private", "direct")
TRIES = [(kind, place) for kind in KINDS for place in PLACES if kind == "open" or place != "guest"]


class Scene:
    """A room with Ann, who owns it, and Bo, who belongs to it; and Cy, who stands somewhere."""

    def __init__(self, kind: str, place: str) -> None:
        self.world = World()
        self.ann, self.bo = self.world.member("Ann"), self.world.member("Bo")
        self.cy = self.world.guest("Cy") if place == "guest" else self.world.member("Cy")
        self.world.member("Eve")
        self.room = self._room(kind, inside=place in INSIDE)
        self.own = self._own_message(kind, place)
        self._stand(kind, place)

    def _room(self, kind: str, *, inside: bool) -> str:
        if kind == "open":
            self.ann.join("garden")
            self.bo.join("garden")
            return "garden"
        if kind == "private":
            made = self.ann.ask(c.Create, kind="private", title="Plans").room
            assert made is not None
            for name in ["Bo"] + ["Cy"] * inside:
                self.ann.ask(c.Add, room=made.name, name=name)
        else:
            made = self.ann.ask(c.Direct, names=["Bo"] + ["Cy"] * inside).room
            assert made is not None
        self.ann.join(made.name)
        self.ann.says("good day", made.name)  # with which the others learn of a direct room
        self.bo.join(made.name)
        return made.name

    def _own_message(self, kind: str, place: str) -> int:
        """A message of Cy's, where they may be in the room; they may have left it since."""
        self.ann.says("hello", self.room)
        if kind != "open" and place not in INSIDE:
            return 1
        self.cy.join(self.room)
        seq = self.cy.says("hello", self.room).seq or 0
        self.cy.ask(c.React, room=self.room, seq=seq, emoji="👍")
        if place != "guest":
            self.cy.ask(c.Pin, room=self.room, seq=seq)
        return seq

    def _stand(self, kind: str, place: str) -> None:
        """Cy is what they are to be."""
        if place in ("stranger", "server moderator", "admin") and kind == "open":
            self.cy.ask(c.Leave, room=self.room)
        if place in ("moderator", "owner") and kind != "direct":
            owner = 1
            self.world.durable.places[self._id(), owner + 2] = place
            assert self.cy.session is not None
            self.cy.session.member_of[self._id()] = place
        role = {"server moderator": "moderator"}.get(place, place)
        if place in ("server moderator", "admin", "bot"):
            account = self.world.durable.accounts[3]
            owner = 2 if place == "bot" else 0
            self.world.durable.accounts[3] = replace(account, role=role, owner=owner)
            assert self.cy.session is not None
            self.cy.session.role, self.cy.session.owner = role, owner

    def _id(self) -> int:
        return next(id for id, row in self.world.durable.rooms.items() if row.name == self.room)

    def says(self, verb: str, fields: dict[str, Any], *, room: bool) -> Any:
        """The reply to a command of Cy's."""
        given = {"OWN": self.own, "TARGET": "a2"}
        said = {name: given.get(value, value) if isinstance(value, str) else value for name, value in fields.items()}
        return self.cy.reply(self.cy.sends(COMMANDS[verb], **said | ({"room": self.room} if room else {})))

    def asks(self, verb: str, *, room: bool) -> Any:
        """What `why` says to Cy of the same."""
        fields: dict[str, Any] = {"verb": verb} | ({"room": self.room} if room else {})
        if "TARGET" in (IN_ROOMS if room else ON_THE_SERVER)[verb].values():
            fields["target"] = "a2"
        return self.cy.reply(self.cy.sends(c.Why, **fields))


def test_every_command_is_tried() -> None:
    assert IN_ROOMS.keys() | ON_THE_SERVER.keys() | BEYOND == RIGHTS.keys() == COMMANDS.keys()


@pytest.mark.parametrize(("kind", "place"), TRIES)
def test_in_a_room_everyone_may_what_they_are_told_that_they_may(kind: str, place: str) -> None:
    for verb, fields in IN_ROOMS.items():
        asked, tried = Scene(kind, place).asks(verb, room=True), Scene(kind, place).says(verb, fields, room=True)
        assert_agree(f"{verb} as {place} in a room that is {kind}", asked, tried)


@pytest.mark.parametrize("place", ["guest", "stranger", "server moderator", "admin", "bot"])
def test_on_the_server_everyone_may_what_they_are_told_that_they_may(place: str) -> None:
    for verb, fields in ON_THE_SERVER.items():
        asked, tried = Scene("open", place).asks(verb, room=False), Scene("open", place).says(verb, fields, room=False)
        assert_agree(f"{verb} as {place}", asked, tried)


def assert_agree(what: str, asked: Any, tried: Any) -> None:
    """A command is refused for its right where `why` says so, and only there."""
    if isinstance(asked, Refused):
        assert asked.code == "not_found", (what, asked)
        assert isinstance(tried, Refused), (what, tried)
        assert tried.code in ("not_found", "not_joined", "forbidden"), (what, tried)
        return
    if asked.allowed:
        assert getattr(tried, "code", "") not in ("forbidden", "not_joined"), (what, asked.why, tried)
    else:
        assert isinstance(tried, Refused), (what, asked.why, tried)
        assert tried.code in ("forbidden", "not_joined", "bad_request", "not_found"), (what, asked.why, tried)


# --- for others, and in words ----------------------------------------------------------------------


def why(asker: Person, verb: str, **fields: Any) -> tuple[bool | None, str | None]:
    done = asker.ask(c.Why, verb=verb, **fields)
    return done.allowed, done.why


def test_why_answers_in_a_sentence() -> None:
    world = World()
    ann, cy = world.member("Ann", "garden"), world.guest("Cy", "garden")
    assert why(cy, "post", room="garden") == (True, "You may: anyone in the room who may talk there.")
    assert why(cy, "logins") == (False, "This needs an account; log in, or register if you may.")
    assert why(ann, "mute") == (False, "Only the moderators of this server may do that.")
    assert ann.refused(c.Why, verb="post").code == "bad_request"
    assert ann.refused(c.Why, verb="dance").code == "bad_request"


def test_moderators_ask_about_others_and_nobody_else_does() -> None:
    world = World()
    ann, bo, cy = world.member("Ann", "garden"), world.member("Bo", "garden"), world.member("Cy")
    for person, role in ((ann, "admin"), (cy, "member")):
        assert person.session is not None
        person.session.role = role
    world.durable.accounts[1] = type(world.durable.accounts[1])(1, "Ann", "admin", world.durable.accounts[1].hash)
    told = "Cy would be told: You are not in the room 'garden'; join it first."
    assert why(ann, "post", room="garden", person="a3") == (False, told)
    ann.ask(c.Mute, name="Bo", minutes=5)
    allowed, said = why(ann, "post", room="garden", person="a2")
    assert (allowed, "muted" in str(said)) == (False, True)
    assert why(ann, "pin", room="garden", person="a1")[0] is True
    assert bo.refused(c.Why, verb="post", room="garden", person="a3").code == "forbidden"
    assert why(bo, "post", room="garden", person="a2")[0] is False


def test_what_moderators_are_told_says_nothing_of_whom_somebody_ignores() -> None:
    world = World()
    ann, bo, _ = world.member("Ann"), world.member("Bo"), world.member("Cy")
    assert ann.session is not None
    ann.session.role = "admin"
    before = why(ann, "direct", person="a3", target="a2")
    bo.ask(c.Ignore, name="Cy")
    bo.ask(c.Prefer, directs="nobody")
    assert why(ann, "direct", person="a3", target="a2") == before == (True, f"Cy may: {RIGHTS['direct'].who}.")


def test_of_a_room_that_one_may_not_find_nothing_is_said() -> None:
    world = World()
    ann, cy = world.member("Ann"), world.member("Cy")
    room = ann.ask(c.Create, kind="private", title="Plans").room
    assert room is not None
    ann.join(room.name)
    assert cy.session is not None
    cy.session.role = "admin"
    for verb in IN_ROOMS:
        known, unknown = (cy.refused(c.Why, verb=verb, room=name) for name in (room.name, f"p-{'a' * 20}"))
        assert (known.code, unknown.code) == ("not_found", "not_found")
        assert known.message.replace(room.name, "") == unknown.message.replace(f"p-{'a' * 20}", "")
    ann.drops()
    assert cy.refused(c.Join, room=room.name, after=Position(0)).code == "not_found"
