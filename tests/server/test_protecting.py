"""People protect themselves: whom they ignore, and who reaches them; the other notices nothing."""

from typing import Any

import pytest

from nexus.protocol import commands as c
from nexus.protocol.codec import encode
from nexus.protocol.events import Ignored, Posted, Preferred, Read, Renamed, Typing, Unignored
from nexus.protocol.replies import Done, Refused
from nexus.protocol.types import IgnoredInfo, Position, Preferences
from nexus.settings import Mentions
from tests.world.node import World
from tests.world.people import Person


def login(world: World, name: str) -> Person:
    """Another device of someone."""
    person = world.connect(name)
    person.hello(name=name, password="correct horse")
    return person


def ignored(person: Person) -> list[str]:
    """Whom somebody ignores, by name."""
    return [one.name for one in person.ask(c.Ignored).ignored or ()]


def between(ann: Person, name: str) -> str:
    """The room of two, which Ann is in."""
    room = ann.ask(c.Direct, names=[name]).room
    assert room is not None
    ann.join(room.name)
    return room.name


def test_whom_one_ignores_every_device_knows_now_and_when_it_comes_back() -> None:
    world = World()
    ann, _ = world.member("Ann", "garden"), world.member("Bo", "garden")
    second = login(world, "Ann")

    ann.ask(c.Ignore, name="bo")

    told = Ignored(person="a2", name="Bo")
    assert ann.heard(Ignored) == second.heard(Ignored) == [told]
    assert ann.ask(c.Ignored).ignored == [IgnoredInfo("a2", "Bo")]
    ann.ask(c.Ignore, person="a2")
    assert len(second.heard(Ignored)) == 1  # it was so already
    third = world.connect("Ann")
    done = third.hello(name="Ann", password="correct horse")
    assert (done.ignored, done.preferences) == ([IgnoredInfo("a2", "Bo")], Preferences("everyone"))
    third.ask(c.Unignore, person="a2")
    assert ann.heard(Unignored) == second.heard(Unignored) == [Unignored(person="a2", name="Bo")]
    assert ignored(ann) == []


def test_what_the_ignored_say_is_not_counted_and_counts_again_afterwards() -> None:
    world = World()
    ann, bo, cy = (world.member(name, "garden") for name in ("Ann", "Bo", "Cy"))
    seq = cy.says("hello").seq or 0
    ann.ask(c.Read, room="garden", seq=seq)
    bo.says("@Ann look")
    bo.says("@here")
    cy.says("@Ann good day")
    ann.forgets()

    ann.ask(c.Ignore, name="Bo")
    assert [(one.unread, one.mentions) for one in ann.heard(Read)] == [(1, 1)]
    room = (ann.ask(c.Rooms).rooms or [])[0]
    assert (room.unread, room.mentions) == (1, 1)
    ann.ask(c.Unignore, name="Bo")
    assert [(one.unread, one.mentions) for one in ann.heard(Read)][-1] == (3, 3)


def test_only_those_who_ignore_do_without_the_typing_of_somebody() -> None:
    world = World()
    ann, bo, cy = (world.member(name, "garden") for name in ("Ann", "Bo", "Cy"))
    ann.ask(c.Ignore, name="Bo")
    bo.ask(c.Typing, room="garden")
    assert (ann.heard(Typing), [one.by for one in cy.heard(Typing)]) == ([], ["Bo"])
    bo.says("hello")
    assert ann.texts() == cy.texts() == ["hello"]  # what is said goes one way for all; clients hide it


def test_somebody_who_is_ignored_is_followed_under_every_name() -> None:
    world = World()
    ann, bo = world.member("Ann"), world.member("Bo", "garden")
    ann.ask(c.Ignore, name="Bo")
    bo.ask(c.Rename, name="Zoe")
    assert ann.heard(Renamed) == [Renamed(from_="Bo", to="Zoe")]
    assert ignored(ann) == ["Zoe"]


