"""Who is measured: how each server is started, and what its clients say.

All run with their defaults, but for limits that would end the load (posts a second, connections from one address):
those are off everywhere. Authors get their own message like everyone else, except on IRC.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

HERE = Path(__file__).parent
PEERS = HERE / "peers"
VENV = HERE / ".venv"
REQUIREMENTS = HERE / "requirements.txt"


@dataclass(frozen=True)
class Place:
    """Where a server runs: an empty directory and a free port."""

    directory: Path
    port: int


@dataclass(frozen=True)
class Kind:
    """A server that can be measured."""

    name: str
    says: str
    command: Callable[[Place], list[str]]
    script: str
    missing: Callable[[], str | None]
    """Why it cannot be measured here, as a sentence; None where it can."""
    first_rate: float
    """Where the search for its highest rate begins: about right saves time, and changes nothing else."""
    environment: Mapping[str, str] = field(default_factory=dict)
    connecting: int = 64
    """How many people connect at the same time; each waits for the answer to its greeting before the next comes."""
    health: str = ""
    """A path that answers 200 once it is ready; empty where it is ready when it takes connections."""


# --- Nexus -----------------------------------------------------------------------------------------

NEXUS_SCRIPT = r"""
path /ws
subprotocol nexus.v1
send {"type":"hello","ref":"hello","name":"p{n}"}
wait "ref":"hello"
send {"type":"join","ref":"join","room":"r{r}","last":0}
wait {"type":"done","ref":"join"
post {"type":"post","ref":{k},"room":"r{r}","text":"{m}","nonce":"{nonce}"}
acknowledged {"type":"done"
refused {"type":"refused"
refused {"type":"skipped"
"""

UNLIMITED = {
    "NEXUS_PACE_POSTS": "0",
    "NEXUS_PACE_COMMANDS": "0",
    "NEXUS_PACE_ADDRESS": "0",
    "NEXUS_LIMITS_CONNECTIONS_PER_ADDRESS": "100000",
}
"""No pace, since a few here post as much as thousands, and no limit per address, since all come from a few."""

NEXUS = Kind(
    name="nexus",
    says="stores and syncs each message before anyone sees it",
    command=lambda place: [sys.executable, "-m", "nexus", "serve", "--port", str(place.port), "--data", "data"],
    script=NEXUS_SCRIPT,
    missing=lambda: None,
    first_rate=1000,
    environment=UNLIMITED,
    health="/healthz",
)

NEXUS_UNTOLD = replace(NEXUS, environment={**UNLIMITED, "NEXUS_TRANSCRIPT_ON": "false"})
"""Without the transcripts, for a database that was filled behind the server's back and has none yet."""


ON_POSTGRES = replace(
    NEXUS,
    name="postgres",
    says="Nexus over PostgreSQL, whose processor time is not in the figures",
    command=lambda place: [sys.executable, str(PEERS / "on_postgres.py"), str(place.port)],
)


def before(checkout: Path) -> Kind:
    """Nexus as it is in another checkout of it, run by this one's interpreter and packages."""
    environment = {**UNLIMITED, "PYTHONPATH": str(checkout.resolve() / "src")}
    return replace(NEXUS, name="before", says="Nexus of another checkout", environment=environment)


REFERENCE = Kind(
    name="reference",
    says="the walk of a message with nothing around it: what there is to reach",
    command=lambda place: [sys.executable, str(PEERS / "reference.py"), str(place.port)],
    script=r"""
path /
send {"type":"join","room":"r{r}"}
wait {"type":"joined"
post {"type":"post","text":"{m}"}
""",
    missing=lambda: None,
    first_rate=2000,
)

# --- peers in Python -------------------------------------------------------------------------------


def install_packages() -> str | None:
    """Make the peers' own environment, once; a sentence where that does not work."""
    stamp = VENV / "installed"
    if stamp.exists() and stamp.stat().st_mtime >= REQUIREMENTS.stat().st_mtime:
        return None
    print(f"Setting up {VENV} for the peers, once ...", file=sys.stderr)
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "-qq", "install"]
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        [*pip, "--require-hashes", "-r", str(REQUIREMENTS)],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
            return f"its packages could not be installed, which needs the network once: {' '.join(last)}"
    stamp.touch()
    return None


def _python(file: str) -> Callable[[Place], list[str]]:
    return lambda place: [str(VENV / "bin" / "python"), str(PEERS / file), str(place.port)]


ROOMS_SCRIPT = r"""
path /ws
send {"join":"r{r}","name":"p{n}"}
wait {"joined"
post {"text":"{m}"}
"""

WEBSOCKETS = Kind(
    name="websockets",
    says="broadcast() of the library `websockets`; stores nothing",
    command=_python("websockets_rooms.py"),
    script=ROOMS_SCRIPT,
    missing=install_packages,
    first_rate=50,
)

STARLETTE = Kind(
    name="starlette",
    says="the connection manager of FastAPI's tutorial, on Starlette and uvicorn; stores nothing",
    command=_python("starlette_rooms.py"),
    script=ROOMS_SCRIPT,
    missing=install_packages,
    first_rate=50,
)

SOCKETIO = Kind(
    name="socketio",
    says="rooms of python-socketio, on uvicorn; stores nothing",
    command=_python("socketio_rooms.py"),
    script=r"""
path /socket.io/?EIO=4&transport=websocket
wait 0{
send 40
wait 40{
send 42["join",{"room":"r{r}","name":"p{n}"}]
wait 42["joined"
post 42["post",{"text":"{m}"}]
answer 2 3
""",
    missing=install_packages,
    first_rate=10,
)

# --- peers of Debian -------------------------------------------------------------------------------


def _package(program: str) -> Callable[[], str | None]:
    wanted = f"{program} is not installed (Debian: sudo apt install {program})"
    return lambda: None if _find(program) else wanted


def _find(program: str) -> str | None:
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")


def _configured(program: str, *arguments: str) -> Callable[[Place], list[str]]:
    """Its settings from `peers/`, with the port filled in."""

    def command(place: Place) -> list[str]:
        file = place.directory / f"{program}.conf"
        file.write_text((PEERS / file.name).read_text().replace("@PORT@", str(place.port)))
        return [_find(program) or program, *arguments, str(file)]

    return command


NATS = Kind(
    name="nats-server",
    says="a broker written in Go, over WebSocket; stores nothing",
    command=_configured("nats-server", "--config"),
    script=r"""
path /
lines
send CONNECT {"verbose":false,"pedantic":false,"name":"p{n}"}\r\nSUB r{r} 1\r\nPING\r\n
wait PONG
post PUB r{r} 100\r\n{m}\r\n
answer PING PONG
refused -ERR
""",
    missing=_package("nats-server"),
    first_rate=100,
)

NGIRCD = Kind(
    name="ngircd",
    says="an IRC server written in C, over plain TCP; stores nothing",
    command=_configured("ngircd", "--nodaemon", "--config"),
    script=r"""
raw
no-echo
send NICK p{n}\r\nUSER p{n} 0 * :p{n}\r\n
wait  001 
send JOIN #r{r}\r\n
wait  366 
post PRIVMSG #r{r} :{m}\r\n
answer PING PONG
refused ERROR
""",  # noqa: W291 - codes between two spaces
    missing=_package("ngircd"),
    first_rate=100,
    connecting=8,  # it lets 10 wait at its port; who comes then has to knock again, seconds later
)

ALL = (NEXUS, ON_POSTGRES, REFERENCE, WEBSOCKETS, STARLETTE, SOCKETIO, NATS, NGIRCD)
"""Everyone, ourselves first."""
