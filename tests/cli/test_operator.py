"""The operator's commands: beside a running server, and where none runs."""

import json
import os
import stat
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from tests.cli.command import COMMAND, environment, nexus, serving
from tests.cli.test_serve import ask, greeted

PASSWORD = "correct horse battery"


def run(cwd: Path, *arguments: str) -> str:
    """What a command prints that does what it is asked."""
    told = nexus(*arguments, cwd=cwd)
    assert (told.returncode, told.stderr) == (0, "")
    return told.stdout


def answer(cwd: Path, *arguments: str) -> Any:
    """The same in JSON."""
    return json.loads(run(cwd, *arguments, "--json"))


@contextmanager
def hello(url: str, **fields: Any) -> Iterator[dict[str, Any]]:
    """The answer to a hello, while the connection lasts."""
    with connect(f"ws{url.removeprefix('http')}/ws", subprotocols=[Subprotocol("nexus.v1")]) as connection:
        yield ask(connection, type="hello", **fields)


def with_ann(cwd: Path) -> Path:
    """A stopped server's folder, where Ann has an account and said something in the garden."""
    with serving(cwd=cwd) as server, greeted("Ann", server.told("Open")) as ann:
        ask(ann, type="register", name="Ann", password=PASSWORD)
        ask(ann, type="join", room="garden")
        ask(ann, type="post", room="garden", text="The beans are in.")
    return cwd


def test_a_running_server_is_asked_through_its_socket(tmp_path: Path) -> None:
    with serving(cwd=tmp_path) as server, greeted("Ann", server.told("Open")) as ann:
        ask(ann, type="register", name="Ann", password=PASSWORD)
        ask(ann, type="join", room="garden")
        control = tmp_path / "nexus-data" / "control"

        assert stat.S_IMODE(control.stat().st_mode) == 0o600
        (user,) = answer(tmp_path, "user", "list")
        assert (user["name"], user["role"], user["logins"]) == ("Ann", "member", 1)
        (session,) = answer(tmp_path, "sessions")
        assert (session["name"], session["rooms"], session["connected"]) == ("Ann", ["garden"], True)
        assert answer(tmp_path, "room", "show", "garden")["here"] == ["Ann"]
        assert "garden" in run(tmp_path, "room", "list")
        ask(ann, type="configure", room="garden", keep=30)
        assert "for 30 days" in run(tmp_path, "room", "list")
        assert "Messages are kept for 30 days." in run(tmp_path, "room", "show", "garden")
    assert not control.exists()


def test_signing_someone_out_ends_their_connection_at_once(tmp_path: Path) -> None:
    with serving(cwd=tmp_path) as server, greeted("Ann", server.told("Open")) as ann:
        ask(ann, type="register", name="Ann", password=PASSWORD)

        assert run(tmp_path, "user", "end-logins", "Ann") == "Ann is signed out; 1 login ended.\n"

        assert next(frame for frame in map(json.loads, ann) if frame["type"] == "goodbye")["code"] == "revoked"


def test_a_reset_link_lets_in_anyone_who_forgot_the_password(tmp_path: Path) -> None:
    with serving(cwd=tmp_path) as server, greeted("Ann", server.told("Open")) as ann:
        url = server.told("Open")
        ask(ann, type="register", name="Ann", password=PASSWORD)
        told = run(tmp_path, "user", "reset", "Ann")
        link = next(line.strip() for line in told.splitlines() if "/reset/" in line)

        assert link.startswith(f"{url}/reset/")
        with greeted("Cy", url):
            pass
        with hello(url, reset=link.rpartition("/")[2], password="battery staple") as done:
            assert done["you"]["name"] == "Ann"


def test_an_invitation_makes_an_account_with_its_role(tmp_path: Path) -> None:
    with serving("--accounts-register", "invited", "--guests", "none", cwd=tmp_path) as server:
        url = server.told("Open")
        code = answer(tmp_path, "invite", "create", "--role", "admin")["code"]

        with hello(url, name="Bo", password=PASSWORD, invite=code) as done:
            assert done["you"] == {"name": "Bo", "role": "admin", "guest": False}
        assert all(invite["role"] != "member" for invite in answer(tmp_path, "invite", "list"))


def test_an_invitation_leads_into_a_room_and_makes_limited_accounts(tmp_path: Path) -> None:
    with_ann(tmp_path)
    told = run(tmp_path, "invite", "create", "--room", "garden", "--limited", "--uses", "2", "--qr")
    assert told.startswith(
        "This link brings 2 people into garden (member), with accounts that find nothing else, until"
    )
    link, *squares = told.splitlines()[1:]
    assert {len(line) for line in squares} == {len(squares[0])}
    assert set("".join(squares)) == set("█▀▄ ")
    with serving(cwd=tmp_path) as server:
        code = link.rpartition("/")[2]
        with hello(server.told("Open"), name="Bo", password=PASSWORD, register=True, invite=code) as done:
            assert done["you"] == {"name": "Bo", "role": "member", "guest": False, "limited": True}
            assert [room["name"] for room in done["rooms"]] == ["garden"]
        (row,) = [row for row in answer(tmp_path, "invite", "list") if row["limited"]]
        assert (row["place"], row["uses"], row["used"]) == ("garden", 1, ["Bo"])
        assert "Bo" in run(tmp_path, "invite", "list")
        assert run(tmp_path, "user", "unlimit", "Bo") == "Bo finds all open rooms now.\n"
        run(tmp_path, "invite", "revoke", str(row["id"]))
        assert all(not row["limited"] for row in answer(tmp_path, "invite", "list"))
    assert [act["verb"] for act in answer(tmp_path, "audit")] == ["uninvite", "unlimit", "invite"]


