"""Anyone who is a moment too fast waits for that moment; anyone who would have to wait for longer is refused."""

from nexus.protocol import commands as c
from nexus.protocol.replies import Done, Refused
from nexus.settings import Pace
from tests.world.node import World

BRISK = Pace(posts=20, posts_burst=1, commands=50, commands_burst=2, address=0, logins=0)


def test_a_message_that_comes_a_moment_too_fast_is_stored_a_moment_later() -> None:
    world = World(pace=BRISK)
    ann = world.guest("Ann", "garden")
    refs = [ann.sends(c.Post, room="garden", text=f"m{number}") for number in range(4)]
    world.settle()
    assert ann.texts() == ["m0"]
    world.clock.advance(0.06)
    assert ann.texts() == ["m0", "m1"]
    world.clock.advance(0.2)
    assert ann.texts() == ["m0", "m1", "m2", "m3"]
    assert all(isinstance(ann.reply(ref), Done) for ref in refs)


def test_so_does_any_other_command_and_all_keep_their_order() -> None:
    world = World(pace=BRISK)
    ann = world.guest("Ann", "garden")
    ann.forgets()
    refs = [ann.sends(c.Ping), ann.sends(c.Post, room="garden", text="m0"), ann.sends(c.Ping), ann.sends(c.Ping)]
    world.settle()
    assert len(ann.heard(Done)) < len(refs)
    world.clock.advance(0.1)
    assert [done.ref for done in ann.heard(Done)] == refs


def test_anyone_who_is_gone_by_then_says_nothing_more() -> None:
    world = World(pace=BRISK)
    ann = world.guest("Ann", "garden")
    ann.says("m0")
    ann.sends(c.Post, room="garden", text="m1")
    ann.drops()
    world.clock.advance(1)
    assert world.guest("Bo", "garden").texts() == ["m0"]


def test_anyone_who_waited_and_finds_the_address_used_up_by_others_is_refused() -> None:
    world = World(pace=Pace(posts=0, commands=0, address=20, address_burst=1, logins=0))
    people = [world.guest(f"Guest{number}", "garden") for number in range(4)]
    refs = [person.sends(c.Post, room="garden", text="x") for person in people]
    world.clock.advance(0.06)
    replies = [person.reply(ref) for person, ref in zip(people, refs, strict=True)]
    assert [type(reply) for reply in replies] == [Done, Done, Refused, Refused]
    assert [getattr(reply, "code", "") for reply in replies[2:]] == ["too_fast"] * 2
