"""Rooms: entering, leaving, who is there, what they are about, and their history."""

from collections.abc import Callable

import pytest

from tests.conformance.peer import Frame, Peer, fresh

Knock = Callable[..., Peer]
Meet = Callable[..., Peer]


def texts(events: list[Frame]) -> list[str]:
    """What was said."""
    return [event["text"] for event in events]


def place(event: Frame) -> dict[str, int]:
    """An event as `after` names it."""
    return {"seq": event["seq"], "at": event["at"]}


def said(peer: Peer, room: str, count: int) -> None:
    """So many messages in a room, numbered from 1."""
    for number in range(1, count + 1):
        peer.post(room, f"number {number}")


def test_joining_describes_the_room_and_who_is_there(meet: Meet, garden: str) -> None:
    ann = meet("Ann", garden)
    ann.post(garden, "hello")
    last = ann.hears("posted")
    bo = meet("Bo")

    told = bo.done("join", room=garden)

    assert set(told) == {"room", "here", "online"}
    expected = {"name": garden, "topic": "", "head": 1, "at": last["at"], "online": 2, "member": False}
    expected |= {"read": 1, "unread": 0, "mentions": 0, "level": "everything", "kind": "open"}
    assert told["room"] == expected
    assert sorted(told["here"]) == sorted([ann.name, bo.name])
    assert told["online"] == 2


def test_a_rooms_name_is_the_same_in_capitals(meet: Meet, garden: str) -> None:
    ann = meet("Ann", garden)

    assert meet("Bo").done("join", room=garden.upper())["room"]["name"] == garden

    assert ann.post(garden.upper(), "hello") == 1
    assert ann.hears("posted")["room"] == garden


@pytest.mark.parametrize(("last", "expected"), [(None, 5), (0, 0), (1, 1), (7, 7), (200, 9)])
def test_a_newcomer_gets_the_newest_messages(meet: Meet, garden: str, last: int | None, expected: int) -> None:
    said(meet("Ann", garden), garden, 9)
    bo = meet("Bo")

    bo.done("join", room=garden, **({} if last is None else {"last": last}))

    assert texts([event for event in bo.sync() if event["type"] == "posted"]) == [
        f"number {number}" for number in range(10 - expected, 10)
    ]


def test_who_left_hears_nothing_more(meet: Meet, garden: str) -> None:
    ann, bo = meet("Ann", garden), meet("Bo", garden)
    ann.sees("here", bo.name)
    bo.sync()

    assert bo.done("leave", room=garden) == {}

    assert ann.sees("gone", bo.name)["online"] == 1
    ann.post(garden, "just us")
    assert bo.sync() == []
    bo.refused("not_joined", "leave", room=garden)
    bo.refused("not_joined", "typing", room=garden)
    bo.refused("not_joined", "post", room=garden, text="hello?")


def test_presence_tells_who_comes_and_goes(meet: Meet, garden: str) -> None:
    ann = meet("Ann", garden)

    bo = meet("Bo", garden)
    came = ann.sees("here", bo.name)
    bo.leave()
    went = ann.sees("gone", bo.name)

    assert set(came) == {"type", "room", "online", "here", "gone"}
    assert (came["room"], came["online"]) == (garden, 2)
    assert (went["online"], went["here"]) == (1, [])


def test_typing_is_shown_to_the_others_only(meet: Meet, garden: str) -> None:
    ann, bo, cy = meet("Ann", garden), meet("Bo", garden), meet("Cy", fresh("kitchen"))

    assert ann.done("typing", room=garden) == {}

    assert bo.hears("typing") == {"type": "typing", "room": garden, "by": ann.name}
    assert [event for peer in (ann, cy) for event in peer.sync() if event["type"] == "typing"] == []


def test_a_room_is_made_once(meet: Meet, garden: str) -> None:
    ann = meet("Ann")

    made = ann.done("create", room=garden, topic="What grows")["room"]

    assert (made["name"], made["topic"]) == (garden, "What grows")
    assert "name_taken" in ann.refused("name_taken", "create", room=garden)["code"]
    ann.refused("not_joined", "post", room=garden, text="not in it yet")


def test_a_room_that_looks_like_another_is_not_made(meet: Meet, garden: str) -> None:
    ann = meet("Ann", garden)
    alike = garden.replace("a", "а", 1)

    ann.refused("name_taken", "create", room=alike)
    assert garden in ann.refused("name_taken", "join", room=alike)["message"]


def test_a_topic_is_announced_and_stored(meet: Meet, garden: str) -> None:
    ann, bo = meet("Ann", garden), meet("Bo", garden)

    told = ann.done("configure", room=garden, topic="What grows")

    event = bo.hears("configured")
    assert told["room"]["topic"] == "What grows"
    assert set(event) == {"type", "room", "seq", "at", "by", "guest", "topic"}
    assert (event["room"], event["by"], event["topic"]) == (garden, ann.name, "What grows")
    assert meet("Cy").done("join", room=garden)["room"]["topic"] == "What grows"


def test_a_room_is_renamed_and_its_old_name_leads_to_it(meet: Meet, garden: str) -> None:
    ann, bo = meet("Ann"), meet("Bo")
    ann.done("register", name=ann.name, password="correct horse battery")
    ann.done("create", room=garden)
    for peer in (ann, bo):
        peer.done("join", room=garden)
    bo.refused("forbidden", "configure", room=garden, name=fresh("mine"))
    meadow = fresh("meadow")

    told = ann.done("configure", room=garden, name=meadow)

    assert (told["room"]["name"], told["room"]["former"]) == (meadow, [garden])
    assert bo.hears("moved") == {"type": "moved", "room": meadow, "from": garden}
    event = bo.hears("configured")
    assert (event["room"], event["name"], event["by"]) == (meadow, meadow, ann.name)
    bo.done("post", room=garden, text="by its old name")
    assert ann.hears("posted")["room"] == meadow
    assert meet("Cy").done("join", room=garden)["room"]["name"] == meadow
    ann.refused("name_taken", "create", room=meadow)


