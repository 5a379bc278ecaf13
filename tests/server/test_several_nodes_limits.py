"""What a source may use it may use of all nodes together, and not of each."""

from typing import Any

from nexus.core.pace import Bucket
from nexus.protocol import commands as c
from nexus.settings import Limits, Pace
from tests.world.node import World
from tests.world.together import Together


def guesses(world: World, name: str, address: str, many: int) -> list[str]:
    """What somebody hears who tries wrong passwords for an account."""
    codes = []
    for number in range(many):
        person = world.connect(name, address=address)
        codes.append(person.refused(c.Hello, name=name, password=f"guess {number}").code)
        person.drops()
    return codes


def with_bo(**settings: Any) -> Together:
    """Two nodes; Bo has an account and logged in on the near one, long ago."""
    both = Together(**settings)
    both.near.member("Bo")
    both.passes(120)
    return both


def test_wrong_passwords_of_one_address_count_on_all_nodes_together() -> None:
    both = with_bo(pace=Pace(logins=0.001, logins_burst=3))
    assert guesses(both.near, "Bo", "192.0.2.66", 4) == ["unauthorised"] * 3 + ["too_fast"]
    both.passes(1)
    assert guesses(both.far, "Bo", "192.0.2.66", 1) == ["too_fast"]
    assert guesses(both.far, "Bo", "192.0.2.67", 1) == ["unauthorised"]


def test_wrong_passwords_of_many_addresses_for_one_account_count_on_all_nodes_together() -> None:
    both = with_bo(pace=Pace(logins=0.001, logins_burst=3))
    heard = []
    for number in range(20):
        heard += guesses(both.far if number % 2 else both.near, "Bo", f"198.51.100.{number}", 1)
        both.passes(1)
    assert heard.count("unauthorised") == 6  # as of one address on one node, twice
    assert both.far.connect("Bo", address="192.0.2.1").hello(name="Bo", password="correct horse")


def test_who_gets_the_password_right_has_used_up_nothing_anywhere() -> None:
    both = with_bo(pace=Pace(logins=0.001, logins_burst=3))
    for number in range(12):
        world = both.far if number % 2 else both.near
        person = world.connect("Bo", address="192.0.2.66")
        person.hello(name="Bo", password="correct horse")
        person.drops()
        both.passes(1)


def test_without_announcements_each_node_counts_by_itself() -> None:
    both = with_bo(pace=Pace(logins=0.001, logins_burst=3))
    assert guesses(both.near, "Bo", "192.0.2.66", 4)[-1] == "too_fast"
    both.is_silent(1)
    assert guesses(both.far, "Bo", "192.0.2.66", 4) == ["unauthorised"] * 3 + ["too_fast"]


def test_posts_of_one_address_count_on_all_nodes_together() -> None:
    both = Together(pace=Pace(address=0.001, address_burst=10))
    ann, bo = both.near.guest("Ann", "garden"), both.far.guest("Bo", "garden")
    for number in range(9):
        ann.says(f"{number}")
    both.passes(1)
    bo.says("the last one")
    assert bo.refused(c.Post, room="garden", text="one more", nonce="n").code == "too_fast"


def test_rooms_that_are_made_in_a_day_count_on_all_nodes_together() -> None:
    both = Together(limits=Limits(day_rooms_address=2))
    ann, bo = both.near.member("Ann"), both.far.member("Bo")
    ann.ask(c.Create, kind="open", room="one")
    ann.ask(c.Create, kind="open", room="two")
    both.passes(1)
    assert bo.refused(c.Create, kind="open", room="three").code == "too_many"


def test_a_debt_made_elsewhere_ends_and_what_was_given_back_there_is_no_more_than_there_was() -> None:
    bucket = Bucket(1.0, 10, 0.0)
    bucket.count(1000, 0.0)
    assert bucket.take(0.0) == 11
    assert bucket.take(11.0) == 0
    bucket.count(-1000, 11.0)
    assert [bucket.take(11.0, 10), bucket.take(11.0)] == [0, 1]