def test_who_troubles_others_is_sent_away_beside_a_running_server(tmp_path: Path) -> None:
    with serving(cwd=tmp_path) as server, greeted("Ann", server.told("Open")) as ann:
        url = server.told("Open")
        ask(ann, type="register", name="Ann", password=PASSWORD)
        ask(ann, type="join", room="garden")
        with greeted("Cy", url) as cy:
            ask(cy, type="join", room="garden")
            assert run(tmp_path, "user", "mute", "Cy", "--minutes", "5") == "Cy is muted for 5 minutes.\n"
            notice = next(frame for frame in map(json.loads, cy) if frame["type"] == "notice")
            assert notice["text"] == "A moderator muted you for 5 minutes."
            assert run(tmp_path, "user", "unmute", "Cy") == "Cy may talk again.\n"

        assert run(tmp_path, "user", "ban", "Ann", "--reason", "Spam.") == "Ann is banned for good.\n"

        assert next(frame for frame in map(json.loads, ann) if frame["type"] == "goodbye")["code"] == "banned"
    told = run(tmp_path, "audit")
    assert all(word in told for word in ("operator", "ban", "Ann", "Spam.", "mute", "Cy"))


def test_all_guests_from_where_somebody_is_are_sent_away_with_what_they_said(tmp_path: Path) -> None:
    there = {"X-Forwarded-For": "192.0.2.66"}
    with serving(cwd=tmp_path) as server, ExitStack() as stack:
        url = f"ws{server.told('Open').removeprefix('http')}/ws"
        guests = [
            stack.enter_context(connect(url, subprotocols=[Subprotocol("nexus.v1")], additional_headers=there))
            for _ in range(2)
        ]
        for guest, name in zip(guests, ("Cy", "Cyd"), strict=True):
            ask(guest, type="hello", name=name)
            ask(guest, type="join", room="garden")
            ask(guest, type="post", room="garden", text="buy tea")

        asked = nexus("user", "ban", "Cy", "--address", cwd=tmp_path)
        assert (asked.returncode, "1 other guest is at the same address." in asked.stderr) == (1, True)
        told = run(tmp_path, "user", "ban", "Cy", "--address", "--purge", "1", "--yes")

        assert told == "Cy is banned for good.\n2 messages are hidden.\n"
        for guest in guests:
            assert next(frame for frame in map(json.loads, guest) if frame["type"] == "goodbye")["code"] == "banned"


def test_who_was_sent_away_comes_back_where_no_server_runs(tmp_path: Path) -> None:
    with_ann(tmp_path)
    assert run(tmp_path, "user", "ban", "Ann", "--hours", "2") == "Ann is banned for 2 hours.\n"
    with (
        serving(cwd=tmp_path) as server,
        pytest.raises(AssertionError, match="its moderators sent you away"),
        hello(server.told("Open"), name="Ann", password=PASSWORD),
    ):
        pass
    assert run(tmp_path, "user", "unban", "ann") == "ann may come in again.\n"
    with serving(cwd=tmp_path) as server, hello(server.told("Open"), name="Ann", password=PASSWORD) as done:
        assert done["type"] == "done"
    acts = [(act["verb"], act["name"], act["by"]) for act in answer(tmp_path, "audit")]
    assert acts == [("unban", "Ann", "operator"), ("ban", "Ann", "operator")]


def test_without_a_server_the_same_commands_do_the_same(tmp_path: Path) -> None:
    with_ann(tmp_path)

    assert run(tmp_path, "user", "role", "Ann", "admin") == "Ann is now an admin.\n"
    assert run(tmp_path, "user", "rename", "Ann", "Anna") == "Ann is now called Anna.\n"
    assert "Anna is admin." in run(tmp_path, "user", "show", "Anna")
    assert [act["verb"] for act in answer(tmp_path, "audit")] == ["rename", "role"]
    assert "> The beans are in." in run(tmp_path, "room", "export", "garden")
    events = [json.loads(line) for line in run(tmp_path, "room", "export", "garden", "--json").splitlines()]
    assert [event["type"] for event in events] == ["joined", "posted"]
    assert events[1]["by"] == "Anna"


