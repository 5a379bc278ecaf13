"""A session whose connection dropped waits for its grace time, and is there for a person who comes back in it."""

import pytest

from nexus.protocol import commands as c
from nexus.protocol.replies import Done
from nexus.protocol.types import Position
from tests.world.node import World


@pytest.mark.parametrize("seconds", [2, 200])
def test_a_hello_that_takes_longer_than_the_grace_time_resumes_all_the_same(seconds: int) -> None:
    world = World()
    bo = world.guest("Bo", "garden")
    bo.drops()
    world.clock.advance(world.settings.session.grace - 1)
    again = world.connect("Bo")
    world.threads.held = True
    ref = again.sends(c.Hello, session=bo.secret, resume={"garden": Position(0, 0)})
    world.clock.advance(seconds)
    world.threads.held = False
    world.threads.release()
    world.settle()

    reply = again.reply(ref)

    assert isinstance(reply, Done)
    assert reply.you is not None
    assert reply.you.name == "Bo"


def test_after_a_hello_that_failed_the_session_ends_with_its_grace_time() -> None:
    world = World()
    bo = world.guest("Bo", "garden")
    bo.drops()
    again = world.connect("Bo")
    world.threads.held = True
    again.sends(c.Hello, session=bo.secret, resume={"garden": Position(0, 0)})
    again.drops()
    world.threads.held = False
    world.threads.release()
    world.settle()

    world.clock.advance(world.settings.session.grace + 1)

    assert len(world.node.sessions) == 0
