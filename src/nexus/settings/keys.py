"""The list of all settings, read from the structs: how each is called in each place, what it holds, its default."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import NamedTuple

import msgspec
from msgspec import inspect

from nexus.settings.fields import Settings


class Key(NamedTuple):
    """One setting; `name` is dotted where it is in a section, as `limits.text`."""

    name: str
    kind: inspect.Type
    default: object
    sentence: str

    @property
    def section(self) -> str:
        """The table of nexus.toml it is in; empty at the top."""
        return self.name.rpartition(".")[0]

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return "NEXUS_" + self.name.replace(".", "_").upper()

    @property
    def flag(self) -> str:
        """Its flag on the command line."""
        return "--" + self.name.replace(".", "-").replace("_", "-")


def _keys(struct: type[msgspec.Struct], prefix: str = "") -> Iterator[Key]:
    info = inspect.type_info(struct)
    assert isinstance(info, inspect.StructType)
    for field in info.fields:
        if isinstance(field.type, inspect.StructType):
            yield from _keys(field.type.cls, f"{field.name}.")
        else:
            assert isinstance(field.type, inspect.Metadata)
            schema = field.type.extra_json_schema or {}
            yield Key(prefix + field.name, field.type.type, field.default, schema["description"])


def _sections() -> Iterator[tuple[str, str]]:
    yield "", Settings.__doc__ or ""
    info = inspect.type_info(Settings)
    assert isinstance(info, inspect.StructType)
    for field in info.fields:
        if isinstance(field.type, inspect.StructType):
            yield field.name, field.type.cls.__doc__ or ""


SECRETS = frozenset({"metrics.token", "store.url", "bus.url"})
"""Settings whose value is shown to nobody."""

KEYS = {key.name: key for key in _keys(Settings)}
"""Every setting by its name, in the order of the struct."""

SECTIONS = dict(_sections())
"""The sentence of each section; the empty one is the top."""

_BY_WORDS = {name.replace(".", "_"): key for name, key in KEYS.items()}


def nearest(wrong: str) -> Key | None:
    """The setting that a name in the style of any place was meant to be; None for what looks like none."""
    words = wrong.removeprefix("NEXUS_").lower().strip("-").replace("-", "_").replace(".", "_")
    for key in KEYS.values():
        if key.name.rpartition(".")[2] == words:
            return key
    found = get_close_matches(words, _BY_WORDS, n=1, cutoff=0.55)
    return _BY_WORDS[found[0]] if found else None


def nearest_section(wrong: str) -> str | None:
    """The section that a table was meant to be."""
    return next(iter(get_close_matches(wrong.lower(), [name for name in SECTIONS if name], n=1)), None)