def test_a_guest_ignores_and_is_ignored_for_as_long_as_the_session_lasts() -> None:
    world = World()
    cy, dot = world.guest("Cy", "garden"), world.guest("Dot", "garden")
    person = next(one.person for one in cy.ask(c.Who, room="garden").members or () if one.name == "Dot")
    cy.ask(c.Ignore, person=person)
    dot.says("@Cy hello")
    assert cy.ask(c.Ignored).ignored == [IgnoredInfo(person, "Dot", guest=True)]
    cy.drops()
    again = world.connect("Cy")
    done = again.hello(session=cy.secret, resume={"garden": Position(0)})
    assert done.ignored == [IgnoredInfo(person, "Dot", guest=True)]
    assert [(room.unread, room.mentions) for room in done.rooms or ()] == [(0, 0)]
    dot.ask(c.Logout)
    assert ignored(again) == []


def test_one_cannot_ignore_oneself_nor_nobody() -> None:
    ann = World().member("Ann")
    assert ann.refused(c.Ignore, name="Ann").code == "bad_request"
    assert ann.refused(c.Ignore, name="Nobody").code == "not_found"
    assert ann.refused(c.Ignore).code == "bad_request"


def test_an_erased_account_is_ignored_by_nobody() -> None:
    world = World()
    ann, bo = world.member("Ann", "garden"), world.member("Bo", "garden")
    ann.ask(c.Ignore, name="Bo")
    bo.ask(c.Erase, password="correct horse")
    assert [one.person for one in ann.heard(Unignored)] == ["a2"]
    assert ignored(ann) == []


# --- what the other notices ------------------------------------------------------------------------

EVERYTHING: list[tuple[type[c.Command], dict[str, Any]]] = [
    (c.Post, {"room": "garden", "text": "hello @Ann"}),
    (c.Typing, {"room": "garden"}),
    (c.React, {"room": "garden", "seq": 3, "emoji": "👍"}),
    (c.Who, {"room": "garden"}),
    (c.Rooms, {}),
    (c.History, {"room": "garden"}),
    (c.Search, {"query": "from:Ann"}),
    (c.Why, {"verb": "post", "room": "garden"}),
    (c.Ignored, {}),
    (c.Rename, {"name": "Bob"}),
]
DIRECTLY: list[tuple[type[c.Command], dict[str, Any]]] = [
    (c.Direct, {"names": ["Ann"]}),
    (c.Direct, {"names": ["ann", "Cy"]}),
    (c.Direct, {"names": ["Nobody"]}),
    (c.Post, {"room": "BETWEEN", "text": "hello"}),
    (c.Edit, {"room": "BETWEEN", "seq": 1, "text": "hello again"}),
    (c.React, {"room": "BETWEEN", "seq": 1, "emoji": "👍"}),
    (c.Pin, {"room": "BETWEEN", "seq": 1}),
    (c.Typing, {"room": "BETWEEN"}),
    (c.Create, {"kind": "private", "title": "Plans", "from_": "BETWEEN"}),
    (c.Why, {"verb": "direct", "target": "a1"}),
    (c.Why, {"verb": "post", "room": "BETWEEN"}),
    (c.History, {"room": "BETWEEN"}),
    (c.Who, {"room": "BETWEEN"}),
    (c.Delete, {"room": "BETWEEN", "seq": 1}),
    (c.Leave, {"room": "BETWEEN"}),
]


def told(how: str, commands: list[tuple[type[c.Command], dict[str, Any]]]) -> list[str]:
    """All that Bo is told who tries everything, in a world where Ann protects herself from him so."""
    world = World()
    ann, bo, cy = (world.member(name, "garden") for name in ("Ann", "Bo", "Cy"))
    room = between(bo, "Ann")
    bo.says("good day", room)
    if "ignore" in how:
        ann.ask(c.Ignore, name="Bo")
    if "off" in how:
        ann.ask(c.Prefer, directs="nobody")
    bo.forgets()
    cy.says("hello all")
    said = [bo.reply(bo.sends(kind, **fields | _at(room, fields))) for kind, fields in commands]
    ann.says("hello to you too")
    frames = [encode(one).decode() for one in [*said, *bo.frames]]
    return [one.replace(room, "BETWEEN") for one in frames]


