"""How the operator's commands reach a data directory: by the socket of its server, or where none runs by themselves."""

import json
import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from nexus.cli.sources import USAGE, ConfigOption, end, read_settings
from nexus.protocol.operating import AnyAsk

LOCKED = 3
"""Exit code where a server has the data directory and does not answer."""

WITHIN = 600.0
"""Seconds that a server may take for an answer: removing all that somebody said takes a while."""

DataOption = Annotated[str | None, typer.Option("--data", metavar="DIR", help="The data directory.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]

Row = dict[str, Any]
More = Callable[[Row], AnyAsk | None]

__all__ = ["ConfigOption", "DataOption", "JsonOption", "Row", "ask", "ask_all", "say"]


class Refused(Exception):  # noqa: N818  told to the person as it is
    """The server does not do it; the message says why."""


def ask(what: AnyAsk, data: str | None, config: str | None) -> Row:
    """The answer; where there is none the command ends with the sentence that says why."""
    return _converse(what, lambda _: None, data, config)[0]


def ask_all(
    first: AnyAsk, field: str, following: Callable[[Any], AnyAsk], data: str | None, config: str | None
) -> list[Row]:
    """All rows of an answer that comes in pages; `following` asks for what comes after the `next` of one."""

    def more(answer: Row) -> AnyAsk | None:
        return None if answer["next"] is None else following(answer["next"])

    return [row for answer in _converse(first, more, data, config) for row in answer[field]]


def say(answer: Row, sentence: str, *, as_json: bool) -> None:
    """Print what was done: a sentence, or all that the server answered."""
    print(json.dumps(answer) if as_json else sentence)


def _converse(first: AnyAsk, more: More, data: str | None, config: str | None) -> list[Row]:
    from nexus.node.listening import address
    from nexus.node.stopped import ask_stopped
    from nexus.ports import Unavailable
    from nexus.protocol.refusals import Refusal
    from nexus.settings.load import SettingsError
    from nexus.store import StoreError
    from nexus.store.lock import Held

    try:
        settings = read_settings({} if data is None else {"--data": data}, config).loaded.settings
    except SettingsError as error:
        end(str(error), USAGE)
    directory = Path(settings.data)
    try:
        running = _connect(directory)
        if running is None:
            if not settings.store.url and not (directory / "nexus.db").exists():
                end(f"{directory / 'nexus.db'} does not exist; give a server's data directory with --data.", 1)
            found = address(settings, settings.port)
            return [one | {"address": found} for one in ask_stopped(settings, directory, first, more)]
        with closing(running):
            return _ask_server(running, first, more)
    except Held as error:
        end(f"{error} It does not answer commands.", LOCKED)
    except (StoreError, Refused, Refusal, Unavailable) as why:
        end(str(why), 1)
    except OSError as error:
        end(f"The server does not answer: {error.strerror or error}.", LOCKED)


def ask_running(what: AnyAsk, directory: Path) -> Row | None:
    """What a running server answers; None where none runs. Raises Refused, and OSError where it is silent."""
    running = _connect(directory)
    if running is None:
        return None
    with closing(running):
        return _ask_server(running, what, lambda _: None)[0]


def _connect(directory: Path) -> socket.socket | None:
    """The server's socket; None where none runs."""
    from nexus.gateway.control import SOCKET, socket_path

    if not hasattr(socket, "AF_UNIX"):
        return None
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(WITHIN)
    try:
        with socket_path(directory / SOCKET) as path:
            connection.connect(path)
    except OSError:  # there is none, or one that a server left that was killed
        connection.close()
        return None
    return connection


def _ask_server(connection: socket.socket, first: AnyAsk, more: More) -> list[Row]:
    answers: list[Row] = []
    following: AnyAsk | None = first
    with connection.makefile("rwb") as lines:
        while following is not None:
            lines.write(msgspec.json.encode(following) + b"\n")
            lines.flush()
            line = lines.readline()
            if not line:
                raise Refused("The server stopped before it answered; look at its log, and ask again.")
            reply = json.loads(line)
            if "done" not in reply:
                raise Refused(reply["message"])
            answers.append(reply["done"] | {"address": reply["address"]})
            following = more(answers[-1])
    return answers
