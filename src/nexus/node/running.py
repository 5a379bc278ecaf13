"""Builds one running node from its settings; the only place that picks who answers the ports."""

import asyncio
import contextlib
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import structlog
import uvicorn
from argon2 import PasswordHasher

from nexus.core.people import RoomRow
from nexus.gateway.admission import Admission
from nexus.gateway.control import Control
from nexus.gateway.http.app import build_app
from nexus.gateway.http.connection import HttpConnection
from nexus.gateway.http.watching import MonitorConnection, build_for_monitors
from nexus.gateway.websocket.socket import Socket
from nexus.gateway.websocket.sweeper import Sweeper
from nexus.node import logs
from nexus.node.backups import Backups
from nexus.node.keeping import Keeping
from nexus.node.linking import open_link
from nexus.node.listening import CannotListen, address, elsewhere, here, listen, listen_for_metrics, open_to_all
from nexus.node.loop import SWITCH, LoopClock, LoopThreads, on_loop
from nexus.node.measuring import Measuring
from nexus.node.signals import heed_signals
from nexus.node.stores import NodeStore, open_store
from nexus.ports import Link, Store, Unavailable
from nexus.protocol.operating import AnyAsk, Backup
from nexus.server.build import build
from nexus.server.built import Built
from nexus.settings import Settings
from nexus.store import MustEnd, StoreError
from nexus.store.lock import hold
from nexus.transcript.writer import Transcript

MOST_ROOMS = 2**22
"""More rooms than there can be."""

QUIET: dict[str, Any] = {
    "lifespan": "off",
    "access_log": False,
    "log_config": None,
    "proxy_headers": False,
    "server_header": False,
    "date_header": False,
    "backlog": 4096,
}
"""What we do ourselves, or want nobody to be told."""

log = structlog.get_logger()


class StartError(Exception):
    """The node cannot start; the message is a sentence that says why and what to do."""


@dataclass(frozen=True)
class Started:
    """What a person who started the node wants to know."""

    urls: tuple[str, ...]
    """Where this machine reaches it, an address for each that it listens on."""
    data: str
    admin_link: str | None
    network: tuple[str, ...] = ()
    """The addresses that others can use, where there are any."""
    caution: str = ""
    """What is open to them."""
    metrics: str = ""
    """Where the metrics are, if they have an address of their own."""


class Sockets(NamedTuple):
    """What listens: for everyone, and for monitors alone."""

    everyone: list[socket.socket]
    monitors: list[socket.socket]


def serve(settings: Settings, on_started: Callable[[Started], None], warnings: Sequence[str] = ()) -> None:
    """Run a node until it is told to stop (SIGINT, SIGTERM, SIGHUP); raises StartError. `warnings` go to its log."""
    logs.set_up(settings.log)
    sys.setswitchinterval(SWITCH)
    for sentence in warnings:
        log.warning(sentence)
    directory = Path(settings.data)
    try:
        lock = hold(directory)
    except StoreError as error:
        raise StartError(str(error)) from None
    with contextlib.closing(lock):
        try:
            sockets, for_metrics = listen(settings), listen_for_metrics(settings)
        except CannotListen as error:
            raise StartError(str(error)) from None
        try:
            store = open_store(settings)
        except StoreError as error:
            raise StartError(str(error)) from None
        with contextlib.closing(store):
            _run(settings, directory, store, Sockets(sockets, for_metrics), on_started)


def _run(
    settings: Settings,
    directory: Path,
    store: NodeStore,
    sockets: Sockets,
    on_started: Callable[[Started], None],
) -> None:
    if sys.platform == "win32":
        loop_factory = None
    else:
        import uvloop

        loop_factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        try:
            runner.run(Running(settings, directory, store).serve(sockets, on_started))
        except Unavailable as error:  # once it has started, those who ask are told
            raise StartError(f"The server cannot start. {error} `nexus doctor` says what to do.") from error


