"""Who could read or be believed too much: files of the server, proxies, names, and copies that nobody makes."""

import stat
import sys
import time
from ipaddress import ip_network
from pathlib import Path

from nexus.cli.checks import Check
from nexus.node.backups import HOUR, folder_of, newest
from nexus.node.listening import elsewhere, open_to_all
from nexus.settings import Settings
from nexus.settings.rules import place_of

PRIVATE = ("nexus.db", "nexus.db-wal", "session.key", "control")
"""What only the server's own user may open."""

WIDE = {4: 8, 6: 32}
"""The shortest prefix of a network of proxies that is not half the internet, by version of the protocol."""


def check(settings: Settings) -> list[Check]:
    """All of it."""
    return [
        *(check_files(settings), check_names(settings), check_open(settings)),
        *(check_proxies(settings), check_backups(settings)),
    ]


def check_files(settings: Settings) -> Check:
    """Whether others on this machine can open what is secret."""
    directory = Path(settings.data)
    files = [directory / name for name in PRIVATE]
    files += [directory / "nexus.toml"] if settings.metrics.token else []
    found = [file for file in files if _is_open(file, stat.S_IRWXG | stat.S_IRWXO)]
    if settings.tls.key and _is_open(Path(settings.tls.key), stat.S_IRWXO):  # Debian has a group for keys
        found.append(Path(settings.tls.key))
    if sys.platform == "win32":
        return Check("files", "ok", "Windows decides who may open the files.")
    if found:
        told = " and ".join(map(str, found))
        return Check("files", "warn", f"Others on this machine can open {told}; `chmod go= FILE` prevents that.")
    foreign = [str(file) for file in files if file.exists() and file.stat().st_uid != directory.stat().st_uid]
    if foreign:
        told = f"{' and '.join(foreign)} {'belong' if len(foreign) > 1 else 'belongs'} to another user than {directory}"
        return Check("files", "warn", f"{told}, whose server cannot open that; `chown --reference={directory} FILE`.")
    return Check("files", "ok", "Only their owner can open the server's files.")


def _is_open(file: Path, bits: int) -> bool:
    try:
        status = file.stat()
    except OSError:
        return False
    # A directory that is its owner's alone protects what is in it.
    closed = not file.parent.stat().st_mode & (stat.S_IXGRP | stat.S_IXOTH)
    return bool(status.st_mode & bits) and not closed


def check_names(settings: Settings) -> Check:
    """Whether people who come by a name, or past a proxy, are met as they should be."""
    names = [name for name in settings.hosts if not name.startswith("*")]
    beyond = [host for host in settings.host if elsewhere(host) is not None]
    if names and beyond and not settings.tls.certificate:
        return Check(
            "hosts",
            "warn",
            f"{names[0]} is behind a proxy with TLS, it seems, but {beyond[0]} is open to all without it; listen on "
            "127.0.0.1 alone (`host`), or let the server do TLS (`tls`).",
        )
    if beyond and not names:
        return Check("hosts", "ok", "People reach it by its address; to use a domain name, add it to `hosts`.")
    told = ", ".join(settings.hosts) or "this machine's own names"
    return Check("hosts", "ok", f"It answers to {told}.")


def check_open(settings: Settings) -> Check:
    """What others may do who are nobody's friends."""
    place = place_of(settings.metrics.listen)
    if place is not None and elsewhere(place[0]) is not None and not settings.metrics.token:
        return Check("open", "warn", f"Everyone who reaches {place[0]} may read the metrics; set `metrics.token`.")
    names = [name for name in settings.hosts if not name.startswith("*")]
    if not names and not any(map(elsewhere, settings.host)):
        return Check("open", "ok", "Only this machine, or a proxy on it, reaches the server.")
    known = open_to_all(settings)
    bare = not settings.tls.certificate and not names  # a name is behind TLS, here or at a proxy
    told = "; ".join(known if bare or settings.tls.certificate else known[1:]) or "nothing without an account"
    return Check("open", "warn" if bare else "ok", f"Open to anyone who can reach the server: {told}.")


def check_proxies(settings: Settings) -> Check:
    """Whether strangers are believed when they say where they come from."""
    for proxy in settings.proxies:
        network = ip_network(proxy, strict=False)
        if network.prefixlen < WIDE[network.version]:
            return Check(
                "proxies",
                "FAIL",
                f"`proxies` has {proxy}, so anyone there can claim any address, and no limit holds; name only your "
                "own proxies.",
            )
    told = ", ".join(settings.proxies) or "none"
    return Check("proxies", "ok", f"X-Forwarded-For is trusted from: {told}.")


def check_backups(settings: Settings) -> Check:
    """Whether there is a copy to go back to."""
    every, folder = settings.backup.every, folder_of(settings)
    try:
        age = (time.time() - made) / HOUR if (made := newest(folder)) else None
    except OSError as error:
        return Check("backups", "FAIL", f"{folder} cannot be read ({error.strerror}); see `backup.folder`.")
    told = "There is no copy yet" if age is None else f"The newest copy is {age:.0f} hours old"
    if every and age is not None and age > 2 * every:
        return Check("backups", "warn", f"{told}, and one is due every {every:g} hours; the server's log says why.")
    if not every:
        return Check("backups", "ok", f"{told}; `backup.every = 24` makes one each day, in {folder}.")
    return Check("backups", "ok", f"{told}; one is made every {every:g} hours, in {folder}.")
