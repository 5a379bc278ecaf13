"""The proxies of the documents, run as they stand there: Caddy and nginx, with TLS, and below a path."""

import asyncio
import http.client
import json
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.cli.command import Serving, nexus, serving
from tests.house.examples import examples
from tests.ports import free_ports

NAME = "chat.example.org"
CERTIFICATES = Path(__file__).parent.parent / "cli" / "certificates"
PATIENCE = 20.0
"""Seconds for a proxy to listen."""

CLIENT = "127.0.0.9"
"""Where the client is, as the proxy sees it."""


def needs(program: str) -> pytest.MarkDecorator:
    """Left out where a program is not there; where CI is set, `make system` has seen to it or says why not."""
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"`make system` installs {program}")


def example(language: str, part: str) -> str:
    """The one example in the documents that is in a proxy's language and has that part."""
    (found,) = [one.text for one in examples(language) if part in one.text]
    return found


@contextmanager
def running(*command: str, port: int) -> Iterator[None]:
    """A program that listens on a port, until the end."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            until = time.monotonic() + PATIENCE
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    assert process.poll() is None, process.stdout and process.stdout.read().decode()
                    assert time.monotonic() < until
            yield
        finally:
            process.terminate()


@contextmanager
def caddy(folder: Path, text: str, port: int, to: int) -> Iterator[None]:
    """Caddy with an example, but for where it listens, its certificate and the server's port."""
    own = f"{NAME}:{port} {{\n\ttls {CERTIFICATES / 'good.pem'} {CERTIFICATES / 'good.key'}"
    text = text.replace(f"{NAME} {{", own).replace("127.0.0.1:8000", f"127.0.0.1:{to}")
    file = folder / "Caddyfile"
    file.write_text("{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + text)
    with running("caddy", "run", "--config", str(file), "--adapter", "caddyfile", port=port):
        yield


@contextmanager
def nginx(folder: Path, text: str, port: int, to: int) -> Iterator[None]:
    """The same with nginx."""
    server = text if "server {" in text else f"server {{\nlisten 443 ssl;\nserver_name {NAME};\n{KEYS}{text}\n}}"
    server = server.replace("listen 443", f"listen 127.0.0.1:{port}").replace("127.0.0.1:8000", f"127.0.0.1:{to}")
    for name, own in (("fullchain.pem", "good.pem"), ("privkey.pem", "good.key")):
        server = server.replace(f"/etc/letsencrypt/live/{NAME}/{name}", str(CERTIFICATES / own))
    file = folder / "nginx.conf"
    temporary = "".join(f"{name}_temp_path {folder}/{name};\n" for name in TEMPORARY)
    file.write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{server}\n}}\n"
    )
    with running("nginx", "-p", str(folder), "-c", str(file), port=port):
        yield


TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
KEYS = (
    f"ssl_certificate /etc/letsencrypt/live/{NAME}/fullchain.pem;\n"
    f"ssl_certificate_key /etc/letsencrypt/live/{NAME}/privkey.pem;\n"
)


def trusting() -> ssl.SSLContext:
    """A client that looks at no certificate: whose it is was the proxy's affair."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def talks(port: int, base: str) -> connect:
    """Someone who comes through the proxy, from a page of that name.

    On a loop: the other client of this library reads and writes in two threads, which one TLS connection does not bear.
    """
    return connect(
        f"wss://{NAME}{base}/ws",
        sock=socket.create_connection(("127.0.0.1", port), source_address=(CLIENT, 0)),
        origin=Origin(f"https://{NAME}"),
        ssl=trusting(),
        server_hostname=NAME,
        subprotocols=[Subprotocol("nexus.v1")],
        proxy=None,
    )


def port_of(server: Serving) -> int:
    """Where it listens."""
    return urlsplit(server.told("Open")).port or 0


async def ask(connection: ClientConnection, **command: Any) -> dict[str, Any]:
    """The reply to a command."""
    await connection.send(json.dumps({"ref": 1, **command}))
    while True:
        told: dict[str, Any] = json.loads(await connection.recv())
        if told.get("ref") == 1:
            return told


def get(port: int, path: str) -> tuple[http.client.HTTPResponse, str]:
    """An answer and its body."""
    with closing(http.client.HTTPSConnection("127.0.0.1", port, context=trusting())) as connection:
        connection.request("GET", path, headers={"Host": NAME})
        answer = connection.getresponse()
        return answer, answer.read().decode()


def works(cwd: Path, port: int, base: str = "") -> None:
    """The page comes with what TLS asks for, people talk, and the server knows from where they come."""
    answer, page = get(port, f"{base}/")
    assert answer.status == 200
    assert answer.headers["Strict-Transport-Security"]
    assert f'src="{base}/web/' in page
    asyncio.run(are_heard(cwd, port, base))


async def are_heard(cwd: Path, port: int, base: str) -> None:
    """People talk through the proxy."""
    async with talks(port, base) as ann:
        assert (await ask(ann, type="hello", name="Ann"))["type"] == "done"
        assert (await ask(ann, type="join", room="garden"))["type"] == "done"
        assert (await ask(ann, type="post", room="garden", text="through the proxy"))["seq"]
        listed = await asyncio.to_thread(nexus, "sessions", "--json", cwd=cwd)
        (session,) = json.loads(listed.stdout)
        assert session["address"] == CLIENT


@needs("caddy")
def test_caddy_in_three_lines(tmp_path: Path) -> None:
    port = free_ports()
    with (
        serving("--hosts", NAME, cwd=tmp_path) as server,
        caddy(tmp_path, example("caddyfile", NAME), port, port_of(server)),
    ):
        works(tmp_path, port)


@needs("nginx")
def test_nginx_for_a_name_of_its_own(tmp_path: Path) -> None:
    port = free_ports()
    text = example("nginx", "location / {")
    with serving("--hosts", NAME, cwd=tmp_path) as server, nginx(tmp_path, text, port, port_of(server)):
        works(tmp_path, port)


@needs("nginx")
def test_nginx_below_a_path(tmp_path: Path) -> None:
    port = free_ports()
    text = example("nginx", "location /chat/ {")
    with (
        serving("--hosts", NAME, "--base", "/chat", cwd=tmp_path) as server,
        nginx(tmp_path, text, port, port_of(server)),
    ):
        works(tmp_path, port, "/chat")
