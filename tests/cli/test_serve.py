"""`nexus serve` from the outside: what it prints, how it stops, and what it says where it cannot start."""

import json
import socket
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from nexus import __version__
from nexus.cli.serve import command
from tests.cli.command import CERTIFICATES, Serving, environment, nexus, serving, taken_port


@contextmanager
def greeted(name: str, url: str) -> Iterator[ClientConnection]:
    """Someone's connection, greeted."""
    with connect(f"ws{url.removeprefix('http')}/ws", subprotocols=[Subprotocol("nexus.v1")]) as connection:
        ask(connection, type="hello", name=name)
        yield connection


def ask(connection: ClientConnection, **command: Any) -> dict[str, Any]:
    """Send a command and wait for its `done`."""
    connection.send(json.dumps({**command, "ref": 1}))
    while True:
        frame: dict[str, Any] = json.loads(connection.recv(timeout=30))
        if frame.get("ref") == 1:
            assert frame["type"] == "done", frame
            return frame


def test_it_says_where_it_is_how_to_join_and_how_to_stop(tmp_path: Path) -> None:
    with serving(cwd=tmp_path) as server:
        url = server.told("Open")
        printed = server.printed.splitlines()
        code, errors = server.stop()

    assert printed[0] == f"Nexus {__version__} is running."
    assert url.startswith("http://127.0.0.1:")
    assert server.told("Join").endswith(f" chat {url}")
    assert server.told("Administer").startswith(f"{url}/#admin=")
    assert server.told("Data") == "./nexus-data"
    assert server.told("Stop") == "Ctrl-C"
    assert (code, errors) == (0, "")


def test_a_second_start_finds_everything_as_it_was(tmp_path: Path) -> None:
    with serving(cwd=tmp_path) as server, greeted("Ann", server.told("Open")) as ann:
        ask(ann, type="join", room="garden")
        said = ask(ann, type="post", room="garden", text="The beans are in.")
        assert server.stop()[0] == 0

    with serving(cwd=tmp_path) as server, greeted("Bo", server.told("Open")) as bo:
        assert ask(bo, type="join", room="garden")["room"]["head"] == said["seq"]
        events = ask(bo, type="history", room="garden")["events"]

    assert [(event["seq"], event["at"], event["text"]) for event in events] == [
        (said["seq"], said["at"], "The beans are in.")
    ]


def test_a_second_server_on_the_same_data_is_refused_with_the_process_that_has_it(tmp_path: Path) -> None:
    with serving(cwd=tmp_path) as server:
        second = nexus("serve", "--port", "0", cwd=tmp_path)

    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr.startswith(f"The data directory nexus-data is in use by process {server.process.pid} on ")
    assert second.stderr.count("\n") == 1


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with taken_port() as port:
        told = nexus("serve", "--port", str(port), cwd=tmp_path)

    assert (told.returncode, told.stdout) == (1, "")
    assert f"ort {port} on 127.0.0.1 is in use" in told.stderr
    assert told.stderr.count("\n") == 1


def test_a_data_directory_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    told = nexus("serve", "--port", "0", "--data", "file/data", cwd=tmp_path)

    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith("The data directory ")
    assert told.stderr.count("\n") == 1


def test_a_lock_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "nexus-data" / "lock").mkdir(parents=True)

    told = nexus("serve", "--port", "0", cwd=tmp_path)

    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith("The data directory nexus-data cannot be used")
    assert told.stderr.count("\n") == 1


def test_a_newer_database_is_one_sentence(tmp_path: Path) -> None:
    with serving(cwd=tmp_path) as server:
        server.stop()
    with closing(sqlite3.connect(tmp_path / "nexus-data" / "nexus.db")) as database:
        database.execute("PRAGMA user_version = 999")

    told = nexus("serve", "--port", "0", cwd=tmp_path)

    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith("nexus-data/nexus.db was written by a newer Nexus: it has schema 999,")
    assert told.stderr.count("\n") == 1


def test_a_broken_setting_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "nexus-data").mkdir()
    (tmp_path / "nexus-data" / "nexus.toml").write_text("[limits]\ntext = 0\n")

    told = nexus("serve", cwd=tmp_path)

    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr == (
        "limits.text in nexus-data/nexus.toml is 0; it must be a whole number from 1 to 1000000000.\n"
    )


def test_a_certificate_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    told = nexus("serve", "--tls-certificate", "none.pem", "--tls-key", "none.key", cwd=tmp_path)

    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr == "tls.certificate is 'none.pem', which cannot be read (No such file or directory).\n"


def test_tls_is_served_on_the_same_port(tmp_path: Path) -> None:
    files = ("--tls-certificate", str(CERTIFICATES / "good.pem"), "--tls-key", str(CERTIFICATES / "good.key"))
    with serving(*files, cwd=tmp_path) as server:
        url = server.told("Open")
        told = nexus("doctor", "--port", url.rpartition(":")[2], *files, cwd=tmp_path)

    assert url.startswith("https://127.0.0.1:")
    assert f"is answered by Nexus {__version__}." in told.stdout


def test_the_command_to_join_is_what_a_person_can_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "my venv" / "bin" / "nexus"
    script.parent.mkdir(parents=True)
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(script), "serve"])
    monkeypatch.setattr(sys, "executable", str(script.with_name("python")))

    monkeypatch.chdir(script.parents[1])
    monkeypatch.setenv("PATH", "")
    assert command() == "bin/nexus"
    monkeypatch.chdir(script.parent)
    assert command() == "./nexus"
    monkeypatch.chdir(tmp_path / "my venv" / "..")
    assert command() == "'my venv/bin/nexus'"
    monkeypatch.chdir("/")
    assert command() == f"'{script}'"
    monkeypatch.setenv("PATH", str(script.parent))
    assert command() == "nexus"

    script.unlink()
    assert command().endswith("python' -m nexus")


def test_a_port_that_is_free_again_can_be_used_at_once(tmp_path: Path) -> None:
    with serving(cwd=tmp_path) as server, greeted("Ann", server.told("Open")):
        port = int(server.told("Open").rpartition(":")[2])
        server.stop()

    with socket.create_server(("127.0.0.1", port)):
        pass


def test_a_server_starts_among_the_variables_of_a_service_and_tells_of_them(tmp_path: Path) -> None:
    environ = environment(NEXUS_PORT="tcp://10.0.0.7:80", NEXUS_SERVICE_HOST="10.0.0.7", NEXUS_TITEL="Garden")
    server = Serving("--port", "0", cwd=tmp_path, environ=environ)
    code, errors = server.stop()

    assert code == 0
    assert "NEXUS_PORT, NEXUS_SERVICE_HOST, which Kubernetes sets" in errors
    assert "NEXUS_TITEL, which is not a setting; the nearest is NEXUS_TITLE." in errors
