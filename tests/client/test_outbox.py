"""What waits to be stored: in order, under the same nonce, until it is answered once."""

from hypothesis import given
from hypothesis import strategies as st

from nexus.client.outbox import Outbox, prefix
from nexus.core.texts import check_nonce


def test_messages_wait_in_the_order_they_were_said() -> None:
    outbox = Outbox()
    for text in ("one", "two", "three"):
        outbox.add("garden", text)

    assert [post.text for post in outbox.posts()] == ["one", "two", "three"]


def test_a_message_is_sent_again_with_the_same_nonce_and_as_its_own_ref() -> None:
    outbox = Outbox()
    waiting = outbox.add("garden", "hello", reply_to=7)

    first, second = outbox.posts()[0], outbox.posts()[0]

    assert first == second == outbox.command(waiting)
    assert first.ref == first.nonce == waiting.nonce
    assert (first.room, first.text, first.reply_to) == ("garden", "hello", 7)


def test_a_message_is_settled_once() -> None:
    outbox = Outbox()
    waiting = outbox.add("garden", "hello")

    assert outbox.settle(waiting.nonce) is waiting
    assert outbox.settle(waiting.nonce) is None
    assert (len(outbox), outbox.get(waiting.nonce)) == (0, None)


def test_an_answer_to_something_else_settles_nothing() -> None:
    outbox = Outbox()
    outbox.add("garden", "hello")

    assert [outbox.settle(ref) for ref in (1, "join garden", None)] == [None, None, None]
    assert len(outbox) == 1


@given(st.lists(st.booleans(), max_size=40))
def test_whatever_is_settled_the_rest_keeps_its_order_and_its_nonces(answered: list[bool]) -> None:
    outbox = Outbox("begins")
    said = [outbox.add("garden", f"m{number}") for number in range(len(answered))]
    for waiting, done in zip(said, answered, strict=True):
        if done:
            outbox.settle(waiting.nonce)
    outbox.add("garden", "last")

    left = [waiting.nonce for waiting, done in zip(said, answered, strict=True) if not done]
    posts = outbox.posts()

    assert [post.nonce for post in posts[:-1]] == left
    assert posts[-1].text == "last"
    assert posts[-1].nonce not in {waiting.nonce for waiting in said}


def test_two_processes_never_share_nonces_and_each_is_one_the_server_takes() -> None:
    nonces = {Outbox().add("garden", "hello").nonce for _ in range(100)}

    assert len(nonces) == 100
    assert all(check_nonce(nonce) for nonce in nonces)
    assert prefix() != prefix()
