"""What waits to be stored: in order, under the same nonce, until it is answered once."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from nexus.client.outbox import Outbox, make_nonce
from nexus.core.texts import check_nonce


def sent(outbox: Outbox) -> list[str]:
    """The texts of what goes out now."""
    return [post.text for post in outbox.due()]


def test_a_message_waits_for_the_answer_to_the_one_before_it_in_its_room() -> None:
    outbox = Outbox()
    one = outbox.add("garden", "one")
    outbox.add("garden", "two")

    assert [sent(outbox), sent(outbox)] == [["one"], []]
    outbox.settle(one.nonce)
    assert sent(outbox) == ["two"]


def test_rooms_do_not_wait_for_each_other() -> None:
    outbox = Outbox()
    for room, text in (("garden", "one"), ("garden", "two"), ("kitchen", "three")):
        outbox.add(room, text)

    assert sent(outbox) == ["one", "three"]


def test_a_message_that_is_refused_for_now_holds_back_those_behind_it() -> None:
    outbox = Outbox()
    one = outbox.add("garden", "one")
    outbox.add("garden", "two")
    first = outbox.due()

    assert outbox.hold(one.nonce)
    assert sent(outbox) == []
    outbox.release(one.nonce)
    assert outbox.due() == first


def test_a_message_that_went_out_on_another_connection_is_not_sent_again_when_its_time_is_over() -> None:
    outbox = Outbox()
    one = outbox.add("garden", "one")
    outbox.due()
    outbox.hold(one.nonce)
    outbox.lost()

    assert sent(outbox) == ["one"]
    outbox.release(one.nonce)
    assert sent(outbox) == []


def test_only_what_is_in_flight_is_held() -> None:
    outbox = Outbox()
    one = outbox.add("garden", "one")

    assert [outbox.hold(ref) for ref in (one.nonce, 1, "join garden", None)] == [False] * 4


def test_after_a_drop_a_message_is_sent_with_the_same_nonce_and_as_its_own_ref() -> None:
    outbox = Outbox()
    waiting = outbox.add("garden", "hello", reply_to=7)
    before = outbox.due()
    outbox.lost()

    assert outbox.due() == before
    assert before[0].ref == before[0].nonce == waiting.nonce
    assert (before[0].room, before[0].text, before[0].reply_to) == ("garden", "hello", 7)


def test_a_message_is_settled_once() -> None:
    outbox = Outbox()
    waiting = outbox.add("garden", "hello")

    assert outbox.settle(waiting.nonce) is waiting
    assert outbox.settle(waiting.nonce) is None
    assert (len(outbox), outbox.waiting(), sent(outbox)) == (0, [], [])


def test_an_answer_to_something_else_settles_nothing() -> None:
    outbox = Outbox()
    outbox.add("garden", "hello")

    assert [outbox.settle(ref) for ref in (1, "join garden", None)] == [None, None, None]
    assert len(outbox) == 1


@given(st.integers(0, 12), st.data())
def test_whatever_the_server_answers_each_room_stores_every_message_once_in_order(
    count: int, data: st.DataObject
) -> None:
    outbox, stored = Outbox(), list[tuple[str, str]]()
    said = [(data.draw(st.sampled_from(["garden", "kitchen"])), f"m{number}") for number in range(count)]
    for room, text in said:
        outbox.add(room, text)
    on_the_way = outbox.due()
    while on_the_way:
        post = on_the_way.pop(data.draw(st.integers(0, len(on_the_way) - 1)))
        match data.draw(st.sampled_from(["stored", "stored", "too fast", "lost"])):
            case "stored":
                stored.append((post.room, post.text))
                outbox.settle(post.ref)
            case "too fast":
                outbox.hold(post.ref)
                outbox.release(str(post.ref))
            case "lost":
                on_the_way.clear()
                outbox.lost()
        on_the_way += outbox.due()

    assert [text for room, text in stored if room == "garden"] == [text for room, text in said if room == "garden"]
    assert [text for room, text in stored if room == "kitchen"] == [text for room, text in said if room == "kitchen"]


# --- nonces --------------------------------------------------------------------------------------------


def times(*moments: int) -> Outbox:
    """An outbox to which the clock tells these times, in UTC ms."""
    clock: Iterator[int] = iter(moments)
    return Outbox(lambda: next(clock))


def test_nonces_grow_with_the_time_and_within_a_millisecond_with_the_count() -> None:
    outbox = times(1_700_000_000_000, 1_700_000_000_000, 1_700_000_000_001, 1_800_000_000_000)

    nonces = [outbox.add("garden", "hello").nonce for _ in range(4)]

    assert nonces == sorted(nonces)
    assert nonces[0].startswith(f"{1_700_000_000_000:012x}")


@given(st.integers(0, 2**48 - 1), st.integers(0, 2**48 - 1), st.integers(1, 2**24 - 1))
def test_the_nonce_of_a_later_message_is_greater_no_matter_who_wrote_it(now: int, later: int, count: int) -> None:
    first, second = make_nonce(now, "ffffffffff", count), make_nonce(later, "0000000000", 1)

    assert (first < second) == (now < later)
    assert len(first) == len(second)
    assert check_nonce(first) == first


def test_two_clients_of_one_account_never_share_a_nonce() -> None:
    nonces = {times(7).add("garden", "hello").nonce for _ in range(100)}

    assert len(nonces) == 100
