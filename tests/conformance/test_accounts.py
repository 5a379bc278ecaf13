"""Accounts: registering, logging in from several devices, names, and memberships that last."""

from collections.abc import Callable

import pytest

from tests.conformance.peer import Peer, fresh

Knock = Callable[..., Peer]
Meet = Callable[..., Peer]

PASSWORD = "correct horse battery"


@pytest.fixture
def member(meet: Meet) -> Meet:
    """Like `meet`, for someone who has an account."""

    def register(word: str, *rooms: str) -> Peer:
        peer = meet(word, *rooms)
        peer.token = peer.done("register", name=peer.name, password=PASSWORD)["token"]
        return peer

    return register


def test_a_guest_registers_and_speaks_as_a_member_from_then_on(meet: Meet, garden: str) -> None:
    ann, bo = meet("Ann", garden), meet("Bo", garden)

    told = ann.done("register", name=ann.name, password=PASSWORD)

    assert set(told) == {"you", "token", "rooms", "preferences"}
    assert told["you"] == {"name": ann.name, "role": "member", "guest": False}
    assert [room["name"] for room in told["rooms"]] == [garden]
    joined = bo.hears("joined")
    assert set(joined) == {"type", "room", "seq", "at", "by"}
    assert joined["by"] == ann.name
    ann.post(garden, "now for good")
    assert "guest" not in bo.hears("posted")


def test_a_membership_lasts_and_counts_what_is_unread(member: Meet, meet: Meet, knock: Knock, garden: str) -> None:
    ann, bo = member("Ann", garden), meet("Bo", garden)
    ann.post(garden, "mine")
    ann.done("read", room=garden, seq=2)
    ann.leave()
    bo.post(garden, "one")
    bo.post(garden, "two")

    again = knock()
    told = again.done("hello", token=ann.token)

    assert [room["name"] for room in told["rooms"]] == [garden]
    assert (told["rooms"][0]["member"], told["rooms"][0]["read"], told["rooms"][0]["unread"]) == (True, 2, 2)
    (listed,) = [one for one in bo.done("who", room=garden)["members"] if one["name"] == ann.name]
    assert (listed["role"], listed["guest"], listed["here"]) == ("member", False, False)


def test_who_leaves_ends_the_membership(member: Meet, meet: Meet, garden: str) -> None:
    ann, bo = member("Ann", garden), meet("Bo", garden)

    ann.done("leave", room=garden)

    left = bo.hears("left")
    assert set(left) == {"type", "room", "seq", "at", "by"}
    assert left["by"] == ann.name
    assert ann.name not in [one["name"] for one in bo.done("who", room=garden)["members"]]


def test_a_name_and_its_password_log_in_on_another_device(member: Meet, knock: Knock) -> None:
    ann, phone = member("Ann"), knock()

    told = phone.greet(ann.name.upper(), password=PASSWORD, client="phone")

    assert told["you"] == {"name": ann.name, "role": "member", "guest": False}
    assert set(told) == {"you", "session", "token", "epoch", "server", "limits", "rooms", "preferences"}
    logins = phone.done("logins")["logins"]
    assert sorted(login["client"] for login in logins if login["current"]) == ["phone"]
    assert all(set(login) == {"id", "client", "created", "used", "current"} for login in logins)
    assert len(logins) == 2


def test_a_guest_logs_in_and_becomes_the_account(member: Meet, meet: Meet, garden: str) -> None:
    ann, guest, bo = member("Ann"), meet("Cy", garden), meet("Bo", garden)

    told = guest.done("login", name=ann.name, password=PASSWORD)

    assert set(told) == {"you", "token", "rooms", "preferences"}
    assert told["you"]["name"] == ann.name
    assert bo.hears("renamed") == {"type": "renamed", "from": guest.name, "to": ann.name, "guest": True}
    assert bo.hears("joined")["by"] == ann.name
    guest.refused("bad_request", "login", name=ann.name, password=PASSWORD)
    guest.refused("bad_request", "register", name=fresh("Ann"), password=PASSWORD)


def test_wrong_name_and_wrong_password_look_the_same(member: Meet, knock: Knock) -> None:
    ann, cy = member("Ann"), knock()

    wrong = cy.refused("unauthorised", "hello", name=ann.name, password="not it at all")
    unknown = cy.refused("unauthorised", "hello", name=fresh("Nobody"), password="not it at all")

    assert wrong["message"] == unknown["message"]


def test_an_accounts_name_is_taken_while_nobody_is_there(member: Meet, knock: Knock) -> None:
    ann = member("Ann")
    ann.leave()

    knock().refused("name_taken", "hello", name=ann.name)


def test_registering_has_its_rules(meet: Meet, member: Meet) -> None:
    ann, cy = member("Ann"), meet("Cy")

    cy.refused("name_taken", "register", name=ann.name, password=PASSWORD)
    cy.refused("bad_request", "register", name=cy.name, password="short")
    cy.refused("unauthorised", "register", name=cy.name, password=PASSWORD, invite="0" * 32)
    cy.refused("name_invalid", "register", name="two words", password=PASSWORD)


