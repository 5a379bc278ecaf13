"""`nexus doctor`: looks at what a server needs and says what to do."""

from typing import TYPE_CHECKING, Annotated

import typer

from nexus.cli.sources import ConfigOption, settings_of

if TYPE_CHECKING:
    from nexus.cli.checks import Check
    from nexus.settings import Settings


def doctor(
    context: typer.Context,
    config: ConfigOption = None,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Check disk, lock, limits, port, clock, versions and database, and say what to do.

    It changes nothing, and can be run while a server is running. The exit code is 1 if a check fails.
    """
    checks = _all_checks(settings_of(context, config).loaded.settings)
    failed = any(check.state == "FAIL" for check in checks)
    if json:
        import msgspec

        told = {"ok": not failed, "checks": [check._asdict() for check in checks]}
        print(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
    else:
        for check in checks:
            print(f"{check.state:4}  {check.name:8}  {check.sentence}")
    raise typer.Exit(1 if failed else 0)


def _all_checks(settings: "Settings") -> "list[Check]":
    from pathlib import Path

    from nexus.cli.checks import database, disk, lock, machine, port, tls, trust

    directory = Path(settings.data)
    held, running = lock.check(directory)
    return [
        *disk.check(directory),
        held,
        database.check_shared(settings.store.url) if settings.store.url else database.check(directory),
        port.check(settings, running=running),
        tls.check(settings.tls),
        *trust.check(settings),
        *machine.check(settings),
    ]
