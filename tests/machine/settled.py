"""What must be true once everything has settled, and once everyone has gone."""

from collections.abc import Iterable

from nexus.core.people import Mark
from nexus.server.sessions import ActiveRoom
from tests.machine.messages import bare, truth
from tests.machine.player import Player
from tests.world.node import World


def check_node(world: World) -> None:
    """Nothing waits anywhere, and who is counted as here is here."""
    node = world.node
    assert node.journal.waiting_bytes == 0
    assert not node.counters.refusals["internal"]
    sessions = set(node.sessions.all())
    for room in node.active_rooms.by_id.values():
        _check_room(world, room)
        assert room.sessions <= sessions
    for session in sessions:
        for room in session.rooms.values():
            assert session in room.sessions
            assert node.active_rooms.by_id[room.id] is room
        assert (session.connection is None) == (session._grace is not None)
        if session.connection is not None:
            assert session.connection.session is session
            assert not session.connection._refs
            assert not session.connection._flooded


def _check_room(world: World, room: ActiveRoom) -> None:
    row = world.durable.rooms[room.id]
    assert (room.head, room.at, room.topic) == (row.head, row.at, row.topic)
    assert room.delivered == room.head
    assert not any((room.pending, room.resting, room.announcing, room.refreshing, room.refresh_again, room.behind))
    for held, record in zip(room.tail.events, world.log(room.id, room.tail.first - 1), strict=True):
        now = truth(record)
        assert bare(held, reactions=False) == bare(now, reactions=False), "A newcomer would get something else."
    live = {session for live in room.live.values() for session in live.writes}
    assert live == {session for session in room.sessions if session.listener is not None}
    assert all(room.name in session.rooms for session in room.sessions)
    there = [one for node in world.all if (one := node.node.active_rooms.by_id.get(room.id)) is not None]
    assert set(room.presence.names()) == {session.name for one in there for session in one.sessions}


def check_person(player: Player) -> None:
    """Every command has its reply, every feed is at the head, and who is here is as was told."""
    assert not player.held_commands
    assert not player.asked, f"{player.name} has no reply to {player.asked}"
    for name, feed in player.feeds.items():
        if feed.shaky:
            continue
        feed.finished()
        assert player.session is not None
        room = player.session.rooms[name]
        assert player.session in room.sessions
        assert feed.online == len(room.presence), f"{player.name} was told of {feed.online} in {name}"
        here = feed.here
        _check_counts(player, room)
        assert here is None or here == set(room.presence.names()), f"{player.name} was told that {here} are in {name}"
    if player.session is not None:
        missed = player.session.rooms.keys() - player.feeds.keys()
        assert not missed, f"{player.name} is in {missed} and was not told"


def _check_counts(player: Player, room: ActiveRoom) -> None:
    """What is unread, of it the mentions, and the level are shown as the log, the mark and the level have them."""
    session, view = player.session, player.talk.views[room.name]
    assert session is not None
    durable = player.world.durable
    account = session.account
    mark = (session.mark(room.id) if account is None else durable.marks.get((room.id, account))) or Mark()
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
                now = truth(event)
                reactions = not ledger.renamed
                assert bare(message, reactions=reactions) == bare(now, reactions=reactions), f"{player.name} in {room}"


def check_nothing_left(world: World) -> None:
    """Everyone has gone, so nothing is kept of anyone but what is durable."""
    noted = [(record.room, record.event.seq) for record in world.noted]
    assert len(noted) == len(set(noted)), "An event was noted twice"
    assert sorted(noted, key=lambda event: event[0]) == sorted(noted), "A room's events were noted out of order"
    node = world.node
    assert not node.sessions
    assert not node.active_rooms.by_id
    assert node.tails.size == 0
    assert not world.durable.sessions
    assert all(author > 0 for author in world.durable.names), world.durable.names
    node.journal.idle().then(lambda: None)
