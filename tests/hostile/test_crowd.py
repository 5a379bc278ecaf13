"""A thousand connections from one address, whatever they say about it."""

from tests.hostile.conftest import LIMIT, Dial, Others
from tests.hostile.raw import Raw, request
from tests.live.server import Server

STRANGER = "127.0.0.2"
"""An address that is no trusted proxy."""


def crowd(server: Server, count: int, source: str, named: str | None = None) -> tuple[list[Raw], list[int]]:
    """So many connections that stay open, and how each was answered; `named` is whom they say they are for."""
    raws, statuses = [], []
    for number in range(count):
        raw = Raw(server.port, source)
        raws.append(raw)
        statuses.append(raw.status(request({"X-Forwarded-For": named and named.format(number)})))
    return raws, statuses


def let_in_again(server: Server, source: str) -> bool:
    """Whether the places of those who left are free; the server learns of each leaving by itself."""
    for _ in range(1000):
        raw = Raw(server.port, source)
        status = raw.status(request())
        raw.close()
        if status == 101:
            return True
    return False


def test_a_thousand_from_one_address_are_let_in_up_to_the_limit(server: Server, dial: Dial, others: Others) -> None:
    raws, statuses = crowd(server, 1000, STRANGER)

    assert statuses == [101] * LIMIT + [429] * (1000 - LIMIT)
    others.check()
    assert dial(source="127.0.0.3").status(request()) == 101
    for raw in raws:
        raw.close()
    assert let_in_again(server, STRANGER)


def test_a_stranger_is_not_believed_about_whom_it_speaks_for(server: Server) -> None:
    raws, statuses = crowd(server, LIMIT + 20, "127.0.0.4", "10.0.0.{}")

    assert statuses == [101] * LIMIT + [429] * 20
    for raw in raws:
        raw.close()


def test_a_proxy_is_believed_about_whom_it_speaks_for(server: Server) -> None:
    many, each = crowd(server, LIMIT + 20, "127.0.0.1", "10.0.0.{}")
    one, same = crowd(server, LIMIT + 20, "127.0.0.1", "10.9.9.9, 10.1.1.1")

    assert each == [101] * (LIMIT + 20)
    assert same == [101] * LIMIT + [429] * 20
    for raw in (*many, *one):
        raw.close()


def test_a_thousand_who_say_nothing_are_let_in_up_to_the_limit(server: Server, dial: Dial, others: Others) -> None:
    raws = [Raw(server.port, "127.0.0.5") for _ in range(1000)]

    assert [raw.rest() for raw in raws[LIMIT:]] == [b""] * (1000 - LIMIT)
    others.check()
    assert dial(source="127.0.0.6").status(request()) == 101
    for raw in raws:
        raw.close()
