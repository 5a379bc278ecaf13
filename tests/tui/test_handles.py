"""Handles of messages: short, and each means the message it stands beside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexus.client.view import KEPT, RoomView
from nexus.protocol import events as e
from nexus.tui.handles import Named, find, handle_of, split


def view_of(*seqs: int) -> RoomView:
    view = RoomView("garden")
    for seq in seqs:
        view.apply(e.Posted(room="garden", seq=seq, at=1000 + seq, by="Ann", text=f"m{seq}"))
    return view


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("#42 hello", Named("42", "hello")),
        ("#42", Named("42", "")),
        ("#042  two  words ", Named("042", "two  words ")),
        ("hello #42", Named(None, "hello #42")),
        ("#42nd street", Named(None, "#42nd street")),
        ("# 42", Named(None, "# 42")),
        ("#" + "9" * 40, Named(None, "#" + "9" * 40)),
        ("", Named(None, "")),
    ],
)
def test_a_handle_stands_at_the_beginning(typed: str, named: Named) -> None:
    assert split(typed) == named


@given(st.integers(1, 10**9), st.integers(1, KEPT))
def test_every_message_that_is_kept_is_found_by_its_handle(first: int, count: int) -> None:
    view = view_of(*range(first, first + count))
    for seq in {first, first + count // 2, first + count - 1}:
        handle, _ = split(handle_of(seq))
        assert handle is not None
        assert find(view, handle) == seq
        assert find(view, str(seq)) == seq


def test_a_number_that_no_message_here_has_is_its_seq() -> None:
    assert find(view_of(1041, 1042), "42") == 42
    assert find(view_of(1041, 1042), "042") == 1042
    assert find(view_of(1041, 1042), "7") == 7
