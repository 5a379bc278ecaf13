"""Numbers that say nothing of what they count, and can be given back."""

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from nexus.core.opaque import hide, unhide
from nexus.protocol.types import SAFE

KEY, OTHER = b"k" * 32, b"o" * 32


@given(st.integers(0, 2**52 - 1))
@example(0)
@example(2**52 - 1)
def test_what_is_given_back_is_the_number_again(number: int) -> None:
    assert 0 <= hide(number, KEY) <= SAFE
    assert unhide(hide(number, KEY), KEY) == number
    assert hide(unhide(number, KEY), KEY) == number


@given(st.integers(2**52, SAFE))
def test_a_number_that_was_never_told_is_some_place_too(number: int) -> None:
    assert 0 <= unhide(number, KEY) < 2**52


def test_neither_order_nor_distance_can_be_seen_and_each_chat_has_its_own() -> None:
    told = [hide(number, KEY) for number in range(100)]
    assert len(set(told)) == 100
    assert sorted(told) != told
    assert min(abs(one - other) for one, other in pairwise(told)) > 2**20
    assert told != [hide(number, OTHER) for number in range(100)]
