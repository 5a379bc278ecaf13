"""What a connection costs beside its commands: its own allowance first, then the share of its address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexus.core.kept import MOST
from nexus.core.overhead import END, LONGEST, REFUSAL, SHORTEST, Overhead, Shares


def flood(overhead: Overhead, address: str, now: float, frames: int = 10_000) -> int:
    """Refusals until the connection is left unread."""
    return next((n for n in range(frames) if overhead.spend(REFUSAL, address, now)), frames)


def test_a_few_refusals_never_wait() -> None:
    overhead = Overhead(Shares(), 0.0)

    assert not any(overhead.spend(REFUSAL, "192.0.2.1", second) for second in range(1_000))


def test_a_flood_waits_and_is_read_again_at_the_rate_of_its_share() -> None:
    overhead = Overhead(Shares(), 0.0)
    flood(overhead, "192.0.2.1", 0.0)

    frames = sum(flood(overhead, "192.0.2.1", 1.0 + second) + 1 for second in range(60))

    assert frames * REFUSAL <= 1.1 * 60 * (Shares.RATE + Overhead.RATE)


def test_a_hundred_connections_of_one_address_have_one_share() -> None:
    shares = Shares()

    spent = 0.0
    for _ in range(100):
        overhead = Overhead(shares, 0.0)
        flood(overhead, "192.0.2.1", 0.0)
        spent += overhead.spent

    assert spent <= Shares.MOST + 100 * (Overhead.MOST + REFUSAL)


def test_another_address_and_a_neighbour_within_its_allowance_do_not_wait_for_a_flood() -> None:
    shares = Shares()
    flood(Overhead(shares, 0.0), "192.0.2.1", 0.0)

    assert Overhead(shares, 0.0).spend(REFUSAL, "192.0.2.1", 0.0) == 0.0
    assert flood(Overhead(shares, 0.0), "192.0.2.2", 0.0) > 100


def test_a_flood_that_goes_on_is_ended() -> None:
    overhead = Overhead(Shares(), 0.0)

    seconds = next(second for second in range(1_000) if flood(overhead, "a", second) and overhead.beyond_bearing)

    assert seconds >= END / Shares.RATE / 2


def test_the_shares_kept_are_bounded() -> None:
    shares = Shares()

    first = shares.of("0", 0.0)
    for number in range(1, MOST + 1):
        shares.of(str(number), 0.0)

    assert shares.of(str(MOST), 0.0) is shares.of(str(MOST), 0.0)
    assert shares.of("0", 0.0) is not first


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 100)), max_size=50))
def test_a_wait_is_none_or_within_its_bounds(steps: list[tuple[float, float]]) -> None:
    overhead, now = Overhead(Shares(), 0.0), 0.0

    for work, passed in steps:
        now += passed
        wait = overhead.spend(work, "192.0.2.1", now)
        assert wait == 0.0 or SHORTEST <= wait <= LONGEST
    assert overhead.spent == pytest.approx(sum(work for work, _ in steps))
