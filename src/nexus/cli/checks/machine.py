"""The machine: descriptors, clock, and the versions of what Nexus stands on."""

import importlib
import sqlite3
import sys
import time
from importlib import metadata
from pathlib import Path

from nexus.cli import descriptors
from nexus.cli.checks import Check
from nexus.settings import Settings

OLDEST_PYTHON = (3, 11)
OLDEST_SQLITE = (3, 37)
"""The first with STRICT tables."""

WAL_RESET_MENDED = (3, 51, 3)
WAL_RESET_PATCHED = {(3, 44, 6), (3, 50, 7)}
"""Versions without the WAL-reset fault."""

PACKAGES = {
    "argon2-cffi": "argon2",
    "click": "click",
    "confusable-homoglyphs": "confusable_homoglyphs",
    "httptools": "httptools",
    "litestar": "litestar",
    "msgspec": "msgspec",
    "precis-i18n": "precis_i18n",
    "prometheus-client": "prometheus_client",
    "prompt_toolkit": "prompt_toolkit",
    "segno": "segno",
    "structlog": "structlog",
    "typer": "typer",
    "uvicorn": "uvicorn",
    "uvloop": "uvloop",
    "websockets": "websockets",
    "zxcvbn": "zxcvbn",
}
"""The packages of pyproject.toml, each with what it is imported as."""

WATCHED = 0.05
DRIFT = 0.02
"""Seconds that the clocks are watched, and by how much they may part meanwhile."""

AHEAD = 60
"""Seconds by which a file may be newer than now."""


def check(settings: Settings) -> list[Check]:
    """All of it."""
    return [check_descriptors(settings), check_clock(Path(settings.data)), *check_versions()]


def check_descriptors(settings: Settings) -> Check:
    """Whether as many may connect as the settings allow."""
    needed, allowed = descriptors.needed(settings), descriptors.allowed()
    if allowed is None or allowed >= needed:
        most = "Any number of" if allowed is None else f"{allowed}"
        return Check("limits", "ok", f"{most} open files are allowed; {needed} may be needed.")
    fit = max(0, allowed - descriptors.OTHERS - settings.transcript.open_files)
    return Check(
        "limits",
        "warn",
        f"{allowed} open files are allowed, so {fit} can connect, fewer than limits.connections, "
        f"{settings.limits.connections}; allow {needed} (`ulimit -n`, or LimitNOFILE= in a systemd unit), or "
        "lower that limit.",
    )


def check_clock(directory: Path) -> Check:
    """Whether the time of day is believable, and runs as fast as time does."""
    before = time.time(), time.monotonic()
    time.sleep(WATCHED)
    wall, steady = time.time() - before[0], time.monotonic() - before[1]
    now = time.gmtime()
    told = time.strftime("%Y-%m-%d %H:%M:%S", now)
    if now.tm_year < 2025:
        return Check("clock", "FAIL", f"The clock says {told} UTC; set it, messages carry its time.")
    if abs(wall - steady) > DRIFT:
        return Check("clock", "warn", "The clock was just moved; a time service (ntp) keeps it steady.")
    newest = max((file.stat().st_mtime for file in directory.glob("nexus.db*")), default=0.0)
    if newest > time.time() + AHEAD:
        return Check("clock", "warn", f"The clock says {told} UTC, but the database was written later.")
    return Check("clock", "ok", f"It is {told} UTC.")


def check_versions() -> list[Check]:
    """Python, SQLite and the packages."""
    python = sys.version.split()[0]
    versions = [
        Check("python", "ok", f"Python {python}.")
        if sys.version_info >= OLDEST_PYTHON
        else Check("python", "FAIL", f"This is Python {python}; Nexus needs 3.11 or newer."),
        Check("sqlite", "ok", f"SQLite {sqlite3.sqlite_version}{_wal_reset()}.")
        if sqlite3.sqlite_version_info >= OLDEST_SQLITE
        else Check("sqlite", "FAIL", f"This Python has SQLite {sqlite3.sqlite_version}; Nexus needs 3.37 or newer."),
    ]
    return [*versions, _packages()]


def _wal_reset() -> str:
    """Why a fault of many versions of SQLite (sqlite.org/wal.html, "the WAL-reset bug") does no harm here."""
    version = sqlite3.sqlite_version_info[:3]
    if version >= WAL_RESET_MENDED or version in WAL_RESET_PATCHED:
        return ""
    return (
        "; it has the WAL-reset fault, which strikes when a commit and a checkpoint meet; Nexus never runs them at the "
        "same time. Do not write to nexus.db with another program while the server runs"
    )


def _packages() -> Check:
    found, missing = [], []
    for package, module in PACKAGES.items():
        if package == "uvloop" and sys.platform == "win32":
            continue
        try:
            importlib.import_module(module)
            found.append(f"{package} {metadata.version(package)}")
        except Exception as error:  # a broken package may raise anything while it is imported
            missing.append(f"{package} ({error})")
    if missing:
        return Check(
            "packages",
            "FAIL",
            f"Cannot be imported: {', '.join(missing)}; reinstall Nexus, in a clone with `make setup`.",
        )
    return Check("packages", "ok", f"{', '.join(found)}.")
