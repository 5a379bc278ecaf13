"""A session whose connection dropped waits for its grace time, and is there for whoever comes back in it."""

from nexus.protocol import commands as c
from nexus.protocol.replies import Done
from nexus.protocol.types import Position
from tests.world.node import World


def test_a_hello_that_takes_longer_than_the_grace_time_that_was_left_resumes_all_the_same() -> None:
    world = World()
    bo = world.guest("Bo", "garden")
    bo.drops()
    world.clock.advance(world.settings.session.grace - 1)
    again = world.connect("Bo")
    world.threads.held = True
    ref = again.sends(c.Hello, session=bo.secret, resume={"garden": Position(0, 0)})
    world.clock.advance(2)
    world.threads.held = False
    world.threads.release()
    world.settle()

    reply = again.reply(ref)

    assert isinstance(reply, Done)
    assert reply.you is not None
    assert reply.you.name == "Bo"