class Running:
    """A node on an asyncio loop, with its threads, its port and its transcript."""

    def __init__(self, settings: Settings, directory: Path, store: NodeStore) -> None:
        self._settings = settings
        self._directory = directory
        self._store = store

    async def serve(self, sockets: Sockets, on_started: Callable[[Started], None]) -> None:
        """Serve until told to stop, then drain."""
        loop = asyncio.get_running_loop()
        clock = LoopClock(loop)
        threads = LoopThreads(loop, self._settings.accounts.hashing_at_once)
        transcript = self._transcript()
        link, leave = open_link(self._settings, self._store, clock)
        node = self._node(clock, threads, transcript, link)
        node.start()
        admission = Admission(self._settings, node, clock, self._store.key)
        backups = Backups(self._settings, self._store, threads, clock)
        control = self._control(node, backups, sockets)
        lag = None if transcript is None else transcript.lag.seconds
        admission.measure = Measuring(self._directory, self._store, lag)
        keeping = Keeping(self._settings, self._store, clock, threads)
        keeping.begin()
        backups.begin()
        sweeper = Sweeper(admission)
        sweeper.start()
        server = _Server(self._config(admission), admission, sweeper, self._settings.stop.within)
        monitors = self._config_for_monitors(admission) if sockets.monitors else None
        heed_signals(loop, server.ask_to_stop)
        over: list[MustEnd] = []

        def give_up(why: MustEnd) -> None:
            log.error("this node cannot go on", why=str(why))
            over.append(why)
            server.ask_to_stop()

        keeping.over = give_up
        try:
            await control.open()
            invite = "" if self._store.has_admin() else await on_loop(node.accounts.invite_admin(fresh=link is None))
            await server.serve_on(sockets, monitors, lambda: on_started(self._started(sockets, invite)))
        finally:
            await control.close()
            await leave()
            await self._end(loop, threads, transcript)
        if over:
            raise StartError(f"{over[0]} {over[0].then}")

    async def _end(self, loop: asyncio.AbstractEventLoop, threads: LoopThreads, transcript: Transcript | None) -> None:
        """Do what was begun, and nothing more."""
        self._store.stop_reading()
        threads.stop_reading(Unavailable("The server is stopping."))
        await loop.run_in_executor(None, threads.stop)
        if transcript is not None:
            self._store.go_on_reading()  # what a transcript lacks is read from the log
            await loop.run_in_executor(None, transcript.stop, self._settings.stop.within)

    def _node(self, clock: LoopClock, threads: LoopThreads, transcript: Transcript | None, link: Link | None) -> Built:
        node = build(
            self._settings,
            self._store,
            clock,
            threads,
            PasswordHasher(parallelism=1),  # one thread for each password, so that the setting means what it says
            transcript.note if transcript is not None else lambda _: None,
        )
        if link is not None:
            from nexus.server.together import join  # here, as a node that is alone needs nothing of it

            join(link, self._settings, self._store, node, clock)
        if transcript is not None:
            node.outcomes.expired = transcript.expire
        return node

    def _control(self, node: Built, backups: Backups, sockets: Sockets) -> Control:
        async def answer(ask: AnyAsk) -> dict[str, Any]:
            return await (backups.make(ask) if isinstance(ask, Backup) else node.operating.answer(ask))

        there = address(self._settings, sockets.everyone[0].getsockname()[1])
        return Control(self._directory, there, answer, on_loop)

    def _transcript(self) -> Transcript | None:
        settings, store = self._settings.transcript, self._store
        if not settings.on or self._settings.store.url:  # a room's file would have what one of several nodes saw first
            return None
        transcript = Transcript(
            self._directory,
            store,
            room_of=lambda room: _folder_of(store, room),
            first_of=lambda room: _row_of(store, room).first,
            rooms=lambda: store.rooms(MOST_ROOMS),
            destroyed=store.destroyed,
            every=settings.every,
            open_files=settings.open_files,
            warn=lambda why: log.warning("a transcript is behind", why=why),
        )
        transcript.start()
        return transcript

    def _config(self, admission: Admission) -> uvicorn.Config:
        settings = self._settings
        return uvicorn.Config(
            build_app(admission),
            http=lambda **given: HttpConnection(admission, **given),  # type: ignore[arg-type]  # as with `ws`
            ws=lambda **_: Socket(admission),  # type: ignore[arg-type]  # uvicorn calls it like a class
            timeout_graceful_shutdown=1,
            ssl_certfile=settings.tls.certificate or None,
            ssl_keyfile=settings.tls.key or None,
            **QUIET,
        )

    def _config_for_monitors(self, admission: Admission) -> uvicorn.Config:
        return uvicorn.Config(
            build_for_monitors(admission),
            http=lambda **given: MonitorConnection(admission, **given),  # type: ignore[arg-type]  # as above
            ws="none",
            **QUIET,
        )

    def _started(self, sockets: Sockets, invite: str) -> Started:
        settings = self._settings
        scheme = "https" if settings.tls.certificate else "http"
        port = sockets.everyone[0].getsockname()[1]
        urls = tuple(dict.fromkeys(f"{scheme}://{here(host)}:{port}{settings.base}" for host in settings.host))
        place = (
            address(settings, port) if settings.hosts else urls[0]
        )  # any node takes it: where all are, if it is told
        link = f"{place}/#admin={invite}" if invite else None
        others = dict.fromkeys(filter(None, map(elsewhere, settings.host)))
        network = tuple(f"{scheme}://{host}:{port}{settings.base}" for host in others)
        metrics = ""
        for monitors in sockets.monitors:
            host, port = monitors.getsockname()[:2]
            metrics = f"http://{here(host)}:{port}/metrics"
        return Started(
            urls,
            str(self._directory),
            link,
            network,
            "; ".join(open_to_all(self._settings)) if network else "",
            metrics,
        )


