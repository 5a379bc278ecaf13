"""Reads a Containerfile and does what an engine would do with it, in a root of its own over this machine's."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

OVERLAY = """
mount -t tmpfs none "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay none -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
mount --rbind /dev "$1/root/dev"
mount --rbind /proc "$1/root/proc"
mount -t tmpfs -o mode=1777 none "$1/root/tmp"
"""
"""Commands in a mount namespace: what they change below $1/root is gone with it."""

ROOT_OF_ITS_OWN = (
    *("unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child"),
    *("sh", "-euc"),
)


class Step(NamedTuple):
    """One instruction and what follows it."""

    word: str
    rest: str


def steps(text: str) -> list[Step]:
    """The instructions of a Containerfile, in order."""
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    joined = re.sub(r"\\\n\s*", "", lines)
    return [Step(*line.split(None, 1)) for line in joined.splitlines() if line.strip()]


def words(found: list[Step], name: str) -> list[str]:
    """The program of an instruction in the form of a JSON list; the last one counts."""
    rest = [step.rest for step in found if step.word == name][-1]
    told: list[str] = json.loads(rest[rest.index("[") :])
    return told


def possible(folder: Path) -> bool:
    """Whether this machine and user can have roots of their own."""
    folder.mkdir()
    tried = subprocess.run([*ROOT_OF_ITS_OWN, OVERLAY, "sh", str(folder)], capture_output=True, check=False)
    return tried.returncode == 0


def build(found: list[Step]) -> list[str]:
    """The shell commands that COPY and RUN are, below $1/root; COPY takes from the current directory."""
    commands = []
    for step in found:
        if step.word == "COPY":
            *sources, target = step.rest.split()
            commands += [f'mkdir -p "$1/root{target}"', f'cp {" ".join(sources)} "$1/root{target}"']
        elif step.word == "RUN":
            commands.append(f'chroot "$1/root" sh -euc {shlex.quote(step.rest)}')
    return commands


def run(found: list[Step], port: int) -> list[str]:
    """The shell commands that start it as its user, wait until it says that it runs, ask for its health and stop it."""
    user = next(step.rest for step in found if step.word == "USER")
    settings = [word for step in found if step.word == "ENV" for word in step.rest.split()]
    inside = f'chroot --userspec={user} "$1/root" env {shlex.join(settings)} NEXUS_PORT={port}'
    health = words(found, "HEALTHCHECK")
    return [
        'mkfifo "$1/told"',
        f'{inside} {shlex.join(words(found, "ENTRYPOINT") + words(found, "CMD"))} >"$1/told" &',
        "server=$!",
        'while read -r line; do echo "$line"; case $line in Stop*) break ;; esac; done <"$1/told"',
        f"{inside} {shlex.join(health)}",
        'echo "healthy; owner of the data: $(stat -c %u:%a "$1/root/data" "$1/root/data/nexus.db" | tr "\\n" " ")"',
        "kill -TERM $server",
        'wait $server && echo "stopped well"',
        f'{inside} {shlex.join(health)} 2>/dev/null || echo "no longer healthy"',
    ]


def on_this_machine(packages: Path) -> list[str]:
    """Commands that give the root what the image would have: a `python`, and packages without the network."""
    prefix = Path(sys.prefix).resolve()  # where the packages are links to
    roads = {*Path(sys.executable).resolve().parents, *packages.parents, *prefix.parents}
    exec_python = f'#!/bin/sh\nexec {shlex.quote(os.path.realpath(sys.executable))} "$@"'
    return [
        f'mkdir -p "$1/root{prefix}" && mount --bind {shlex.quote(str(prefix))} "$1/root{prefix}"',
        f'mkdir -p "$1/root{packages}" && mount --bind {shlex.quote(str(packages))} "$1/root{packages}"',
        *(f'chmod o+x "$1/root{road}"' for road in sorted(roads) if road != Path("/")),
        f'printf "%s\\n" {shlex.quote(exec_python)} >"$1/root/usr/local/bin/python"',
        'chmod +x "$1/root/usr/local/bin/python"',
        "export PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin PIP_NO_INDEX=1",
        f"export PYTHONPATH={shlex.quote(str(packages))}",
    ]
