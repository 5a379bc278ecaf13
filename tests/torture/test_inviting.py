"""The server is killed while somebody comes by an invitation, or is limited: each is wholly done, or not at all."""

from pathlib import Path

from tests.cli.command import nexus
from tests.conformance.peer import Frame, Peer, fresh
from tests.live.server import Server
from tests.torture.scale import scaled

ROUNDS = scaled(2, 30)
PASSWORD = "correct horse battery"


def comes(server: Server, name: str, code: str) -> Frame:
    """Come by an invitation, or log in where one did and has not heard so."""
    came = Peer(server.ws).ask("hello", name=name, password=PASSWORD, register=True, invite=code)
    return came if came["type"] == "done" else logs_in(server, name)


def logs_in(server: Server, name: str) -> Frame:
    """Come back."""
    return Peer(server.ws).done("hello", name=name, password=PASSWORD)


def test_who_is_invited_and_who_is_limited_is_so_wholly_or_not_at_all(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        ann = Peer(server.ws)
        ann.greet(fresh("Ann"))
        token = ann.done("register", name=ann.name, password=PASSWORD)["token"]
        told = nexus("user", "role", ann.name, "owner", "--data", str(server.data), cwd=server.data)
        assert told.returncode == 0, told.stderr
        room = ann.done("create", kind="private", title="Plans")["room"]["name"]
        bo, limited = fresh("Bo"), False
        Peer(server.ws).done("hello", name=bo, password=PASSWORD, register=True)
        for turn in range(ROUNDS):
            code, name, cy = ann.done("invite", room=room, uses=1)["code"], fresh("Cy"), Peer(server.ws)
            cy.say("hello", name=name, password=PASSWORD, register=True, invite=code)
            ann.say("unlimit" if limited else "limit", name=bo)
            for _ in range(100 * turn):  # meanwhile
                ann.done("ping")
            server.kill()
            server.start()

            assert [one["name"] for one in comes(server, name, code)["rooms"]] == [room]
            Peer(server.ws).refused("unauthorised", "hello", name=fresh("Eve"), password=PASSWORD, invite=code)
            ann = Peer(server.ws)
            ann.done("hello", token=token)
            limited = logs_in(server, bo)["you"].get("limited", False)
            acts = [act["verb"] for act in ann.done("acts")["acts"] if act["verb"] in ("limit", "unlimit")]
            assert limited is (acts[:1] == ["limit"])
