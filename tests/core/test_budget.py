"""Fair shares: those who have had much wait behind those who have had little."""

import pytest

from nexus.core.budget import Cost, FairQueue, Shares, sources_of

ANN, BO, CY = ("192.0.2.1",), ("192.0.2.2",), ("192.0.2.3",)


def served(queue: FairQueue[str], cost: Cost, count: int) -> list[str]:
    """The work that is done next, one at a time."""
    done = []
    for _ in range(count):
        taken = queue.take()
        assert taken is not None
        sources, work = taken
        done.append(work)
        queue.done(sources, cost)
    return done


def test_a_flood_of_one_source_waits_for_itself() -> None:
    queue: FairQueue[str] = FairQueue(1, 1000, 1000)
    for _ in range(100):
        queue.put(ANN, "ann", 9)
    assert served(queue, Cost(50), 10) == ["ann"] * 10
    queue.put(BO, "bo", 9)
    queue.put(CY, "cy", 9)
    assert sorted(served(queue, Cost(50), 2)) == ["bo", "cy"]


def test_anyone_who_is_alone_is_not_held_back_for_what_they_had() -> None:
    queue: FairQueue[str] = FairQueue(1, 1000, 1000)
    for _ in range(100):
        queue.put(ANN, "ann", 9)
    assert len(served(queue, Cost(500), 100)) == 100
    queue.put(ANN, "ann", 9)
    queue.put(BO, "bo", 9)
    assert sorted(served(queue, Cost(1), 2)) == ["ann", "bo"]


def test_work_is_shared_by_what_it_takes_and_not_by_its_count() -> None:
    queue: FairQueue[str] = FairQueue(1, 1000, 1000)
    for _ in range(200):
        queue.put(ANN, "long", 9)
        queue.put(BO, "short", 9)
    count = {"long": 0, "short": 0}
    for _ in range(110):
        taken = queue.take()
        assert taken is not None
        count[taken[1]] += 1
        queue.done(taken[0], Cost(10 if taken[1] == "long" else 1))
    assert count["short"] > 5 * count["long"]


def test_the_last_free_place_is_for_somebody_else() -> None:
    queue: FairQueue[str] = FairQueue(2, 1000, 1000)
    for _ in range(3):
        queue.put((*ANN, "account 1"), "ann", 9)
        queue.put((*ANN, "account 2"), "ann", 9)
    assert queue.take() is not None
    assert queue.take() is None
    queue.put(BO, "bo", 9)
    assert queue.take() == (BO, "bo")


def test_what_waits_is_bounded_by_source_and_altogether() -> None:
    queue: FairQueue[str] = FairQueue(1, 5, 3)
    assert [queue.put(ANN, "ann", 9) for _ in range(4)] == [True] * 3 + [False]
    assert [queue.put(BO, "bo", 9) for _ in range(3)] == [True] * 2 + [False]
    assert not queue.put(CY, "cy", 9)
    assert queue.waiting == 5


def test_what_has_waited_too_long_waits_no_longer() -> None:
    queue: FairQueue[str] = FairQueue(1, 9, 9)
    queue.put(ANN, "early", 1)
    queue.put(ANN, "late", 3)
    queue.put(BO, "early too", 2)
    assert sorted(queue.overdue(2)) == ["early", "early too"]
    assert queue.waiting == 1
    assert served(queue, Cost(), 1) == ["late"]
    assert queue.take() is None


def test_an_ipv6_address_counts_for_each_network_around_it() -> None:
    near, same_site, far = (sources_of(f"2001:db8:0:{net}::/64") for net in ("101", "1ff", "201"))
    assert near == ("2001:db8:0:101::/64", "2001:db8:0:100::/56", "2001:db8::/48")
    assert near[1:] == same_site[1:]
    assert near[1] != far[1]
    assert near[2] == far[2]
    assert sources_of("192.0.2.1", 7) == ("192.0.2.1", "account 7")
    assert sources_of("no:address") == ("no:address",)


def test_the_many_networks_of_one_site_have_the_share_of_a_few_addresses() -> None:
    shares = Shares()
    for net in range(256):
        shares.charge(sources_of(f"2001:db8:0:{net:x}::/64"), 1.0)
    assert shares.point(sources_of("2001:db8:0:ffff::/64")) == pytest.approx(256 / 16)
    assert shares.point(sources_of("2001:db8:1::/64")) == 0


def test_the_table_of_sources_is_bounded_and_the_rest_share_an_entry() -> None:
    shares = Shares(most=10)
    for host in range(100):
        shares.charge((f"192.0.2.{host}",), 1.0)
    assert len(shares) <= 11
    assert shares.point(("198.51.100.1",)) >= 80
    shares.now = 100.0
    shares.charge(("198.51.100.1",), 1.0)
    assert shares.point(("198.51.100.1",)) == 101.0
    assert len(shares) <= 11
