"""What the commands say of an address, a room or an output that is not as it should be."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

from tests.live.server import Server
from tests.terminal.test_scripts import NEXUS, environ, run


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://no-such.invalid", "There is no host 'no-such.invalid', or its name cannot be looked up now."),
        ("https://127.0.0.1:{port}", "What answers there does not speak TLS; http:// may be right."),
    ],
)
def test_an_address_that_is_wrong_is_told_what_is_wrong_with_it(server: Server, url: str, says: str) -> None:
    url = url.format(port=server.url.rsplit(":", 1)[1])

    assert run(server, "rooms", "--url", url) == (1, "", f"nexus: {url}: {says}\n")


def test_a_tail_of_a_room_that_is_not_there_says_so_and_makes_none(server: Server) -> None:
    code, printed, complained = run(server, "tail", "nowhere-yet")

    assert (code, printed, complained) == (1, "", "nexus: There is no room 'nowhere-yet'.\n")
    assert "nowhere-yet" not in run(server, "rooms")[1]


@pytest.mark.parametrize("arguments", [("send", "--help"), ("config",), ("doctor",)])
def test_a_full_disk_under_the_output_is_told_in_a_sentence(server: Server, arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*NEXUS, *arguments], stdout=full, stderr=subprocess.PIPE, env=environ(server), check=False
        )

    assert done.returncode == 1
    assert done.stderr.decode().splitlines()[-1] == "nexus: The output cannot be written: No space left on device."
    assert "Traceback" not in done.stderr.decode()


def test_what_answers_there_paints_nothing_on_the_terminal() -> None:
    answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n\x1b[31mred!"
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        url = f"http://127.0.0.1:{stranger.getsockname()[1]}"
        command = subprocess.Popen([*NEXUS, "rooms", "--url", url], stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        with stranger.accept()[0] as asked:
            asked.recv(4096)
            asked.sendall(answer)
        _, complained = command.communicate()

    assert complained.decode() == f"nexus: {url}: The server answered 404: \\x1b[31mred!\n"


def test_an_operators_list_that_nobody_reads_to_its_end_is_no_fault() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([*NEXUS, "config"], stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)

    assert (done.returncode, done.stderr) == (0, b"")
