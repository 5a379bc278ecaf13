"""A conversation over many connections: what is said first on each, and when the next is tried."""

from hypothesis import given
from hypothesis import strategies as st

from nexus.client.conversation import LONGEST_WAIT, Conversation
from nexus.protocol import events as e
from nexus.protocol.replies import Done
from nexus.protocol.types import IgnoredInfo, Position, Preferences, RoomInfo, You

ANN = You("Ann", "guest", True)


def posted(room: str, seq: int, by: str = "Bo", guest: bool = False) -> e.Posted:
    return e.Posted(room=room, seq=seq, at=1000 + seq, by=by, guest=guest, text=f"m{seq}")


def entered(room: str) -> Done:
    return Done(ref=1, room=RoomInfo(room), here=["Ann"], online=1)


def greeted() -> Conversation:
    talk = Conversation("Ann")
    talk.greeted(Done(ref="hello", you=ANN, session="s1", epoch="e1"))
    return talk


def failures(talk: Conversation, chance: float, count: int) -> list[float]:
    return [talk.wait(lambda: chance) for _ in range(count)]


def test_the_first_hello_asks_for_the_name_and_resumes_nothing() -> None:
    hello = Conversation("Ann", client="nexus chat").hello()

    assert (hello.name, hello.token, hello.session, hello.epoch) == ("Ann", None, None, None)
    assert (hello.resume, hello.client) == ({}, "nexus chat")


def test_a_login_goes_before_the_name() -> None:
    hello = Conversation("Ann", "token").hello()

    assert (hello.name, hello.token) == (None, "token")


def test_the_hello_after_a_drop_names_session_epoch_and_last_positions() -> None:
    talk = greeted()
    for room in ("garden", "kitchen"):
        talk.entered(entered(room))
    talk.apply(posted("garden", 4))
    talk.apply(posted("garden", 5))
    talk.apply(posted("kitchen", 1))

    hello = talk.hello()

    assert (hello.session, hello.epoch) == ("s1", "e1")
    assert hello.resume == {"garden": Position(5, 1005), "kitchen": Position(1, 1001)}


def test_a_room_without_events_is_resumed_from_the_head_there_was_on_entering() -> None:
    talk = greeted()
    talk.entered(Done(ref=1, room=RoomInfo("garden", head=7, at=1007), here=[], online=1))
    talk.entered(Done(ref=2, room=RoomInfo("garden", head=9, at=1009), here=[], online=1))

    assert talk.hello().resume == {"garden": Position(7, 1007)}


def test_a_room_whose_history_was_replaced_is_joined_again() -> None:
    talk = greeted()
    for room in ("garden", "cellar"):
        talk.entered(entered(room))
        talk.apply(posted(room, 1))
    talk.apply(e.Reset(room="cellar"))

    assert talk.hello().resume == {"garden": Position(1, 1001)}

    resumed, known = RoomInfo("garden", here=["Ann"]), RoomInfo("cellar", member=True)
    assert talk.greeted(Done(ref="hello", you=ANN, session="s1", epoch="e1", rooms=[resumed, known])) == ["cellar"]
    assert talk.hello().resume == {"garden": Position(1, 1001)}


def test_a_room_that_hello_knows_and_did_not_resume_is_joined_again_where_it_was_left() -> None:
    talk = greeted()
    talk.entered(entered("garden"))
    talk.apply(posted("garden", 7))
    told = RoomInfo("garden", "Roses", head=9, unread=2, member=True)

    assert talk.greeted(Done(ref="hello", you=ANN, session="s1", epoch="e1", rooms=[told])) == ["garden"]
    assert talk.view("garden").resumes == Position(7, 1007)
    assert talk.view("garden").topic == ""


def test_what_another_device_joins_is_a_membership_and_what_it_leaves_is_gone() -> None:
    talk = greeted()
    talk.entered(Done(ref=1, room=RoomInfo("garden", member=True), here=["Ann"], online=1))

    assert talk.apply(e.Member(room="kitchen", member=True)) == ["kitchen"]
    assert (talk.memberships, list(talk.views)) == (["garden", "kitchen"], ["garden"])

    assert talk.apply(e.Member(room="garden", member=False)) == ["garden"]
    assert (talk.memberships, talk.views) == (["kitchen"], {})