class _Server(uvicorn.Server):
    """uvicorn's server, started on our sockets and stopped our way."""

    def __init__(self, config: uvicorn.Config, admission: Admission, sweeper: Sweeper, within: float) -> None:
        super().__init__(config)
        self._admission = admission
        self._sweeper = sweeper
        self._within = within

    async def serve_on(self, sockets: Sockets, monitors: uvicorn.Config | None, on_started: Callable[[], None]) -> None:
        """Serve until `ask_to_stop`; `monitors` says how their address is served, where they have one."""
        self.config.load()
        self.lifespan = self.config.lifespan_class(self.config)
        await self.startup(sockets=sockets.everyone)
        if monitors is not None:
            await self._serve_monitors(sockets.monitors, monitors)
        on_started()
        log.debug("started")
        await self.main_loop()
        log.debug("stopping", connections=len(self._admission.sockets))
        await self.shutdown(sockets=[*sockets.everyone, *sockets.monitors])

    async def _serve_monitors(self, sockets: list[socket.socket], config: uvicorn.Config) -> None:
        config.load()
        for monitors in sockets:
            self.servers.append(
                await asyncio.get_running_loop().create_server(
                    lambda: config.http_protocol_class(  # type: ignore[call-arg]  # as uvicorn calls it
                        config=config, server_state=self.server_state, app_state={}
                    ),
                    sock=monitors,
                )
            )

    def ask_to_stop(self) -> None:
        """Drain and stop; asked twice, stop at once."""
        self.force_exit = self.should_exit
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Refuse who comes, store what waits, send everyone away with a time to come back."""
        for server in self.servers:
            server.close()
        self._admission.stopping = True
        try:
            async with asyncio.timeout(self._within):
                await on_loop(self._admission.chat.stop())
                self._sweeper.close_all()
                while self._admission.sockets and not self.force_exit:
                    await asyncio.sleep(0.02)
        except TimeoutError:
            log.warning("not everyone left in time", connections=len(self._admission.sockets))
        for left in list(self._admission.sockets):
            left.abort()
        await super().shutdown(sockets)


def _row_of(store: Store, room: int) -> RoomRow:
    row = store.room_by_id(room)
    if row is None:
        raise Unavailable(f"The store has events of a room {room}, but no such room.")
    return row


def _folder_of(store: Store, room: int) -> str | None:
    row = store.room_by_id(room)
    return None if row is None else row.folder or row.name
