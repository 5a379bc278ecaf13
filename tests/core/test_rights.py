"""Who may do what, against a table that was written by hand: every command, every role, every kind of room."""

from itertools import pairwise

import hypothesis.strategies as st
import pytest
from hypothesis import given
from msgspec.structs import replace

from nexus.core.access import BOT, PLACES, ROLES, Rules, Standing
from nexus.core.changes import Denied
from nexus.core.rights import RIGHTS, Facts, may
from nexus.protocol.codec import COMMANDS

OPEN, PRIVATE, DIRECT = Rules(), Rules("private"), Rules("direct")

POSITIONS: list[Facts] = [
    Facts("guest", rules=OPEN, room="garden", here=True),
    Facts("member", rules=OPEN, room="garden"),
    Facts("member", "member", OPEN, "garden", here=True),
    Facts("member", "moderator", OPEN, "garden", here=True),
    Facts("member", "owner", OPEN, "garden", here=True),
    Facts("moderator", rules=OPEN, room="garden"),
    Facts("admin", rules=OPEN, room="garden"),
    Facts("member", rules=PRIVATE, room="plans"),
    Facts("admin", rules=PRIVATE, room="plans"),
    Facts("member", "member", PRIVATE, "plans", here=True),
    Facts("member", "moderator", PRIVATE, "plans", here=True),
    Facts("member", "owner", PRIVATE, "plans", here=True),
    Facts("admin", rules=DIRECT, room="p-1"),
    Facts("member", "member", DIRECT, "p-1", here=True),
    Facts("member", rules=OPEN, room="garden", limited=True),
    Facts("member", "member", OPEN, "garden", here=True, limited=True),
    Facts("member", "moderator", OPEN, "garden", here=True, limited=True),
    Facts(BOT, "member", OPEN, "garden", here=True),
    Facts(BOT, "moderator", OPEN, "garden", here=True),
]
"""An open room: a guest in it, an account that is not, a member, a moderator, an owner, and of the server a moderator
and an administrator who are not in it. A private one: an account and an administrator outside, the three inside. A
direct one: an administrator outside, and one of its people. Who has a limited account, outside of the open room, in it,
and moderating it. A bot in it, and one that moderates it."""

READS = "yyyyyyy nnyyy ny nyyyy"
SAYS = "ynyyynn nnyyy ny nyyyy"
PINS = "nnyyynn nnyyy ny nyyyy"
MANAGES = "nnnyyyy nnnyy nn nnyny"

IN_ROOMS = {
    **dict.fromkeys(("join", "pins", "replies", "history", "read", "level", "who", "report", "search"), READS),
    **dict.fromkeys(("leave", "post", "edit", "react", "unreact", "typing"), SAYS),
    "delete": "ynyyyyy nnyyy ny nyyyy",
    **dict.fromkeys(("pin", "unpin"), PINS),
    "configure": "ynyyyyy nnyyy ny nyyyy",
    **dict.fromkeys(("add", "remove", "promote"), MANAGES),
    **dict.fromkeys(("invite", "invites"), "nnnyyyy nnnyy nn nnnny"),
    "destroy": "nnnnyny nnnny nn nnnnn",
    "purge": "nnnnnyy nnnnn nn nnnnn",
}
"""Their own message, the lowest in rank as the target, the topic of the room."""

ON_THE_SERVER = {
    **dict.fromkeys(("hello", "rooms", "ping", "rename", "logout", "search", "uninvite"), "yyyyyy"),
    **dict.fromkeys(("ignore", "unignore", "ignored", "why"), "yyyyyy"),
    "create": "ynyyyy",
    **dict.fromkeys(("direct", "prefer"), "nyyyyy"),
    **dict.fromkeys(("accept", "password", "erase", "logins", "revoke", "bot", "bots", "unbot"), "nnyyyy"),
    **dict.fromkeys(("register", "login"), "ynnnnn"),
    **dict.fromkeys(("mute", "unmute", "ban", "unban", "bans", "purge", "restore", "pause", "acts", "undo"), "nnnyyy"),
    **dict.fromkeys(("reports", "settle"), "nnnyyy"),
    **dict.fromkeys(("promote", "invite", "invites", "limit", "unlimit"), "nnnnyy"),
}
"""A guest, a bot, a member, a moderator, an administrator, an owner of the server."""

