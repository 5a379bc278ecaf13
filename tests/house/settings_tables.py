"""The table of docs/settings.md: every setting and how it is written in each of its places."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec
from msgspec import inspect

from nexus.settings import Settings


class Setting(NamedTuple):
    """One setting: its section (empty at the top) and name, what it holds, its default and its sentence."""

    section: str
    name: str
    kind: inspect.Type
    default: object
    sentence: str

    @property
    def toml(self) -> str:
        """The key in nexus.toml, dotted where it is in a table."""
        return f"{self.section}.{self.name}" if self.section else self.name

    @property
    def variable(self) -> str:
        """The name in the environment."""
        return "NEXUS_" + self.toml.upper().replace(".", "_")

    @property
    def flag(self) -> str:
        """The flag of `nexus serve`."""
        return "--" + self.toml.replace(".", "-").replace("_", "-")


def all_settings(cls: type[msgspec.Struct] = Settings, section: str = "") -> Iterator[Setting]:
    """Every setting, in the order of the struct."""
    info = inspect.type_info(cls)
    assert isinstance(info, inspect.StructType)
    for field in info.fields:
        if isinstance(field.type, inspect.StructType):
            yield from all_settings(field.type.cls, field.name)
        else:
            said = field.type.extra_json_schema if isinstance(field.type, inspect.Metadata) else None
            yield Setting(section, field.name, field.type, field.default, (said or {}).get("description", ""))


def settings() -> str:
    """One row per setting; between them a heading row per section."""
    lines = ["| `nexus.toml` | environment | flag | default | what it is |", "| --- | --- | --- | --- | --- |"]
    for one in all_settings():
        default = msgspec.json.encode(one.default).decode()
        cells = (f"`{one.toml}`", f"`{one.variable}`", f"`{one.flag}`", f"`{default}`", one.sentence)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


TABLES: dict[str, Callable[[], str]] = {"settings": settings}
