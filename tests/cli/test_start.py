"""How the command starts: fast, and with help that names everything."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import cast

import click
import pytest
import typer

from nexus import __version__
from nexus.cli import app
from nexus.cli.chat import suggested_name
from nexus.settings.keys import KEYS
from tests.cli.command import environment, nexus

COMMANDS = (
    *(
        "serve",
        "chat",
        "login",
        "send",
        "tail",
        "history",
        "search",
        "rooms",
        "config",
        "doctor",
        "backup",
        "restore",
        "move",
        "sessions",
        "nodes",
        "audit",
    ),
    *("user", "bot", "room", "invite"),
)
SLOW = (
    "litestar",
    "uvicorn",
    "uvloop",
    "sqlite3",
    "prompt_toolkit",
    "rich",
    "nexus.node",
    "nexus.core",
    "nexus.server",
)


def test_a_user_without_a_system_name_is_offered_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> str:
        raise KeyError("getpwuid(): uid not found: 54321")

    monkeypatch.setattr("getpass.getuser", unknown)
    assert suggested_name() == f"user{os.getuid()}"


def test_the_version_is_printed(tmp_path: Path) -> None:
    told = nexus("--version", cwd=tmp_path)

    assert (told.returncode, told.stdout) == (0, f"Nexus {__version__}\n")


def test_the_help_names_every_command(tmp_path: Path) -> None:
    told = nexus("--help", cwd=tmp_path)

    assert told.returncode == 0
    assert re.findall(r"^  ([a-z]+) ", told.stdout.partition("Commands:")[2], re.MULTILINE) == list(COMMANDS)


def test_every_command_of_the_operator_answers_in_json() -> None:
    """But for `nexus user export`, which writes nothing else."""
    groups = cast(click.Group, typer.main.get_command(app)).commands
    named = {name: groups[name] for name in ("backup", "restore", "sessions", "nodes", "audit")}
    for group in ("user", "bot", "room", "invite"):
        named |= {f"{group} {name}": one for name, one in cast(click.Group, groups[group]).commands.items()}

    plain = {name for name, one in named.items() if "--json" not in [flag for each in one.params for flag in each.opts]}
    assert plain == {"user export"}


@pytest.mark.parametrize("command", ["serve", "config", "doctor"])
def test_the_help_has_a_flag_for_every_setting(tmp_path: Path, command: str) -> None:
    told = nexus(command, "--help", cwd=tmp_path)

    flags = re.findall(r"^  (--[a-z-]+)", told.stdout.partition("Options:")[2], re.MULTILINE)
    assert [key.flag for key in KEYS.values()] == [
        flag for flag in flags if flag not in ("--config", "--json", "--help")
    ]


def test_no_command_loads_the_server_before_it_is_needed(tmp_path: Path) -> None:
    program = f"""
import sys
from nexus.cli import app
for arguments in {[["--help"], ["--version"], *([command, "--help"] for command in COMMANDS)]}:
    app(arguments, standalone_mode=False)
    print(arguments, [name for name in {SLOW} if name in sys.modules], file=sys.stderr)
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )

    assert [line for line in ran.stderr.splitlines() if not line.endswith("] []")] == []


def test_a_server_starts_without_what_it_may_never_need() -> None:
    program = "import sys; from nexus.cli import serve; from nexus import node; print(*sys.modules)"

    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    imported = {name.partition(".")[0] for name in ran.stdout.split()}
    assert {"structlog", "litestar"} <= imported
    assert imported.isdisjoint({"rich", "pygments", "prometheus_client", "prompt_toolkit", "httpx"})


def test_a_wrong_command_names_the_right_one(tmp_path: Path) -> None:
    told = nexus("bakcup", cwd=tmp_path)

    assert told.returncode == 2
    assert "Did you mean 'backup'?" in told.stderr
