"""`nexus serve`: run a server."""

import gc
import os
import shlex
import shutil
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from nexus import __version__
from nexus.cli.sources import ConfigOption, end, settings_of

if TYPE_CHECKING:
    from nexus.node import Started
    from nexus.settings import Log


def serve(context: typer.Context, config: ConfigOption = None) -> None:
    """Run a server until Ctrl-C.

    Every setting has a flag, a variable in the environment (NEXUS_PORT for --port) and a line in nexus.toml; the
    flag wins over the variable, the variable over the file.
    """
    loaded = settings_of(context, config).loaded
    settings = loaded.settings
    gc.disable()  # what a start makes stays: to look through it for garbage would take a sixth of the start
    from nexus import node
    from nexus.cli import descriptors
    from nexus.cli.checks.tls import TlsError, expiry
    from nexus.store import StoreError

    try:
        if settings.tls.certificate:
            expiry(settings.tls)
        descriptors.ask_for(descriptors.needed(settings))
        node.serve(settings, partial(_started, settings.log.format), loaded.warnings)
    except (node.StartError, StoreError, TlsError) as error:
        if settings.log.format == "json":
            _log_the_end(settings.log, str(error))
        end(str(error), 1)


def _log_the_end(layout: "Log", why: str) -> None:
    """What reads the log reads this line too."""
    import structlog

    from nexus.node import logs

    logs.set_up(layout)
    structlog.get_logger().error(why)
    raise typer.Exit(1)


def _started(layout: str, started: "Started") -> None:
    gc.freeze()
    gc.enable()
    text = _as_json(started) if layout == "json" else _for_a_person(started)
    try:
        print(text, flush=True)
    except OSError:  # nobody reads this output; the server runs all the same
        return


def _as_json(started: "Started") -> str:
    """The same in one line, since service managers and containers put it among the lines of the log."""
    import json
    from dataclasses import asdict

    event = f"Nexus {__version__} is running"
    return json.dumps({"event": event, "level": "info", **asdict(started), "stop": "Ctrl-C"})


def _for_a_person(started: "Started") -> str:
    """What a person needs to know now."""
    data = Path(started.data)
    lines = [
        ("Open", started.urls[0]),
        *(("Or", url) for url in started.urls[1:]),
        *(("Others", url) for url in started.network),
        ("Mind", started.caution),
        ("Metrics", started.metrics),
        ("Join", f"{command()} chat {started.urls[0]}"),
        ("Administer", f"{started.admin_link}   (once)" if started.admin_link else ""),
        ("Data", str(data) if data.is_absolute() else os.path.join(".", data)),  # noqa: PTH118  Path drops the dot
        ("Stop", "Ctrl-C"),
    ]
    text = "\n".join(f"  {name:10}  {value}" for name, value in lines if value)
    return f"Nexus {__version__} is running.\n{text}"


def command() -> str:
    """What to type for `nexus` in a terminal that stands in the same directory."""
    script = _script()
    if script is None:
        return f"{_short(Path(sys.executable))} -m nexus"
    on_path = shutil.which("nexus")
    if on_path is not None and script.samefile(on_path):
        return "nexus"
    return _short(script)


def _script() -> Path | None:
    """The script that was started, or the one beside this Python; None where Nexus is not installed."""
    beside = Path(sys.executable).with_name("nexus.exe" if sys.platform == "win32" else "nexus")
    for candidate in (Path(sys.argv[0]), beside):
        if candidate.stem == "nexus" and candidate.is_file():
            return candidate.absolute()
    return None


def _short(path: Path) -> str:
    """A path to type, relative where it is below the current directory."""
    here = Path.cwd()
    # Below the root everything is: a service starts there, and nobody's terminal.
    short = str(path.relative_to(here)) if path.is_relative_to(here) and here.name else str(path)
    return shlex.quote(short if os.sep in short else os.path.join(".", short))  # noqa: PTH118  Path drops the dot
