"""The snapshot equation: what was seen, and the events since, is what a newcomer sees, for whatever is done."""

from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from nexus.client.view import RoomView
from nexus.protocol import commands as c
from nexus.protocol import events as e
from nexus.protocol.replies import Refused
from nexus.settings import Limits
from tests.world.node import World
from tests.world.people import Person

EMOJI = ("\U0001f44d", "❤", "\U0001f331")
WHO, WHICH = st.integers(0, 2), st.integers(1, 12)
STEP: st.SearchStrategy[Any] = st.one_of(
    st.tuples(st.just(c.Post), WHO, st.just({})),
    st.tuples(st.just(c.Edit), WHO, st.fixed_dictionaries({"seq": WHICH})),
    st.tuples(st.sampled_from([c.Delete, c.Pin, c.Unpin]), WHO, st.fixed_dictionaries({"seq": WHICH})),
    st.tuples(
        st.sampled_from([c.React, c.React, c.Unreact]),
        WHO,
        st.fixed_dictionaries({"seq": WHICH, "emoji": st.sampled_from(EMOJI)}),
    ),
    st.tuples(st.just(c.Rename), WHO, st.just({})),
)
LIMITS = st.builds(Limits, tail_events=st.sampled_from([1000, 3]), tail_bytes=st.just(200_000))


def fold(view: RoomView, person: Person) -> None:
    """Take what the person heard into a view."""
    for frame in person.heard(object):
        if isinstance(frame, e.RoomEvent | e.Renamed):
            view.apply(frame)  # type: ignore[arg-type]  # every RoomEvent is one of the union
    person.forgets()


def messages(view: RoomView) -> dict[int, Any]:
    return {one.seq: msgspec.to_builtins(one) for one in view.events if isinstance(one, e.Posted)}


def do(person: Person, kind: type[c.Command], fields: dict[str, Any], number: int) -> None:
    """Do one thing, which may be refused."""
    if kind in (c.Post, c.Edit):
        fields = fields | {"text": f"text {number}"}
    if kind is c.Rename:
        person.reply(person.sends(kind, name=f"{person.name}{number}"))
    else:
        reply = person.reply(person.sends(kind, room="garden", **fields))
        assert not isinstance(reply, Refused) or reply.code in ("not_found", "forbidden"), reply


@settings(max_examples=60, deadline=None)
@given(st.lists(STEP, max_size=40), st.integers(0, 40), LIMITS)
def test_old_snapshot_and_events_are_a_fresh_snapshot(
    steps: list[tuple[type[c.Command], int, dict[str, Any]]], drop: int, limits: Limits
) -> None:
    world = World(limits=limits)
    people = [world.member("Ann", "garden"), world.member("Bo", "garden"), world.guest("Cy", "garden")]
    people[0].says("hello")
    reader, away = world.guest("Dot"), world.guest("Eve")
    seen, missed = RoomView("garden"), RoomView("garden")
    reader.join(last=200)
    away.join(last=200)
    for number, (kind, who, fields) in enumerate(steps):
        if kind is c.Rename and away.closed:
            continue  # `renamed` is a passing event: who was away when it passed keeps the old names
        do(people[who], kind, fields, number)
        fold(seen, reader)
        if number == drop:
            fold(missed, away)
            away.drops()
    if not away.closed:
        fold(missed, away)
        away.drops()
    back = world.connect("Eve")
    back.hello(session=away.secret, resume={"garden": missed.last})
    fold(missed, back)

    fresh, newcomer = RoomView("garden"), world.guest("Fay")
    newcomer.join(last=200)
    fold(fresh, newcomer)
    told = {one.seq: msgspec.to_builtins(one) for one in newcomer.history() if isinstance(one, e.Posted)}
    fold(seen, reader)
    assert messages(seen) == messages(missed) == messages(fresh) == told