ALL_ROLES = (ROLES[0], BOT, *ROLES[1:])


def own(verb: str, facts: Facts) -> Facts:
    """The same, where it is about a message of one's own."""
    return replace(facts, oneself=verb in ("edit", "delete"))


def test_every_command_has_a_right_and_stands_in_the_table_written_by_hand() -> None:
    assert RIGHTS.keys() == COMMANDS.keys()
    assert RIGHTS.keys() == IN_ROOMS.keys() | ON_THE_SERVER.keys()
    assert {verb for verb, right in RIGHTS.items() if right.room} <= IN_ROOMS.keys()


@pytest.mark.parametrize("verb", IN_ROOMS)
def test_in_rooms_everyone_may_what_the_table_says(verb: str) -> None:
    found = ["y" if may(verb, own(verb, facts)) is None else "n" for facts in POSITIONS]
    assert "".join(found) == IN_ROOMS[verb].replace(" ", "")


@pytest.mark.parametrize("verb", ON_THE_SERVER)
def test_on_the_server_everyone_may_what_the_table_says(verb: str) -> None:
    found = ["y" if may(verb, Facts(role)) is None else "n" for role in ALL_ROLES]
    assert "".join(found) == ON_THE_SERVER[verb]


roles, places = st.sampled_from(ALL_ROLES), st.sampled_from(PLACES)
rules = st.builds(
    Rules,
    kind=st.sampled_from(("open", "private", "direct")),
    posting=st.sampled_from(("everyone", "members", "moderators")),
    guests=st.sampled_from(("talk", "read", "none")),
    archived=st.booleans(),
)
facts = st.builds(
    Facts,
    role=roles,
    place=places,
    limited=st.booleans(),
    rules=rules,
    room=st.just("garden"),
    here=st.booleans(),
    removed=st.booleans(),
    other=st.none() | st.builds(Standing, roles, places),
    oneself=st.booleans(),
    wanted=st.sampled_from(("member", "moderator", "owner")),
    guests=st.sampled_from(("talk", "read", "none")),
    create=st.sampled_from(("everyone", "members", "admins")),
    register=st.sampled_from(("everyone", "invited", "nobody")),
    muted=st.sampled_from(("", "You are muted.")),
    apart=st.none() | st.just(Denied("not_found", "Bo cannot be reached.")),
)


@given(st.sampled_from(sorted(IN_ROOMS)), facts, roles)
def test_a_private_room_does_not_exist_for_anyone_who_is_not_in_it_whatever_their_role(
    verb: str, one: Facts, role: str
) -> None:
    outside = replace(one, place="", role=role, rules=Rules("private"))
    moderating = verb == "purge" and may(verb, replace(outside, rules=None, room="")) is not None
    denied = may(verb, outside)
    assert denied is not None
    assert moderating or denied == Denied("not_found", "There is no room 'garden'.")


@given(st.sampled_from(sorted(RIGHTS)), facts)
def test_nobody_loses_a_right_by_a_higher_place_in_the_room(verb: str, one: Facts) -> None:
    for lower, higher in pairwise(PLACES):
        if may(verb, replace(one, place=lower, oneself=False)) is None:
            assert may(verb, replace(one, place=higher, oneself=False)) is None


@given(st.sampled_from(("post", "edit", "react", "unreact", "pin", "unpin", "typing")), facts)
def test_anyone_who_may_not_talk_may_say_nothing_in_any_way(verb: str, one: Facts) -> None:
    silent = one.muted or one.apart or (one.rules is not None and one.rules.archived) or not one.here
    guest = one.role == "guest" and one.guests != "talk"
    if silent or guest:
        assert may(verb, replace(one, oneself=True)) is not None


@given(facts)
def test_what_is_denied_is_a_code_of_the_table_and_a_sentence(one: Facts) -> None:
    for verb in RIGHTS:
        denied = may(verb, one)
        if denied is not None:
            assert denied.code in ("forbidden", "not_found", "not_joined", "bad_request")
            assert denied.message.endswith(".")