def test_a_person_takes_along_what_there_is_of_them(tmp_path: Path) -> None:
    with_ann(tmp_path)

    about, *said = [json.loads(line) for line in run(tmp_path, "user", "export", "Ann").splitlines()]

    assert (about["type"], about["user"]["name"]) == ("account", "Ann")
    assert [room["name"] for room in about["rooms"]] == ["garden"]
    assert [(event["room"], event["text"]) for event in said] == [("garden", "The beans are in.")]
    assert nexus("user", "export", "Bo", cwd=tmp_path).returncode != 0


def test_a_person_is_erased_with_what_they_said(tmp_path: Path) -> None:
    with_ann(tmp_path)

    told = run(tmp_path, "user", "erase", "Ann", "--messages", "remove", "--yes")

    assert told == "Ann is erased; 1 message was removed.\n"
    exported = run(tmp_path, "room", "export", "garden")
    assert "beans" not in exported
    assert "Ann" not in exported
    assert b"beans" not in (tmp_path / "nexus-data" / "nexus.db").read_bytes()
    with serving(cwd=tmp_path) as server, greeted("Bo", server.told("Open")) as bo:
        ask(bo, type="join", room="garden")
    for path in (tmp_path / "nexus-data").rglob("*"):
        assert not path.is_file() or b"beans" not in path.read_bytes(), path


def test_a_person_is_erased_while_they_are_here(tmp_path: Path) -> None:
    with serving(cwd=tmp_path) as server, greeted("Ann", server.told("Open")) as ann:
        url = server.told("Open")
        ask(ann, type="register", name="Ann", password=PASSWORD)
        ask(ann, type="join", room="garden")
        ask(ann, type="post", room="garden", text="The beans are in.")
        with greeted("Bo", url) as bo:
            ask(bo, type="join", room="garden")

            run(tmp_path, "user", "erase", "Ann", "--yes")

            renamed = next(frame for frame in map(json.loads, bo) if frame["type"] == "renamed")
            assert (renamed["from"], renamed["to"]) == ("Ann", "former member")
        assert next(frame for frame in map(json.loads, ann) if frame["type"] == "goodbye")["code"] == "revoked"


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("user", "show", "Nobody"), 1, "There is no account 'Nobody'"),
        (("user", "role", "Ann", "king"), 2, "There is no role 'king'"),
        (("user", "erase", "Ann", "--messages", "some", "--yes"), 2, "--messages cannot be 'some'"),
        (("room", "show", "nowhere"), 1, "There is no room 'nowhere'"),
        (("invite", "revoke", "99"), 1, "There is no invite 99"),
        (("invite", "create", "--limited"), 1, "say which one"),
        (("invite", "create", "--room", ""), 2, "--room is empty"),
        (("invite", "create", "--room", "garden", "--role", "admin"), 1, "The roles in a room are owner"),
        (("user", "ban", "Nobody"), 1, "There is nobody 'Nobody'"),
        (("user", "ban", "Ann", "--address", "--yes"), 1, "The address of Ann is not known"),
        (("user", "unban", "Ann"), 1, "Ann is not banned"),
        (("user", "unmute", "Ann"), 1, "They are not muted"),
        (("user", "unlimit", "Ann"), 1, "do not have a limited account"),
        (("user", "list", "--data", "elsewhere"), 1, "does not exist"),
        (("user", "list", "--config", "missing.toml"), 2, "missing.toml does not exist"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    tmp_path: Path, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    with_ann(tmp_path)

    told = nexus(*arguments, cwd=tmp_path)

    assert told.returncode == code
    assert sentence in told.stderr
    assert "Traceback" not in told.stderr


def test_a_path_that_is_too_long_for_a_socket_is_no_hindrance(tmp_path: Path) -> None:
    deep = tmp_path / "/".join(["a-folder-with-a-long-name"] * 6)
    deep.mkdir(parents=True)
    with serving(cwd=deep) as server, greeted("Ann", server.told("Open")):
        assert [session["name"] for session in answer(deep, "sessions")] == ["Ann"]
    assert not os.path.lexists(deep / "nexus-data" / "control")


def test_a_socket_that_a_killed_server_left_is_no_hindrance(tmp_path: Path) -> None:
    with serving(cwd=tmp_path) as server:
        server.process.kill()
        server.process.communicate()
    assert (tmp_path / "nexus-data" / "control").exists()

    assert answer(tmp_path, "user", "list") == []
    with serving(cwd=tmp_path):
        assert answer(tmp_path, "sessions") == []


def test_what_a_device_calls_itself_does_nothing_to_the_terminal(tmp_path: Path) -> None:
    with_ann(tmp_path)
    with (
        serving(cwd=tmp_path) as server,
        hello(server.told("Open"), name="Ann", password=PASSWORD, client="\x1b[2Jevil\n"),
    ):
        pass

    told = run(tmp_path, "user", "show", "Ann")

    assert "\x1b" not in told
    assert "evil" in told


def test_erasing_asks_first(tmp_path: Path) -> None:
    with_ann(tmp_path)

    told = subprocess.run(
        [*COMMAND, "user", "erase", "Ann"],
        cwd=tmp_path,
        env=environment(),
        input="n\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert told.returncode == 1
    assert [user["name"] for user in answer(tmp_path, "user", "list")] == ["Ann"]
