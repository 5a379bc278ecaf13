"""Whom clients mean when they point at somebody: an id that stays, whatever the person is called."""

from base64 import urlsafe_b64encode
from hashlib import blake2b


def person_of(author: int, key: bytes) -> str:
    """The id of an author. A guest's says nothing of their session, whose number is worth something."""
    if author > 0:
        return f"a{author}"
    digest = blake2b(str(author).encode(), digest_size=12, key=key, person=b"nexus person").digest()
    return f"g{urlsafe_b64encode(digest).decode()}"


def account_of(person: str) -> int | None:
    """The account that an id means; None where it means a guest, or nobody."""
    number = person[1:]
    return int(number) if person[:1] == "a" and number.isascii() and number.isdecimal() and len(number) < 16 else None