def test_who_logs_in_counts_as_the_account_from_then_on() -> None:
    talk = greeted()
    talk.entered(entered("garden"))
    talk.apply(posted("garden", 1))

    account = You("Bo", "member", False)
    told = RoomInfo("garden", head=3, unread=0, mentions=0, level="mentions", member=True)
    talk.entered(Done(ref=2, you=account, token="secret", rooms=[told]))
    talk.apply(posted("garden", 2))
    talk.apply(posted("garden", 3))
    talk.apply(posted("garden", 4))

    view = talk.view("garden")
    assert (talk.you, view.unread, view.level) == (account, 0, "mentions")
    talk.apply(e.Posted(room="garden", seq=5, at=1005, by="Cy", text="@Bo", mentions=("Bo",)))
    assert (view.unread, view.mentions) == (1, 1)


def test_a_resumed_room_shows_what_the_server_says_now() -> None:
    talk = greeted()
    talk.entered(entered("garden"))
    talk.apply(posted("garden", 1))
    now = RoomInfo("garden", "Roses", head=9, online=3, unread=8, here=[])

    talk.greeted(Done(ref="hello", you=ANN, session="s1", epoch="e1", rooms=[now]))
    talk.apply(e.Skipped(room="garden", from_=2, to=8))
    talk.apply(posted("garden", 9))
    talk.apply(posted("garden", 10))

    view = talk.view("garden")
    assert (view.topic, view.online, view.unread, view.here) == ("Roses", 3, 9, {"Ann"})


def test_a_session_that_is_over_is_forgotten_once() -> None:
    talk = greeted()

    assert talk.session_over()
    assert not talk.session_over()
    assert talk.hello().session is None


def test_memberships_are_what_hello_tells() -> None:
    talk = Conversation("Ann", "token")
    talk.greeted(Done(ref="hello", rooms=[RoomInfo("garden", member=True), RoomInfo("kitchen")], token="fresh"))

    assert (talk.memberships, talk.token) == (["garden"], "fresh")


def test_events_of_rooms_one_is_not_in_are_not_shown() -> None:
    talk = greeted()

    assert talk.apply(posted("garden", 1)) == []
    assert talk.views == {}


def test_own_messages_are_not_unread_and_those_of_a_namesake_are() -> None:
    talk = greeted()
    talk.entered(entered("garden"))
    talk.apply(posted("garden", 1, "Ann", guest=True))
    talk.apply(posted("garden", 2, "Ann", guest=False))

    assert talk.view("garden").unread == 1


def test_the_own_rename_is_kept_for_the_next_hello() -> None:
    talk = greeted()
    talk.apply(e.Renamed(from_="Bo", to="Bob", guest=True))
    talk.apply(e.Renamed(from_="Ann", to="Nobody", guest=False))
    assert talk.name == "Ann"

    talk.apply(e.Renamed(from_="Ann", to="Anna", guest=True))

    assert (talk.name, talk.you) == ("Anna", You("Anna", "guest", True))
    assert talk.hello().name == "Anna"


def test_a_goodbye_with_a_time_is_obeyed_once_and_one_without_is_for_good() -> None:
    talk = greeted()

    assert not talk.comes_back(e.Goodbye(code="revoked", reason="The login was revoked."))
    assert talk.comes_back(e.Goodbye(code="restarting", reason="The server restarts.", retry_after=3.5))
    assert talk.wait(lambda: 1.0) == 3.5
    assert talk.wait(lambda: 1.0) < 3.5


def test_each_failure_waits_longer_until_the_longest() -> None:
    waits = failures(Conversation("Ann"), 1.0, 20)

    assert waits == sorted(waits)
    assert waits[0] < 1.0
    assert waits[-1] == LONGEST_WAIT


def test_a_greeting_ends_the_waiting() -> None:
    talk = greeted()
    first = failures(talk, 1.0, 9)[0]

    talk.greeted(Done(ref="hello", you=ANN))

    assert talk.wait(lambda: 1.0) == first