def test_guests_have_no_logins(meet: Meet) -> None:
    cy = meet("Cy")

    cy.refused("forbidden", "logins")
    cy.refused("forbidden", "revoke", login="1")


def test_a_revoked_login_ends_at_once(member: Meet, knock: Knock) -> None:
    ann, phone = member("Ann"), knock()
    phone.done("hello", token=ann.token)
    login = next(login for login in phone.done("logins")["logins"] if login["current"])

    assert phone.done("revoke", login=login["id"]) == {}

    for device in (ann, phone):
        assert device.hears("goodbye")["code"] == "revoked"
        assert device.ends() == 4003
    knock().refused("unauthorised", "hello", token=ann.token)


@pytest.mark.parametrize("login", ["999999999", "0", "-1", "nonsense", ""])
def test_only_ones_own_logins_are_revoked(member: Meet, login: str) -> None:
    member("Ann").refused("not_found", "revoke", login=login)


def test_logout_ends_the_login_of_this_device(member: Meet, knock: Knock) -> None:
    ann = member("Ann")

    ann.done("logout")

    assert ann.hears("goodbye")["code"] == "ended"
    assert ann.ends() == 1000
    knock().refused("unauthorised", "hello", token=ann.token)


def test_a_guest_takes_another_name_and_the_old_one_is_free(meet: Meet, knock: Knock, garden: str) -> None:
    ann, bo, name = meet("Ann", garden), meet("Bo", garden), fresh("Anna")
    ann.post(garden, "as Ann")

    told = ann.done("rename", name=name)

    assert told == {"you": {"name": name, "role": "guest", "guest": True}}
    assert bo.hears("renamed") == {"type": "renamed", "from": ann.name, "to": name, "guest": True}
    assert bo.done("history", room=garden)["events"][0]["by"] == ann.name
    knock().greet(ann.name)
    ann.refused("name_taken", "rename", name=bo.name)
    ann.refused("name_invalid", "rename", name="two words")


def test_an_accounts_rename_shows_in_older_messages(member: Meet, meet: Meet, garden: str) -> None:
    ann, bo, name = member("Ann", garden), meet("Bo", garden), fresh("Anna")
    ann.post(garden, "as Ann")

    ann.done("rename", name=name)

    assert bo.hears("renamed") == {"type": "renamed", "from": ann.name, "to": name}
    assert {event["by"] for event in bo.done("history", room=garden)["events"]} == {name}


def test_capitals_of_ones_own_name_may_change(meet: Meet) -> None:
    ann = meet("Ann")

    assert ann.done("rename", name=ann.name.upper())["you"]["name"] == ann.name.upper()


def test_a_read_mark_reaches_the_other_devices_of_the_account(member: Meet, knock: Knock, garden: str) -> None:
    ann, phone = member("Ann", garden), knock()
    phone.done("hello", token=ann.token)
    ann.post(garden, "hello")

    ann.done("read", room=garden, seq=2)

    told = {"type": "read", "room": garden, "seq": 2, "head": 2, "unread": 0, "mentions": 0}
    assert phone.hears("read") == told


def test_mentions_and_levels_reach_all_devices(member: Meet, meet: Meet, knock: Knock, garden: str) -> None:
    ann, phone, bo = member("Ann", garden), knock(), meet("Bo", garden)
    ann.done("level", room=garden, level="mentions")
    bo.post(garden, f"@{ann.name}, @here and nobody@example.org")

    assert (ann.hears("posted")["mentions"], bo.hears("posted")["here"]) == ([ann.name], True)
    (told,) = phone.done("hello", token=ann.token)["rooms"]
    assert (told["unread"], told["mentions"], told["level"]) == (1, 1, "mentions")
    phone.done("level", room=garden, level="nothing")
    assert [ann.hears("level")["level"] for _ in range(2)] == ["mentions", "nothing"]


def test_joining_and_leaving_on_one_device_reaches_the_others(member: Meet, knock: Knock, garden: str) -> None:
    ann, phone = member("Ann"), knock()
    phone.done("hello", token=ann.token)

    phone.done("join", room=garden)
    assert ann.hears("member") == {"type": "member", "room": garden, "member": True}
    phone.done("leave", room=garden)
    assert ann.hears("member") == {"type": "member", "room": garden, "member": False}


def test_passwords_are_tried_slowly(knock: Knock) -> None:
    cy, name = knock(), fresh("Nobody")

    codes = ["unauthorised"]
    while codes[-1] == "unauthorised" and len(codes) <= 12:
        reply = cy.ask("hello", name=name, password="not it at all")
        codes.append(reply["code"])

    assert codes[-1] in ("unauthorised", "too_fast")
    assert codes[-1] == "unauthorised" or reply["retry_after"] > 0
