"""Values that come later, and verbs that wait for them, without an event loop.

A verb is a coroutine that only awaits `Later`s. It runs at once until it must wait, and goes on in the call
that brings the value: no task, no tick, the same order in a test as on a server.
"""

from collections.abc import Callable, Coroutine, Generator
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")

_NOTHING = object()


class Later(Generic[T]):
    """A value or an error that arrives once; any number of verbs may await it."""

    __slots__ = ("_then", "_value")

    def __init__(self) -> None:
        self._value: object = _NOTHING
        self._then: list[Callable[[], None]] = []

    def arrive(self, value: T | Exception) -> None:
        """Bring the value (or the error); who waits goes on now."""
        self._value = value
        waiting, self._then = self._then, []
        for call in waiting:
            call()

    def then(self, call: Callable[[], None]) -> None:
        """Call when the value is there."""
        if self._value is _NOTHING:
            self._then.append(call)
        else:
            call()

    def __await__(self) -> Generator["Later[Any]", None, T]:
        if self._value is _NOTHING:
            yield self
        if isinstance(self._value, Exception):
            raise self._value
        return cast("T", self._value)


Verb = Coroutine[Any, None, None]


def start(verb: Verb) -> None:
    """Run a verb until it is done, now or when what it awaits arrives."""
    try:
        awaited: Later[Any] = verb.send(None)
    except StopIteration:
        return
    awaited.then(lambda: start(verb))