def _at(room: str, fields: dict[str, Any]) -> dict[str, str]:
    return {name: room for name, value in fields.items() if value == "BETWEEN"}


def test_the_ignored_notice_nothing_in_any_room_that_others_are_in() -> None:
    assert told("", EVERYTHING) == told("ignore", EVERYTHING) == told("off", EVERYTHING)


def test_who_does_not_reach_somebody_cannot_tell_why() -> None:
    ignoring = told("ignore", DIRECTLY)
    assert ignoring == told("off", DIRECTLY) == told("ignore and off", DIRECTLY)
    assert ignoring != told("", DIRECTLY)
    assert "Ann cannot be reached." in ignoring[0]
    assert "Nobody cannot be reached." in ignoring[2]


@pytest.mark.parametrize("how", [(c.Ignore, {"name": "Bo"}), (c.Prefer, {"directs": "nobody"})])
def test_a_direct_message_on_its_way_behind_the_refusal_is_not_stored(how: tuple[type[c.Command], Any]) -> None:
    world = World()
    ann, bo = world.member("Ann"), world.member("Bo")
    room = between(bo, "Ann")
    world.threads.held = True
    kind, fields = how
    ann.sends(kind, **fields)
    for _ in range(2):  # whom it is about is read, and what was unread
        world.settle()
        world.threads.release()
    world.settle()
    posting = bo.sends(c.Post, room=room, text="too late", nonce="n")
    world.threads.held = False
    world.threads.release()
    world.settle()
    reply = bo.reply(posting)
    assert isinstance(reply, Refused)
    assert (reply.code, reply.message) == ("not_found", "Ann cannot be reached.")


def test_all_devices_know_who_reaches_one_and_it_can_be_switched_on_again() -> None:
    world = World()
    ann, bo = world.member("Ann"), world.member("Bo")
    second = login(world, "Ann")
    assert ann.ask(c.Prefer, directs="nobody").preferences == Preferences("nobody")
    assert second.heard(Preferred) == [Preferred(directs="nobody")]
    assert login(world, "Ann").refused(c.Direct, names=["Bo"]).code == "forbidden"
    assert bo.refused(c.Direct, names=["Ann"]).code == "not_found"
    ann.ask(c.Prefer, directs="everyone")
    assert bo.ask(c.Direct, names=["Ann"]).room is not None
    assert world.guest("Cy").refused(c.Prefer, directs="nobody").code == "forbidden"


def test_here_of_those_whom_the_setting_does_not_name_is_only_text() -> None:
    world = World(mentions=Mentions(here="members"))
    ann, cy = world.member("Ann", "garden"), world.guest("Cy", "garden")
    cy.says("@here buy this")
    ann.says("@here good day")
    assert [(one.text, one.here) for one in ann.heard(Posted)] == [("@here buy this", False), ("@here good day", True)]
    assert [(room.unread, room.mentions) for room in ann.ask(c.Rooms).rooms or ()] == [(1, 0)]


@pytest.mark.parametrize("steps", range(12))
def test_a_device_that_comes_at_the_same_moment_knows_whom_one_ignores(steps: int) -> None:
    world = World()
    ann, _ = world.member("Ann", "garden"), world.member("Bo", "garden")
    second = world.connect("Ann")
    world.threads.held = True
    greeting = second.sends(c.Hello, name="Ann", password="correct horse")
    for _ in range(steps):
        world.threads.work()
        world.threads.arrive()
        world.settle()
    world.threads.work()  # what this one found is on its way, and not there yet
    world.threads.held = False

    ignoring = ann.sends(c.Ignore, name="Bo")
    world.settle()
    world.threads.release()

    assert isinstance(ann.reply(ignoring), Done)
    done = second.reply(greeting)
    assert isinstance(done, Done)
    assert "Bo" in [one.name for one in [*(done.ignored or ()), *second.heard(Ignored)]]
    assert second.session is not None
    assert second.session.ignoring == {2}
