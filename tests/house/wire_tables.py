"""The tables of docs/protocol.md and the JSON Schema, from the structs of nexus.protocol."""

from collections.abc import Callable, Iterable
from inspect import cleandoc
from typing import Any

import msgspec
from msgspec import inspect

from nexus.core import names
from nexus.protocol import events, types
from nexus.protocol.codec import COMMANDS
from nexus.protocol.codes import GOODBYES, REFUSALS
from nexus.protocol.command import Emoji, PageLimit, PersonName, Room, Secret
from nexus.protocol.commands import AnyCommand, History
from nexus.protocol.kinds import KINDS
from nexus.protocol.replies import ADDS, Done, Refused
from nexus.settings import Settings

SHAPES = (types.Position, types.You, types.Person, types.Server, types.RoomInfo, types.MemberInfo, types.LoginInfo,
          types.IgnoredInfo, types.Preferences)  # fmt: skip

SHORT = {types.Seq: "seq", types.Millis: "time", Room: "room", PersonName: "name", Secret: "secret",
         PageLimit: "number", Emoji: "emoji"}  # fmt: skip
"""The types that the page explains once, by their short names."""


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def sentence(cls: type) -> str:
    """What a struct says about itself, as one table cell."""
    return " ".join((cls.__doc__ or "").split())


def shape_name(cls: type) -> str:
    """What a shape is called in the tables."""
    return cls.__name__.removesuffix("Info").lower()


def fields(cls: type[msgspec.Struct], but: Iterable[str] = ()) -> str:
    """A struct's fields with what they hold, as one table cell; `?` marks those that may be left out."""
    return " · ".join(_field(field) for field in struct_info(cls).fields if field.encode_name not in but)


def struct_info(cls: type[msgspec.Struct]) -> inspect.StructType:
    """What msgspec knows about a struct."""
    info = inspect.type_info(cls)
    assert isinstance(info, inspect.StructType)
    return info


def _field(field: inspect.Field) -> str:
    name, what = field.encode_name, words(field.type)
    parts = [f"`{name}`" + ("" if field.required else "?"), "" if what == name else what]
    if isinstance(field.default, int | str) and field.default and not field.required:
        parts.append(f"({field.default} if left out)")
    return " ".join(filter(None, parts))


def words(kind: inspect.Type) -> str:
    """A type in words."""
    match kind:
        case inspect.Metadata(type=inner):
            return next((short for alias, short in SHORT.items() if inspect.type_info(alias) == kind), words(inner))
        case inspect.UnionType(types=several):
            return " or ".join(words(one) for one in several if not isinstance(one, inspect.NoneType))
        case inspect.StrType():
            return "text"
        case inspect.IntType() | inspect.FloatType():
            return "number"
        case inspect.BoolType():
            return "true or false"
        case inspect.LiteralType(values=values):
            return " or ".join(f"`{value}`" for value in values)
        case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item):
            return f"list of {words(item)}"
        case inspect.DictType(key_type=key, value_type=value):
            return f"object of {words(key)} to {words(value)}"
        case inspect.StructType(cls=cls):
            return f"[{shape_name(cls)}](#{'limits' if cls is types.Limits else 'shapes'})"
        case inspect.RawType():
            return "log event"
    raise TypeError(f"There are no words yet for {kind!r}.")


def commands() -> str:
    """Every command."""
    return table(
        ("command", "what it does", "fields", "`done` adds"),
        ((f"`{name}`", sentence(cls), fields(cls, but=("ref",)), adds(name)) for name, cls in COMMANDS.items()),
    )


def adds(command: str) -> str:
    """What `done` carries for a command, as one table cell."""
    return " · ".join(_field(field) for field in struct_info(Done).fields if field.name in ADDS[command]).replace(
        "?", ""
    )


def tag(cls: type[msgspec.Struct]) -> str:
    """The `type` of a struct's frames."""
    return str(cls.__struct_config__.tag)


def stored() -> str:
    """The events of a room's log."""
    kinds: list[type[events.RoomEvent]] = [*(kind.event for kind in KINDS), events.Unrecognised]
    rows = ((f"`{tag(cls)}`", sentence(cls), fields(cls, but=("room", "seq", "at", "by", "guest"))) for cls in kinds)
    return table(("event", "what happened", "adds"), rows)


def passing() -> str:
    """The events that are never stored."""
    rows = ((f"`{tag(cls)}`", sentence(cls), fields(cls)) for cls in events.Passing.__subclasses__())
    return table(("event", "what happens", "fields"), rows)


def shapes() -> str:
    """The objects inside commands, replies and events."""
    rows = ((shape_name(cls), sentence(cls), fields(cls)) for cls in SHAPES)
    return table(("shape", "what it is", "fields"), rows)


def refusals() -> str:
    """Every refusal code."""
    rows = ((f"`{name}`", code.sentence, _yes(code.temporary), str(code.status)) for name, code in REFUSALS.items())
    return table(("code", "why", "try again later?", "in HTTP"), rows)


def goodbyes() -> str:
    """Every goodbye code, with the close code that follows it."""
    rows = ((f"`{name}`", code.sentence, _yes(code.temporary), str(code.close)) for name, code in GOODBYES.items())
    return table(("code", "what it means", "come back?", "close code"), rows)


def _yes(true: bool) -> str:
    return "yes" if true else "no"


def limits() -> str:
    """What `hello` tells about sizes, with its defaults."""
    settings = Settings().limits
    told = {
        "text": ("Characters of a message", settings.text),
        "topic": ("Characters of a room's topic", settings.topic),
        "name": ("Characters of a person's name", names.PERSON_CHARACTERS),
        "room_name": ("Characters of a room's name", names.ROOM_CHARACTERS),
        "frame": ("Bytes of a frame, and of a message in several", settings.frame),
        "history": ("Events of a page of history", largest_page()),
        "catch_up": ("Events that someone far behind is sent", settings.catch_up),
        "rooms": ("Rooms that a session may be in at once", settings.rooms),
    }
    rows = ((f"`{name}`", *map(str, told[name])) for name in types.Limits.__struct_fields__)
    return table(("limit", "of what", "unless set otherwise"), rows)


def largest_page() -> int:
    """The most that a `history` command may ask for."""
    kind = next(field.type for field in struct_info(History).fields if field.name == "limit")
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    assert isinstance(kind, inspect.IntType)
    return kind.le or 0


def schema() -> dict[str, Any]:
    """The JSON Schema of every frame, from either side."""
    said, shapes = msgspec.json.schema_components(
        (AnyCommand, events.AnyEvent | Done | Refused), ref_template="#/$defs/{name}"
    )
    for shape in shapes.values():
        if "description" in shape:  # Python 3.13 takes the indentation out of docstrings, others do not
            shape["description"] = cleandoc(shape["description"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A frame of nexus.v1",
        "oneOf": [
            {"title": "What a client says: a command", **said[0]},
            {"title": "What a server says: a reply or an event", **said[1]},
        ],
        "$defs": shapes,
    }


TABLES: dict[str, Callable[[], str]] = {
    "commands": commands,
    "events": stored,
    "passing": passing,
    "shapes": shapes,
    "refusals": refusals,
    "goodbyes": goodbyes,
    "limits": limits,
}
