"""Where guests came from, for those who moderate: the same in every store."""

from nexus.core import moderating as m
from nexus.core.changes import EndSessions, MakeRoom, NameTaken, OpenSession, Register
from nexus.core.log import Record
from nexus.core.moderating import ForgetAddresses
from nexus.core.names import person_name
from nexus.core.purging import DOING, DONE, UNDOING, FinishPurge, PurgeRow, PurgeStep
from nexus.ports import Store
from nexus.protocol import events as e
from tests.contract.groups import commit, one, record

HERE, THERE = "192.0.2.1", "198.51.100.7"


def test_where_a_guest_came_from_is_kept_until_it_is_too_old_and_they_are_gone(store: Store) -> None:
    came = OpenSession(7, 1, *person_name("Bo"), at=100, address="192.0.2.1")
    commit(store, [came, OpenSession(8, 1, *person_name("Cy"), at=200)])
    assert (store.origin(-7), store.origin(-8), store.origin(-9)) == ("192.0.2.1", "", "")

    one(store, OpenSession(7, 1, *person_name("Bo"), at=300, address="198.51.100.7"))
    assert store.origin(-7) == "198.51.100.7"
    assert one(store, OpenSession(9, 1, *person_name("BO"), at=300, address="203.0.113.9")) == NameTaken("Bo")
    assert store.origin(-9) == ""

    assert one(store, ForgetAddresses(301, 10)) == 0  # they are still here
    one(store, EndSessions((7,)))
    assert one(store, ForgetAddresses(300, 10)) == 0
    assert one(store, ForgetAddresses(301, 0)) == 0
    assert one(store, ForgetAddresses(301, 10)) == 1
    assert store.origin(-7) == ""


def test_a_ban_hides_what_guests_said_who_came_from_there_and_undoing_it_shows_that_again(store: Store) -> None:
    commit(store, [Register(0, *person_name("Ann"), "#", "owner", 1), MakeRoom("garden", "garden", 1)])
    for id, name, address in ((7, "Bo", THERE), (8, "Cy", THERE), (9, "Dot", HERE)):
        one(store, OpenSession(id, 1, *person_name(name), at=10, address=address))
    for author, name in ((-7, "Bo"), (-8, "Cy"), (-9, "Dot")):
        one(store, record(e.Posted, author, name, f"of {name}", at=20))
    act = one(store, m.Ban(1, 30, -8, "Cy", "", 0, THERE, 15))
    (row,) = store.purges()
    assert row == PurgeRow(act, -8, 0, 15, DOING, 1, "Ann", "Cy", THERE)
    assert sorted(store.said_since(-8, 15, before=None, limit=9, address=THERE)[0]) == [(1, 1), (1, 2)]
    assert store.said_since(-8, 15, before=None, limit=9)[0] == [(1, 2)]
    assert one(store, m.Undo(1, 40, act=act)) == m.BUSY

    purged = e.Purged(room="garden", seq=0, at=30, by="Ann", name="Cy", act=act)
    done = one(store, PurgeStep(Record(1, 1, purged), act, -8, (1, 2, 3), THERE))
    assert done.event.targets == [1, 2]
    one(store, FinishPurge(act, DONE))
    assert isinstance(one(store, m.Undo(1, 40, act=act)), int)
    assert [(row.act, row.state) for row in store.purges()] == [(act, UNDOING)]
    assert store.bans(9) == []
