"""Verbs for anyone who asks without a conversation, as an API or a bot will."""

from collections.abc import Coroutine
from typing import Any

import pytest

from nexus.core.pace import Bucket
from nexus.core.speaker import Budget, Speaker
from nexus.protocol import commands as c
from nexus.protocol.codec import encode
from nexus.protocol.events import Posted, Typing
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.server.later import start
from tests.world.node import World


def speaker(world: World, name: str, *rooms: str, burst: int = 3) -> Speaker:
    """An account without a conversation, which belongs to rooms."""
    account = world.durable.keys[True, name.lower()]
    one = Speaker(account, name, "member", Budget(Bucket(2, burst, 0), Bucket(0, 1, 0), Bucket(0, 1, 0)))
    one.member_of = {world.durable.rooms_by_key[room]: "member" for room in rooms}
    return one


def ask(world: World, one: Speaker, command: c.AnyCommand) -> Done:
    """What comes of a command, once everything has settled."""
    replies: list[Done | Refusal] = []

    async def asking(verb: Coroutine[Any, None, Done]) -> None:
        try:
            replies.append(await verb)
        except Refusal as refusal:
            replies.append(refusal)

    start(asking(world.chat.ask(one, command)))
    world.settle()
    (reply,) = replies
    if isinstance(reply, Refusal):
        raise reply
    return reply


@pytest.fixture
def world() -> World:
    """The garden, in which Bo listens; Ann, who belongs to it, has gone."""
    world = World()
    world.member("Ann", "garden").drops()
    world.guest("Bo", "garden")
    return world


def test_a_message_is_stored_and_seen_and_its_nonce_is_known(world: World) -> None:
    cy, ann = world.guest("Cy", "garden"), speaker(world, "Ann", "garden")

    first = ask(world, ann, c.Post(ref=1, room="garden", text="hello", nonce="n1"))
    again = ask(world, ann, c.Post(ref=2, room="garden", text="hello", nonce="n1"))

    assert (again.seq, again.at) == (first.seq, first.at)
    assert [(one.by, one.guest, one.text) for one in cy.heard(Posted)] == [("Ann", False, "hello")]
    with pytest.raises(Refusal, match="nonce belongs to your message"):
        ask(world, ann, c.Post(ref=3, room="garden", text="goodbye", nonce="n1"))


def test_in_a_slowed_room_they_wait_as_everyone_does(world: World) -> None:
    dot = world.member("Dot")
    dot.ask(c.Create, room="shed")
    dot.join("shed")
    dot.ask(c.Configure, room="shed", slow=30)
    one = speaker(world, "Ann", "shed")
    world.durable.members[world.durable.rooms_by_key["shed"], one.author] = 0

    first = ask(world, one, c.Post(ref=1, room="shed", text="hello", nonce="n1"))

    assert ask(world, one, c.Post(ref=2, room="shed", text="hello", nonce="n1")).seq == first.seq
    with pytest.raises(Refusal, match="everybody waits 30 s between two messages; wait 30 s more") as refused:
        ask(world, one, c.Post(ref=3, room="shed", text="and more", nonce="n2"))
    assert (refused.value.code, refused.value.retry_after) == ("too_fast", 30)


def test_a_message_can_be_edited_and_read_back(world: World) -> None:
    ann = speaker(world, "Ann", "garden")
    seq = ask(world, ann, c.Post(ref=1, room="garden", text="helo")).seq
    assert seq is not None

    ask(world, ann, c.Edit(ref=2, room="garden", seq=seq, text="hello"))

    page = ask(world, ann, c.History(ref=3, room="garden"))
    assert b'"text":"hello"' in encode(page)
    assert b"helo" not in encode(page)


def test_only_members_say_something(world: World) -> None:
    cy, ann = world.guest("Cy", "garden"), speaker(world, "Ann")

    for command in (
        c.Post(ref=1, room="garden", text="hello"),
        c.Typing(ref=2, room="garden"),
        c.Configure(ref=3, room="garden", topic="Roses"),
    ):
        with pytest.raises(Refusal) as refused:
            ask(world, ann, command)
        assert refused.value.code == "not_joined"
    assert not cy.heard(Typing)


def test_the_budget_is_the_speakers_own(world: World) -> None:
    ann = speaker(world, "Ann", "garden")
    for number in range(3):
        ask(world, ann, c.Post(ref=number, room="garden", text="fast"))

    with pytest.raises(Refusal, match="too fast"):
        ask(world, ann, c.Post(ref=4, room="garden", text="faster"))


def test_what_needs_a_conversation_is_refused(world: World) -> None:
    ann = speaker(world, "Ann", "garden")

    for command in (c.Join(ref=1, room="garden"), c.Leave(ref=2, room="garden"), c.Rename(ref=3, name="Anna")):
        with pytest.raises(Refusal, match="needs a conversation"):
            ask(world, ann, command)


def test_every_other_verb_answers(world: World) -> None:
    ann = speaker(world, "Ann", "garden", burst=9)
    seq = ask(world, ann, c.Post(ref=1, room="garden", text="hello")).seq
    assert seq is not None
    commands: list[c.AnyCommand] = [
        c.React(ref=2, room="garden", seq=seq, emoji="\U0001f44d"),
        c.Pin(ref=3, room="garden", seq=seq),
        c.Pins(ref=4, room="garden"),
        c.Search(ref=5, query="hello"),
        c.Read(ref=6, room="garden", seq=seq),
        c.Level(ref=7, room="garden", level="mentions"),
        c.Rooms(ref=8),
        c.Who(ref=9, room="garden"),
        c.Create(ref=10, room="shed", topic="Tools"),
        c.Logins(ref=11),
        c.Ping(ref=12),
    ]

    assert [ask(world, ann, command).ref for command in commands] == list(range(2, 13))
