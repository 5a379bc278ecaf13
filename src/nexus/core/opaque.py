"""Numbers that say nothing: a place in the order of all rooms would tell how much is said in those one may not read."""

from hashlib import blake2b

_BITS = 26
_HALF = (1 << _BITS) - 1
_ROUNDS = (b"1", b"2", b"3", b"4")
"""A permutation of numbers of 52 bits, which JSON's numbers hold (Luby and Rackoff: four rounds are enough)."""


def hide(number: int, key: bytes) -> int:
    """The number to tell for one of up to 52 bits; another one for each."""
    left, right = number >> _BITS & _HALF, number & _HALF
    for turn in _ROUNDS:
        left, right = right, left ^ _mixed(right, turn, key)
    return left << _BITS | right


def unhide(number: int, key: bytes) -> int:
    """The number that was told as this one."""
    left, right = number >> _BITS & _HALF, number & _HALF
    for turn in reversed(_ROUNDS):
        left, right = right ^ _mixed(left, turn, key), left
    return left << _BITS | right


def _mixed(half: int, turn: bytes, key: bytes) -> int:
    digest = blake2b(half.to_bytes(4), digest_size=4, key=key, salt=turn, person=b"nexus number").digest()
    return int.from_bytes(digest) & _HALF
