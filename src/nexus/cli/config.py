"""`nexus config`: every setting, and where its value came from."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from nexus.cli.sources import ConfigOption, settings_of

if TYPE_CHECKING:
    from nexus.cli.sources import Sources


def config(
    context: typer.Context,
    config: ConfigOption = None,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Print each setting, its value and where it came from."""
    sources = settings_of(context, config)
    for sentence in sources.loaded.warnings:
        print(sentence, file=sys.stderr)
    print(_as_json(sources) if json else _as_table(sources))


def _as_table(sources: "Sources") -> str:
    from nexus.settings.load import value_of
    from nexus.settings.values import as_text

    settings, origins, _ = sources.loaded
    rows = [(name, as_text(_shown(name, value_of(settings, name))) or "-", origin) for name, origin in origins.items()]
    wide = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines = [f"{name:{wide[0]}}  {value:{wide[1]}}  {origin}" for name, value, origin in rows]
    read = f"Read {sources.file}." if sources.found else f"There is no {sources.file}."
    return "\n".join([*lines, "", read])


def _as_json(sources: "Sources") -> str:
    import msgspec

    from nexus.settings.load import value_of

    settings, origins, _ = sources.loaded
    told = {
        "file": str(sources.file),
        "read": sources.found,
        "settings": {
            name: {"value": _shown(name, value_of(settings, name)), "origin": origin}
            for name, origin in origins.items()
        },
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode()


def _shown(name: str, value: object) -> object:
    """A value as it may be seen: of a secret only that it is set."""
    from nexus.settings.keys import SECRETS

    return "(set, not shown)" if name in SECRETS and value else value
