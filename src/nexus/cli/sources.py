"""How a command gets the settings: a flag for each, the environment, nexus.toml."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, NoReturn

import typer
from typer.core import TyperCommand

if TYPE_CHECKING:
    from nexus.settings.keys import Key
    from nexus.settings.load import Loaded

USAGE = 2
"""Exit code where the command was called wrongly or a setting is wrong."""

ConfigOption = Annotated[
    str | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="The settings file; by default nexus.toml in the data directory, if there is one.",
    ),
]


class Sources(NamedTuple):
    """The settings, the file that was looked for, and whether it was there."""

    loaded: "Loaded"
    file: Path
    found: bool


class SettingsCommand(TyperCommand):
    """A command with a flag for every setting.

    The flags are ours to read, not Typer's, so that the list of settings is loaded only by who needs it, and so
    that a wrong flag is told like a wrong variable or a wrong line of the file.
    """

    allow_extra_args = True
    ignore_unknown_options = True

    def format_options(self, ctx: Any, formatter: Any) -> None:
        from nexus.settings.keys import KEYS, SECTIONS

        super().format_options(ctx, formatter)
        for section, sentence in SECTIONS.items():
            with formatter.section(sentence.rstrip(".")):
                formatter.write_dl([_help(key) for key in KEYS.values() if key.section == section])


def _help(key: "Key") -> tuple[str, str]:
    from nexus.settings.values import as_text

    return key.flag, f"{key.sentence}  [{as_text(key.default) or 'empty'}]"


def settings_of(context: typer.Context, config: str | None) -> Sources:
    """The settings of a command; where they are wrong it ends with the sentence that says so."""
    from nexus.settings.load import SettingsError

    try:
        return read_settings(read_flags(context.args), config)
    except SettingsError as error:
        end(str(error), USAGE)


def read_settings(flags: Mapping[str, str], config: str | None) -> Sources:
    """Read all places; raises SettingsError."""
    from nexus.core.names import NameInvalid, room_name
    from nexus.settings.load import SettingsError, data_directory, load

    file = Path(config) if config is not None else Path(data_directory(flags, os.environ)) / "nexus.toml"
    text = _text_of(file, wanted=config is not None)
    loaded = load(flags, os.environ, text, str(file))
    try:
        room_name(loaded.settings.rooms.first)
    except NameInvalid as invalid:
        origin = loaded.origins["rooms.first"]
        raise SettingsError(f"rooms.first ({origin}) must be a room's name. {invalid}") from None
    return Sources(loaded, file, text is not None)


def read_flags(arguments: Sequence[str]) -> dict[str, str]:
    """The flags of settings by name, `--port 80` or `--port=80`; those that are lists may be there several times.

    Raises SettingsError.
    """
    from nexus.settings.keys import KEYS
    from nexus.settings.load import SettingsError

    lists = {key.flag for key in KEYS.values() if isinstance(key.default, tuple)}
    flags: dict[str, str] = {}
    for name, value in _pairs(iter(arguments)):
        if value is None:
            raise SettingsError(f"{name} needs a value, as in {name}=VALUE.")
        if name in flags and name not in lists:
            raise SettingsError(f"{name} is given twice; give it once.")
        flags[name] = f"{flags[name]},{value}" if name in flags else value
    return flags


def _pairs(arguments: Iterator[str]) -> Iterator[tuple[str, str | None]]:
    """Each flag with its value; None where there is none."""
    from nexus.settings.keys import KEYS
    from nexus.settings.load import SettingsError

    known = {key.flag for key in KEYS.values()}
    for argument in arguments:
        if not argument.startswith("-"):
            raise SettingsError(f"{argument!r} follows no flag; a setting is given as in --port 8000.")
        name, equals, value = argument.partition("=")
        if name not in known:
            yield name, value
            return  # it is told as unknown, and nobody knows whether a value follows it
        if not equals:
            value = next(arguments, "--")
        yield name, None if value.startswith("--") and not equals else value


def _text_of(file: Path, *, wanted: bool) -> str | None:
    """The text of a file of settings; None where it is not there and need not be."""
    from nexus.settings.load import SettingsError

    try:
        return file.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        if not wanted:
            return None
        raise SettingsError(f"{file} does not exist; --config takes a settings file.") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file} is not valid UTF-8: byte {error.start} of it is wrong.") from None
    except OSError as error:
        raise SettingsError(f"{file} cannot be read ({error.strerror}).") from None


def end(sentence: str, code: int) -> NoReturn:
    """End the command with one sentence."""
    print(sentence, file=sys.stderr)
    raise typer.Exit(code)
