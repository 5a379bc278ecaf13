"""Puts the settings together from their four places; values in, values out."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec import inspect

from nexus.settings.fields import Settings
from nexus.settings.keys import KEYS, SECRETS, SECTIONS, Key, nearest, nearest_section
from nexus.settings.rules import complaint
from nexus.settings.values import Wrong, expected, from_text, from_toml, shown

NOT_OURS = {
    "NEXUS_URL",  # the server that `nexus chat`, `send`, `tail`, `history` and `rooms` speak with
    "NEXUS_NAME",  # who they are there
    "NEXUS_TOKEN",  # how they prove it
    "NEXUS_SOAK",  # asks the tests for a long run
    "NEXUS_TEST_URL",  # the server that the conformance tests speak with
}
"""Variables that belong to other commands."""

SERVICE = re.compile(r"NEXUS_(\w+_)?(SERVICE_(HOST|PORT(_\w+)?)|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)")
"""What Kubernetes calls the variables by which it tells each container of a service named nexus, or nexus-something."""

SERVICE_ADDRESS = re.compile(r"(tcp|udp|sctp)://\S+")
"""The value of the one of them that has a setting's name, NEXUS_PORT."""

LONGEST_NAME = 60
"""Characters of a wrong name that are repeated as they are."""

DEFAULT = "default"
"""The origin of what was set nowhere."""


class SettingsError(Exception):
    """A setting is wrong; the message is a sentence with its place, its value and what would be right."""


class Loaded(NamedTuple):
    """The settings, and of each, by name, where it came from: `default`, a file, a variable or a flag.

    `warnings` are sentences about what was set and is ignored.
    """

    settings: Settings
    origins: dict[str, str]
    warnings: tuple[str, ...] = ()


class _Given(NamedTuple):
    """A value that was set, where, and how that place calls it in a sentence."""

    key: Key
    value: object
    origin: str
    called: str


def load(flags: Mapping[str, str], environ: Mapping[str, str], toml: str | None, toml_name: str) -> Loaded:
    """All settings from flags (`{"--port": "80"}`), the environment and the text of a file; raises SettingsError."""
    values = {name: key.default for name, key in KEYS.items()}
    origins = dict.fromkeys(KEYS, DEFAULT)
    for place in (_from_file(toml or "", toml_name), _from_environment(environ), _from_flags(flags)):
        for given in place:
            values[given.key.name] = given.value
            origins[given.key.name] = given.origin
    settings = _build(values)

    def said(name: str) -> str:
        value = "set" if name in SECRETS else shown(values[name])
        return f"{name} is {value} ({origins[name]})"

    wrong = complaint(settings, said)
    if wrong is not None:
        raise SettingsError(wrong)
    return Loaded(settings, origins, tuple(_ignored(environ)))


def data_directory(flags: Mapping[str, str], environ: Mapping[str, str]) -> str:
    """The data directory, known before its nexus.toml is read."""
    data = KEYS["data"]
    found: Any = flags.get(data.flag) or environ.get(data.variable) or data.default
    return str(found)


def value_of(settings: Settings, name: str) -> object:
    """The value of a setting by its name."""
    value: object = settings
    for part in name.split("."):
        value = getattr(value, part)
    return value


def _from_environment(environ: Mapping[str, str]) -> Iterator[_Given]:
    ours = {key.variable: key for key in KEYS.values()}
    for name, text in environ.items():
        if name in ours and not _of_a_service(name, text):
            yield _read_text(ours[name], text, name)


def _of_a_service(name: str, text: str) -> bool:
    """Whether Kubernetes set a variable, and nobody meant a setting by it."""
    if SERVICE.fullmatch(name) is None:
        return False
    return SERVICE_ADDRESS.fullmatch(text) is not None or all(name != key.variable for key in KEYS.values())


