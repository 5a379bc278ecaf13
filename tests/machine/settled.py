"""What must be true once everything has settled, and once everyone has gone."""

from collections.abc import Iterable

from nexus.core.people import Mark
from nexus.core.room import Room
from nexus.protocol.codec import decode_event
from nexus.protocol.events import RoomEvent
from tests.machine.messages import bare, truth
from tests.machine.player import Player
from tests.world.node import World


def check_node(world: World) -> None:
    """Nothing waits anywhere, and who is counted as here is here."""
    state = world.state
    assert state.journal.waiting_bytes == 0
    assert not state.counters.refusals["internal"]
    sessions = set(state.sessions.values())
    for room in state.shelf.by_id.values():
        _check_room(world, room)
        assert room.sessions <= sessions
    for session in sessions:
        assert not session.refs
        assert not session.flooded
        assert all(session in room.sessions and state.shelf.by_id[room.id] is room for room in session.rooms.values())
        assert (session.listener is None) == (session.grace is not None)
        assert session.listener is None or session.listener.session is session


def _check_room(world: World, room: Room) -> None:
    row = world.durable.rooms[room.id]
    assert (room.head, room.at, room.topic) == (row.head, row.at, row.topic)
    assert room.told == room.head
    assert not any((room.pending, room.resting, room.telling, room.refreshing, room.refresh_again, room.behind))
    for seq, payload in enumerate(room.tail.payloads, room.tail.first):
        held = decode_event(payload)
        assert isinstance(held, RoomEvent)
        now = truth(world.durable.events[room.id, seq], room.name)
        assert bare(held, reactions=False) == bare(now, reactions=False), "A newcomer would get something else."
    live = {session for live in room.live.values() for session in live.writes}
    assert live == {session for session in room.sessions if session.listener is not None}
    assert all(room.name in session.rooms for session in room.sessions)
    assert set(room.presence.names()) == {session.name for session in room.sessions}


def check_person(player: Player) -> None:
    """Every command has its reply, every feed is at the head, and who is here is as was told."""
    assert not player.busy
    assert not player.asked, f"{player.name} has no reply to {player.asked}"
    for name, feed in player.feeds.items():
        if feed.shaky:
            continue
        feed.finished()
        room = player.world.state.shelf.by_name[name]
        assert player.session in room.sessions
        assert feed.online == len(room.presence), f"{player.name} was told of {feed.online} in {name}"
        here = feed.here
        _check_counts(player, room)
        assert here is None or here == set(room.presence.names()), f"{player.name} was told that {here} are in {name}"
    if player.session is not None:
        missed = player.session.rooms.keys() - player.feeds.keys()
        assert not missed, f"{player.name} is in {missed} and was not told"


def _check_counts(player: Player, room: Room) -> None:
    """What is unread, of it the mentions, and the level are shown as the log, the mark and the level have them."""
    session, view = player.session, player.talk.views[room.name]
    assert session is not None
    durable = player.world.durable
    account = session.account
    mark = session.marks[room.id] if account is None else durable.marks.get((room.id, account), Mark())
    counts = player.ledger.counts(room.name, session.author, mark.seq)
    shown = view.unread, view.mentions, view.level
    if player.ledger.renamed:  # then an author's own message may have come under a name that was not theirs any more
        assert view.level == mark.level
        return
    assert shown == (*counts, mark.level), f"{player.name} sees {shown} in {room.name}, not {counts}, {mark}"


def check_snapshots(people: Iterable[Player]) -> None:
    """Old snapshot and the events since are a fresh snapshot: what people hold of messages is what the log has."""
    for player in people:
        ledger = player.ledger
        for room, messages in player.held.rooms.items():
            if player.closed or room not in player.feeds or player.feeds[room].shaky:
                continue
            for seq, message in messages.items():
                event = ledger.event(room, seq)
                assert event is not None
                now = truth(event, room)
                reactions = not ledger.renamed
                assert bare(message, reactions=reactions) == bare(now, reactions=reactions), f"{player.name} in {room}"


def check_nothing_left(world: World) -> None:
    """Everyone has gone, so nothing is kept of anyone but what is durable."""
    noted = [(event.room, event.seq) for event in world.noted]
    assert len(noted) == len(set(noted)), "An event was noted twice"
    assert sorted(noted, key=lambda event: event[0]) == sorted(noted), "A room's events were noted out of order"
    state = world.state
    assert not state.sessions
    assert not state.shelf.by_id
    assert not state.shelf.by_name
    assert state.hub.tails.size == 0
    assert not world.durable.sessions
    assert all(author > 0 for author in world.durable.names), world.durable.names
    state.journal.idle().then(lambda: None)
