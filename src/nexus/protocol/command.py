"""What every command is made of."""

from typing import Annotated

import msgspec
from msgspec import Meta

from nexus.protocol.types import Ref

Room = Annotated[str, Meta(max_length=1000, description="a room's name")]
PersonName = Annotated[str, Meta(max_length=4000, description="a person's name")]
Secrecy = Annotated[str, Meta(max_length=1000, description="a password")]
Secret = Annotated[str, Meta(max_length=200, description="a secret the server gave out")]
Nonce = Annotated[str, Meta(max_length=64)]
Title = Annotated[str, Meta(max_length=1000, description="what a room is called, for people")]
PersonId = Annotated[str, Meta(max_length=64, description="someone's id")]
Reason = Annotated[str, Meta(max_length=2000)]
Emoji = Annotated[str, Meta(max_length=64, description="one emoji")]
PageLimit = Annotated[int, Meta(ge=1, le=200, description="how many events at most")]


class Command(msgspec.Struct, tag_field="type", tag=str.lower, kw_only=True):
    """What every command carries: the client's own `ref`, returned by its one reply."""

    ref: Ref
