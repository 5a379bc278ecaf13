"""One nonce from two connections in the same moment: the same person, another text, another person, a new guest."""

from collections.abc import Iterator

import pytest

from tests.conformance.peer import Frame, Peer, fresh
from tests.live.server import Server
from tests.torture.load import read_history
from tests.torture.scale import scaled

ROUNDS = scaled(100, 3000)
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server."""
    with Server(tmp_path_factory.mktemp("nonces") / "data") as server:
        yield server


@pytest.fixture
def room() -> str:
    """A room that nobody was in before."""
    return fresh("garden")


@pytest.fixture
def devices(server: Server, room: str) -> Iterator[list[Peer]]:
    """Ann on two devices, in the room."""
    first, second = Peer(server.ws), Peer(server.ws)
    first.greet(fresh("Ann"))
    token = first.done("register", name=first.name, password=PASSWORD)["token"]
    second.done("hello", token=token)
    for device in (first, second):
        device.done("join", room=room)
    yield [first, second]
    for device in (first, second):
        device.leave()


def at_once(peers: list[Peer], room: str, texts: list[str], nonce: str) -> list[Frame]:
    """The replies to posts that all say what they say at the same time."""
    refs = [peer.say("post", room=room, text=text, nonce=nonce) for peer, text in zip(peers, texts, strict=True)]
    return [peer.reply(ref) for peer, ref in zip(peers, refs, strict=True)]


def test_a_nonce_from_two_devices_at_once_is_one_message(server: Server, room: str, devices: list[Peer]) -> None:
    for number in range(ROUNDS):
        first, second = at_once(devices[:: 1 - number % 2 * 2], room, ["hello"] * 2, f"n-{number}")
        assert first["type"] == second["type"] == "done"
        assert (first["seq"], first["at"]) == (second["seq"], second["at"])

    posted = [event for event in read_history(server.ws, [room])[room] if event["type"] == "posted"]
    assert len(posted) == ROUNDS
    for device in devices:
        assert [event for event in device.sync() if event["type"] == "posted"] == posted


def test_a_nonce_with_two_texts_at_once_is_one_message_and_one_refusal(
    server: Server, room: str, devices: list[Peer]
) -> None:
    expected = []
    for number in range(ROUNDS):
        texts = [f"this {number}", f"that {number}"]
        replies = at_once(devices[:: 1 - number % 2 * 2], room, texts, f"n-{number}")
        done, refused = sorted(replies, key=lambda reply: str(reply["type"]))
        assert done["type"] == "done"
        assert str(done["seq"]) in devices[0].check_refusal("nonce_reused", refused)["message"]
        expected.append((done["seq"], texts[replies.index(done)]))

    posted = [event for event in read_history(server.ws, [room])[room] if event["type"] == "posted"]
    assert [(event["seq"], event["text"]) for event in posted] == expected


def test_a_nonce_of_two_people_at_once_is_two_messages(server: Server, room: str, devices: list[Peer]) -> None:
    bo = Peer(server.ws)
    bo.greet(fresh("Bo"))
    bo.done("join", room=room)

    for number in range(ROUNDS):
        replies = at_once([devices[0], bo], room, ["hello", ["hello", "good day"][number % 2]], f"n-{number}")
        assert [reply["type"] for reply in replies] == ["done", "done"]
        assert replies[0]["seq"] != replies[1]["seq"]

    posted = [event["by"] for event in read_history(server.ws, [room])[room] if event["type"] == "posted"]
    assert (posted.count(devices[0].name), posted.count(bo.name)) == (ROUNDS, ROUNDS)
    bo.leave()


@pytest.mark.parametrize("text", ["hello", "good day"], ids=["the same text", "another text"])
def test_a_nonce_of_a_guest_whose_session_ended_is_free_for_who_has_the_name_next(
    server: Server, room: str, text: str
) -> None:
    first = Peer(server.ws)
    first.greet(fresh("Dot"))
    first.done("join", room=room)
    assert first.post(room, "hello", nonce="n-1") == 1
    first.leave()

    second = Peer(server.ws)
    second.greet(first.name)
    second.done("join", room=room)
    told = second.done("post", room=room, text=text, nonce="n-1")

    assert told["seq"] == 2
    assert second.done("post", room=room, text=text, nonce="n-1") == told
    events = read_history(server.ws, [room])[room]
    assert [(event["seq"], event["by"], event["text"]) for event in events] == [
        (1, first.name, "hello"),
        (2, first.name, text),
    ]
    second.leave()


def test_a_nonce_sent_on_the_old_and_the_new_connection_of_a_session_is_one_message(server: Server, room: str) -> None:
    old = Peer(server.ws)
    told = old.greet(fresh("Ann"))
    old.done("join", room=room)
    for number in range(ROUNDS):
        old.say("post", room=room, text=f"{number}", nonce=f"n-{number}")
        new = Peer(server.ws)
        new.done("hello", session=told["session"], resume={room: {"seq": number, "at": 0}})
        assert new.post(room, f"{number}", nonce=f"n-{number}") == number + 1
        assert old.ends() in (4001, None)
        old.leave()
        old = new
    assert [event["text"] for event in read_history(server.ws, [room])[room]] == [
        f"{number}" for number in range(ROUNDS)
    ]
    old.leave()