@given(st.floats(0, 1), st.integers(1, 2000))
def test_any_wait_is_bounded_and_spread_by_chance(chance: float, count: int) -> None:
    longest = failures(Conversation("Ann"), 1.0, count)[-1]

    assert failures(Conversation("Ann"), chance, count)[-1] == chance * longest
    assert longest <= LONGEST_WAIT


def test_a_renamed_room_keeps_its_view_its_place_and_what_waits_for_it() -> None:
    talk, moves = greeted(), list[tuple[str, str]]()
    talk.moved = lambda before, room: moves.append((before, room))
    for room in ("garden", "kitchen"):
        talk.entered(Done(ref=1, room=RoomInfo(room, member=True), here=["Ann"], online=1))
    talk.apply(posted("garden", 1))
    waiting = [talk.outbox.add("garden", text) for text in ("one", "two")]
    talk.outbox.due()
    view = talk.views["garden"]

    assert talk.apply(e.Moved(room="meadow", from_="garden")) == ["meadow"]

    assert list(talk.views) == ["meadow", "kitchen"]
    assert (talk.views["meadow"], view.name, talk.memberships) == (view, "meadow", ["meadow", "kitchen"])
    assert talk.apply(posted("meadow", 2)) == ["meadow"]
    talk.outbox.settle(waiting[0].nonce)
    assert [(post.room, post.text) for post in talk.outbox.due()] == [("meadow", "two")]
    assert moves == [("garden", "meadow")]
    assert talk.apply(e.Moved(room="pantry", from_="shed")) == ["pantry"]
    assert list(talk.views) == ["meadow", "kitchen"]


def test_a_room_that_was_renamed_while_one_was_away_is_resumed_under_its_name() -> None:
    talk = greeted()
    talk.entered(entered("garden"))
    talk.apply(posted("garden", 1))
    info = RoomInfo("meadow", head=3, former=["lawn", "garden"], here=["Ann"])

    again = talk.greeted(Done(ref="hello", you=ANN, session="s1", epoch="e1", rooms=[info]))

    assert (again, list(talk.views)) == ([], ["meadow"])
    assert talk.apply(posted("meadow", 2)) == ["meadow"]


def test_who_joins_by_an_old_name_has_one_view_of_the_room() -> None:
    talk = greeted()
    talk.entered(entered("garden"))
    talk.entered(Done(ref=2, room=RoomInfo("meadow", former=["garden"]), here=["Ann"], online=1))
    assert list(talk.views) == ["meadow"]


def test_what_the_ignored_say_is_unread_for_nobody_and_hidden_under_every_name() -> None:
    talk = Conversation("Ann")
    talk.greeted(Done(ref="hello", you=ANN, ignored=[IgnoredInfo("a2", "Bo"), IgnoredInfo("g1", "Dot", guest=True)]))
    talk.entered(entered("garden"))
    said = [posted("garden", 1), posted("garden", 2, "Dot"), posted("garden", 3, "Dot", guest=True)]
    for event in said:
        event.here = True
        talk.apply(event)
    view = talk.views["garden"]
    assert (view.unread, view.mentions) == (1, 1)
    assert [talk.ignoring.hides(event) for event in said] == [True, False, True]

    talk.apply(e.Renamed(from_="Bo", to="Zoe"))
    assert talk.ignoring.hides(posted("garden", 4, "Zoe"))
    talk.apply(e.Unignored(person="a2", name="Zoe"))
    talk.apply(e.Ignored(person="a3", name="Cy"))
    hidden = [talk.ignoring.hides(posted("garden", 5, by)) for by in ("Zoe", "Cy")]
    assert hidden == [False, True]
    talk.ignoring.shown.add(("garden", 5))
    assert not talk.ignoring.hides(posted("garden", 5, "Cy"))


def test_who_logs_in_ignores_whom_the_account_ignores() -> None:
    talk = greeted()
    account = You("Ann", "member", False)
    talk.entered(Done(ref=2, you=account, ignored=[IgnoredInfo("a2", "Bo")], preferences=Preferences()))
    assert talk.ignoring.has("Bo", False)
    talk.entered(Done(ref=3, you=account))
    assert talk.ignoring.has("Bo", False)