def test_a_topic_that_stays_the_same_is_no_event(meet: Meet, garden: str) -> None:
    ann = meet("Ann", garden)
    ann.done("configure", room=garden, topic="What grows")
    ann.hears("configured")

    ann.done("configure", room=garden, topic="What grows")
    ann.done("configure", room=garden)

    assert [event for event in ann.sync() if event["type"] == "configured"] == []


def test_only_those_in_a_room_set_its_topic(meet: Meet, garden: str) -> None:
    ann, cy = meet("Ann", garden), meet("Cy")

    cy.refused("not_joined", "configure", room=garden, topic="Cy was here")
    cy.refused("not_found", "configure", room=fresh("nowhere"), topic="Cy was here")
    limit = 250
    ann.refused("too_large", "configure", room=garden, topic="x" * (limit * 100))
    ann.refused("bad_request", "configure", room=garden, topic="two\nlines")


def test_rooms_are_listed(meet: Meet, garden: str) -> None:
    ann = meet("Ann", garden)
    ann.post(garden, "hello")

    rooms = {room["name"]: room for room in meet("Bo").done("rooms")["rooms"]}

    assert rooms[garden]["head"] == 1
    assert rooms[garden]["online"] == 1
    assert rooms[garden]["member"] is False


def test_who_lists_the_people_of_a_room(meet: Meet, garden: str) -> None:
    ann, bo = meet("Ann", garden), meet("Bo", garden)

    members = ann.done("who", room=garden)["members"]

    assert len({member.pop("person") for member in members}) == 2
    one = {"role": "guest", "guest": True, "here": True, "place": ""}
    assert sorted(members, key=lambda member: str(member["name"])) == [
        {"name": name, **one} for name in sorted([ann.name, bo.name])
    ]
    ann.refused("not_found", "who", room=fresh("nowhere"))


def test_history_is_read_from_every_end(meet: Meet, garden: str) -> None:
    ann = meet("Ann", garden)
    said(ann, garden, 9)

    def page(**fields: int) -> tuple[list[int], bool]:
        told = ann.done("history", room=garden, **fields)
        assert set(told) == {"events", "first", "more"}
        return [event["seq"] for event in told["events"]], told["more"]

    assert page() == ([1, 2, 3, 4, 5, 6, 7, 8, 9], False)
    assert page(limit=2) == ([8, 9], True)
    assert page(before=3) == ([1, 2], False)
    assert page(before=3, limit=1) == ([2], True)
    assert page(after=7) == ([8, 9], False)
    assert page(after=0, limit=2) == ([1, 2], True)
    assert page(after=2, before=5) == ([3, 4], False)
    assert page(around=5, limit=3) == ([4, 5, 6], True)
    assert page(around=5, limit=1) == ([5], True)
    assert page(around=1, limit=2) == ([1, 2], False)
    assert page(around=99, limit=2) == ([9], True)
    assert page(before=1) == page(before=0) == page(after=9) == page(after=2**53 - 1) == ([], False)
    ann.refused("not_found", "history", room=fresh("nowhere"))


def test_a_page_around_long_texts_has_what_it_is_around(meet: Meet, garden: str) -> None:
    ann = meet("Ann", garden)
    for _ in range(100):
        ann.say("post", room=garden, text="🌱" * 4000)

    told = ann.done("history", room=garden, around=ann.post(garden, "the one") - 30, limit=200)

    seqs = [event["seq"] for event in told["events"]]
    assert seqs == list(range(seqs[0], seqs[-1] + 1))
    assert 71 in seqs[1:-1]
    assert told["more"]


def test_history_is_what_was_heard(meet: Meet, garden: str) -> None:
    ann, bo = meet("Ann", garden), meet("Bo", garden)
    said(ann, garden, 3)
    ann.done("configure", room=garden, topic="What grows")

    events = bo.done("history", room=garden)["events"]

    assert events == [*(bo.hears("posted") for _ in range(3)), bo.hears("configured")]


def test_history_may_be_read_without_being_in_the_room(meet: Meet, garden: str) -> None:
    said(meet("Ann", garden), garden, 1)

    assert texts(meet("Bo").done("history", room=garden)["events"]) == ["number 1"]


def test_a_read_mark_moves_forward_only(meet: Meet, garden: str) -> None:
    ann, bo = meet("Ann", garden), meet("Bo")
    bo.done("join", room=garden)
    said(ann, garden, 3)

    assert bo.done("read", room=garden, seq=2) == {}
    assert bo.hears("read") == {"type": "read", "room": garden, "seq": 2, "head": 3, "unread": 1, "mentions": 0}
    bo.done("read", room=garden, seq=1)
    told = bo.done("join", room=garden, after={"seq": 0})["room"]

    assert (told["read"], told["unread"]) == (2, 1)
    assert [event for event in bo.sync() if event["type"] == "read"] == []
    bo.refused("not_found", "read", room=garden, seq=4)


def test_rooms_of_one_session_are_limited(knock: Knock) -> None:
    ann = knock()
    limit = ann.greet(fresh("Ann"))["limits"]["rooms"]
    word = fresh("room")
    for number in range(limit):
        ann.done("join", room=f"{word}-{number}", last=0)

    refusal = ann.refused("too_many", "join", room=f"{word}-{limit}")

    assert str(limit) in refusal["message"]
    ann.done("leave", room=f"{word}-0")
    ann.done("join", room=f"{word}-{limit}")
