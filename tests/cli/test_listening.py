"""Where a server listens, and what it says of that to the person who started it."""

import socket
import urllib.request
from pathlib import Path

import pytest

from nexus.node.listening import elsewhere, here
from tests.cli.command import nexus, serving, taken_port


def test_every_address_of_both_kinds_is_listened_on(tmp_path: Path) -> None:
    if not socket.has_dualstack_ipv6():
        pytest.skip("This machine has no IPv6.")
    with serving("--host", "::", cwd=tmp_path) as server:
        port = server.told("Open").rsplit(":", 1)[1].strip()
        for host in ("127.0.0.1", "[::1]"):
            with urllib.request.urlopen(f"http://{host}:{port}/healthz", timeout=20) as answer:
                assert answer.read() == b"ok\n"


def test_several_addresses_are_listened_on_and_each_is_told(tmp_path: Path) -> None:
    if not socket.has_ipv6:
        pytest.skip("This machine has no IPv6.")
    with serving("--host", "127.0.0.1", "--host", "::1", cwd=tmp_path) as server:
        first, second = server.told("Open").strip(), server.told("Or").strip()
        answers = []
        for url in (first, second):
            with urllib.request.urlopen(f"{url}/healthz", timeout=20) as answer:
                answers.append(answer.read())
        port = first.rpartition(":")[2]
        told = nexus("doctor", "--host", "127.0.0.1,::1", "--port", port, cwd=tmp_path)
        assert server.stop() == (0, "")

    assert answers == [b"ok\n", b"ok\n"]
    assert (first, second) == (f"http://127.0.0.1:{port}", f"http://[::1]:{port}")
    assert f"Port {port} on 127.0.0.1 is answered by Nexus" in told.stdout
    assert f"Port {port} on ::1 is answered by Nexus" in told.stdout


def test_where_one_of_several_addresses_is_taken_that_one_is_named(tmp_path: Path) -> None:
    with taken_port() as port:
        told = nexus("serve", "--host", "::1", "--host", "127.0.0.1", "--port", str(port), cwd=tmp_path)

    assert told.returncode == 1
    assert told.stderr.startswith(f"Port {port} on 127.0.0.1 is in use")


def test_every_network_of_both_kinds_may_be_named_one_by_one(tmp_path: Path) -> None:
    if not socket.has_ipv6:
        pytest.skip("This machine has no IPv6.")
    with serving("--host", "::", "--host", "0.0.0.0", cwd=tmp_path) as server:
        assert "Or " not in server.printed, "this machine reaches both at the same address"
        assert server.stop() == (0, "")


def test_a_server_that_others_reach_says_what_is_open_to_them(tmp_path: Path) -> None:
    with serving("--host", "0.0.0.0", cwd=tmp_path) as server:
        if "Others" in server.printed:  # this machine has a network
            assert server.told("Others").startswith("http://")
            assert "without TLS" in server.told("Mind")
    with serving(cwd=tmp_path) as server:
        assert "Mind" not in server.printed


def test_an_address_as_others_use_it() -> None:
    assert (here("::1"), here("0.0.0.0"), here("localhost")) == ("[::1]", "127.0.0.1", "localhost")
    assert elsewhere("127.0.0.1") is None
    assert elsewhere("::1") is None
    assert elsewhere("localhost") is None
    assert elsewhere("192.0.2.7") == "192.0.2.7"
