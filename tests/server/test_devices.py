"""Whatever several devices of several people do, each shows the counts that the log and the read mark give."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from nexus.client.conversation import Conversation
from nexus.protocol import commands as c
from nexus.settings import Limits
from tests.server.devices import PASSWORD, Device
from tests.world.node import World

PEOPLE = ("Ann", "Ann", "Bo", "Bo", "Cy")
"""Whose device each is; Cy is a guest."""

TEXTS = ("hello", "@Ann", "@bo, @Cy!", "@here", "@Ann @here @Bo", "`@Ann` a@bo", "@Cy2 @Ann2 @Bo2")
ROOMS = ("garden", "kitchen")

who, rooms, places = st.integers(0, 4), st.sampled_from(ROOMS + ROOMS[:1]), st.integers(0, 9)
doing: st.SearchStrategy[tuple[Any, ...]] = st.one_of(
    st.tuples(st.just("post"), who, rooms, st.sampled_from(TEXTS), st.integers(1, 6)),
    st.tuples(st.just("post"), who, rooms, st.sampled_from(TEXTS), st.just(1)),
    st.tuples(st.just("edit"), who, rooms, st.sampled_from(TEXTS), places),
    st.tuples(st.just("delete"), who, rooms, places),
    st.tuples(st.just("read"), who, rooms, places, st.booleans()),
    st.tuples(st.just("level"), who, rooms, st.sampled_from(["everything", "mentions", "nothing"])),
    st.tuples(st.sampled_from(["join", "join", "leave", "rename"]), who, rooms),
    st.tuples(st.sampled_from(["drop", "come_back", "renew", "renew", "stall", "drain"]), who),
    st.tuples(st.sampled_from(["hold", "work", "work", "work", "release"]), places),
    st.tuples(st.just("work"), places),
)
limits = st.builds(Limits, catch_up=st.sampled_from([1000, 3]), tail_events=st.sampled_from([1000, 3]))


class Town:
    """Two accounts with two devices each, and a guest."""

    def __init__(self, limits: Limits) -> None:
        self.world = World(limits=limits)
        self.devices: list[Device] = []
        for name in PEOPLE:
            self.devices.append(Device(self.world, name, Conversation(name)))
            first = [one.name for one in self.devices].count(name) == 1
            self.devices[-1].says_hello(
                **({"name": name} if name == "Cy" or first else {"name": name, "password": PASSWORD})
            )
            self.settle()
            if name != "Cy" and first:
                self.devices[-1].tells(c.Register, name=name, password=PASSWORD)
                self.settle()
            if first:
                self.devices[-1].tells(c.Join, room="garden")
                self.settle()

    def settle(self) -> None:
        self.world.settle()
        for one in self.devices:
            one.fold()

    def does(self, what: str, *how: Any) -> None:
        """One thing happens."""
        if what in ("hold", "work", "release"):
            self._threads(what, *how)
            self.settle()
            return
        number, *rest = how
        device = self.devices[number]
        if what == "renew" and not device.closed:
            self._drop(device)
        if what in ("come_back", "renew"):
            if device.closed:
                device = self.devices[number] = Device(self.world, device.name, device.talk)
                device.says_hello()
        elif not device.closed:
            getattr(self, f"_{what}")(device, *rest)
        self.settle()

    def _threads(self, what: str, which: int) -> None:
        threads = self.world.threads
        threads.held = threads.held or what == "hold"
        if what == "work" and threads.work(which):
            if which % 2:
                threads.arrive()
        elif what == "release":
            threads.held = False
            threads.release()

    def _post(self, device: Device, room: str, text: str, count: int) -> None:
        for _ in range(count):
            device.tells(c.Post, room=room, text=text)

    def _edit(self, device: Device, room: str, text: str, seq: int) -> None:
        device.tells(c.Edit, room=room, text=text, seq=seq)

    def _delete(self, device: Device, room: str, seq: int) -> None:
        device.tells(c.Delete, room=room, seq=seq)

    def _read(self, device: Device, room: str, before: int, back: bool) -> None:
        view = device.talk.views.get(room)
        last = view.last.seq if view is not None and view.last is not None else 1
        device.tells(c.Read, room=room, seq=max(last - before, 0), back=back)

    def _level(self, device: Device, room: str, level: str) -> None:
        device.tells(c.Level, room=room, level=level)

    def _join(self, device: Device, room: str) -> None:
        view = device.talk.views.get(room)
        device.tells(c.Join, room=room, after=view.resumes if view is not None else None)

    def _leave(self, device: Device, room: str) -> None:
        device.tells(c.Leave, room=room)

    def _rename(self, device: Device, room: str) -> None:
        other = device.name + "2" if room == "garden" else device.name
        device.tells(c.Rename, name=other)

    def _drop(self, device: Device) -> None:
        device.fold()
        device.said.clear()
        device.drops()

    def _stall(self, device: Device) -> None:
        device.stuck = True

    def _drain(self, device: Device) -> None:
        device.drains()

    def quiet(self) -> None:
        """Everything arrives, everyone is back."""
        self.does("release", 0)
        for number, device in enumerate(self.devices):
            self.does("drain" if not device.closed else "come_back", number)
        for _ in range(3):
            self.settle()
            self.world.clock.advance(2.0)
        self.settle()


@settings(max_examples=200, deadline=None)
@given(st.lists(doing, min_size=15, max_size=50), limits)
def test_every_device_shows_what_a_recount_gives(todo: list[tuple[Any, ...]], limits: Limits) -> None:
    town = Town(limits)
    for one in todo:
        town.does(*one)
    town.quiet()
    for device in town.devices:
        device.check()
