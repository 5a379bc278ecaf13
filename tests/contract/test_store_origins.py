"""Where guests came from, for those who moderate: the same in every store."""

from nexus.core.changes import EndSessions, NameTaken, OpenSession
from nexus.core.names import person_name
from nexus.core.origins import ForgetOrigins
from nexus.ports import Store
from tests.contract.groups import commit, one


def test_where_a_guest_came_from_is_kept_until_it_is_too_old_and_they_are_gone(store: Store) -> None:
    came = OpenSession(7, 1, *person_name("Bo"), at=100, address="192.0.2.1")
    commit(store, [came, OpenSession(8, 1, *person_name("Cy"), at=200)])
    assert (store.origin(-7), store.origin(-8), store.origin(-9)) == ("192.0.2.1", "", "")

    one(store, OpenSession(7, 1, *person_name("Bo"), at=300, address="198.51.100.7"))
    assert store.origin(-7) == "198.51.100.7"
    assert one(store, OpenSession(9, 1, *person_name("BO"), at=300, address="203.0.113.9")) == NameTaken("Bo")
    assert store.origin(-9) == ""

    assert one(store, ForgetOrigins(301, 10)) == 0  # they are still here
    one(store, EndSessions((7,)))
    assert one(store, ForgetOrigins(300, 10)) == 0
    assert one(store, ForgetOrigins(301, 0)) == 0
    assert one(store, ForgetOrigins(301, 10)) == 1
    assert store.origin(-7) == ""
