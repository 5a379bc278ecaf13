"""Whether anything can be stored, as load balancers are told it."""

from nexus.ports import Unavailable
from nexus.protocol import commands as c
from tests.world.node import World


def test_a_small_message_that_is_stored_does_not_prove_that_the_disk_has_room() -> None:
    world = World()
    ann = world.member("Ann", "garden")

    def full(reached: str) -> None:
        if reached == "written":
            raise Unavailable("The disk is full.")

    world.store.fail = full
    assert ann.refused(c.Post, room="garden", text="long").code == "unavailable"
    world.clock.advance(10)
    assert world.node.outcomes.trouble == "The disk is full."
    world.store.fail = None
    ann.says("short", "garden")
    assert world.node.outcomes.trouble == "The disk is full."
    world.clock.advance(2)
    assert world.node.outcomes.trouble == ""