def _ignored(environ: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each variable that looks like a setting; others may set some, so that none stops a server."""
    ours = {key.variable for key in KEYS.values()} | NOT_OURS
    services = sorted(name for name, text in environ.items() if _of_a_service(name, text))
    if services:
        few = ", ".join(_plain(name) for name in services[:3]) + (", …" if len(services) > 3 else "")
        yield f"Ignored in the environment: {few}, which Kubernetes sets for a service of that name."
    for name in sorted(environ.keys() - ours - set(services)):
        if name.startswith("NEXUS_"):
            near = nearest(name)
            yield _unknown(f"The environment has {_plain(name)}", near and near.variable) + " It is ignored."


def _from_flags(flags: Mapping[str, str]) -> Iterator[_Given]:
    ours = {key.flag: key for key in KEYS.values()}
    for name, text in flags.items():
        if name not in ours:
            near = nearest(name)
            raise SettingsError(_unknown(f"The command line has {_plain(name)}", near and near.flag))
        yield _read_text(ours[name], text, name)


def _read_text(key: Key, text: str, called: str) -> _Given:
    try:
        return _Given(key, from_text(key.kind, text), called, called)
    except Wrong:
        commas = " with commas between them" if isinstance(key.kind, inspect.VarTupleType) else ""
        raise SettingsError(f"{called} is {shown(text)}; it must be {expected(key.kind)}{commas}.") from None


def _from_file(toml: str, file: str) -> Iterator[_Given]:
    try:
        document = msgspec.toml.decode(toml)
    except msgspec.DecodeError as error:
        raise SettingsError(f"{file} is not valid TOML: {error}.") from None
    except (ValueError, RecursionError):
        raise SettingsError(
            f"{file} has a number that is too long or brackets in brackets too deep; no setting needs either."
        ) from None
    for name, value in _flattened(document, file):
        key = KEYS.get(name)
        if key is None:
            near = nearest(name)
            raise SettingsError(_unknown(f"{file} has {_plain(name)}", near and near.name))
        if name == "data":
            raise SettingsError(
                f"{file} has data, which cannot be set there, because that file is looked for in the data "
                "directory; set it by --data or NEXUS_DATA."
            )
        yield _read_toml(key, value, file)


def _read_toml(key: Key, value: object, file: str) -> _Given:
    try:
        return _Given(key, from_toml(key.kind, value), file, f"{key.name} in {file}")
    except Wrong:
        right = expected(key.kind)
    if isinstance(value, str):
        try:
            from_text(key.kind, value)
            right += ", written without quotes" if not isinstance(key.kind, inspect.VarTupleType) else ', as ["…"]'
        except Wrong:
            pass
    raise SettingsError(f"{key.name} in {file} is {shown(value)}; it must be {right}.")


def _flattened(document: dict[str, Any], file: str) -> Iterable[tuple[str, object]]:
    """The values of a document by dotted name."""
    for name, value in document.items():
        if not name or name not in SECTIONS:
            near = nearest_section(name) if isinstance(value, dict) else None
            if near is not None:
                raise SettingsError(_unknown(f"{file} has a table [{_plain(name)}]", f"[{near}]"))
            yield name, value
        elif isinstance(value, dict):
            yield from ((f"{name}.{inner}", one) for inner, one in value.items())
        else:
            raise SettingsError(f"{name} in {file} is {shown(value)}; it must be a table, [{name}].")


def _plain(name: str) -> str:
    """A name as it stands, or in quotes where it could garble the sentence."""
    return name if name.isprintable() and 0 < len(name) < LONGEST_NAME else shown(name)


def _unknown(start: str, near: str | None) -> str:
    meant = f"the nearest is {near}" if near else "`nexus config` lists them all"
    return f"{start}, which is not a setting; {meant}."


def _build(values: Mapping[str, object]) -> Settings:
    tree: dict[str, Any] = {}
    for name, value in values.items():
        section, _, last = name.rpartition(".")
        (tree.setdefault(section, {}) if section else tree)[last] = value
    return msgspec.convert(tree, Settings)
