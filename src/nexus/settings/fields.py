"""The structs of the settings: every one with its default, its bounds and a sentence."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Count = Annotated[int, Meta(ge=1, le=1_000_000_000)]
Bytes = Annotated[int, Meta(ge=1, le=1_000_000_000_000)]
Seconds = Annotated[float, Meta(gt=0, le=31_536_000)]
Rate = Annotated[float, Meta(ge=0, le=1_000_000_000)]
Rest = Annotated[float, Meta(ge=0, le=60)]


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group of settings: a table in `nexus.toml`, a prefix everywhere else."""


class Tls(Section, frozen=True):
    """`https://` and `wss://` on the same port."""

    certificate: Annotated[
        str, Meta(description="File of the certificate chain (PEM), the server's own first; empty for no TLS.")
    ] = ""
    key: Annotated[str, Meta(description="File of the certificate's private key (PEM), without a pass phrase.")] = ""


class Rooms(Section, frozen=True):
    """Who may make rooms."""

    create: Annotated[
        Literal["everyone", "members", "admins"],
        Meta(
            description="Who makes a room by joining one that does not exist: everyone, members (who have "
            "an account), admins."
        ),
    ] = "everyone"
    first: Annotated[str, Meta(description="The room that clients open if none is named.")] = "lobby"


class History(Section, frozen=True):
    """What a newcomer sees, and for how long it is there."""

    on_join: Annotated[int, Meta(ge=0, le=200, description="How many of a room's last messages a newcomer gets.")] = 5
    keep: Annotated[
        int,
        Meta(
            ge=0,
            le=36_500,
            description="Days for which rooms keep messages that do not say so themselves; 0 for ever.",
        ),
    ] = 0


class Messages(Section, frozen=True):
    """What may be done to a message that was posted."""

    edit_within: Annotated[
        float,
        Meta(ge=0, le=31_536_000, description="Seconds in which an author may edit a message; 0 for no limit."),
    ] = 0
    emoji: Annotated[Count, Meta(description="Different emoji that people may react with to one message.")] = 20
    reactions: Annotated[Count, Meta(description="Reactions of all people to one message.")] = 1000


class Accounts(Section, frozen=True):
    """Who may have an account."""

    register: Annotated[
        Literal["everyone", "invited", "nobody"],
        Meta(
            description="Who may register an account: everyone, people with an invitation (`nexus invite`), or nobody."
        ),
    ] = "everyone"
    logins: Annotated[
        Count,
        Meta(description="Devices an account may be signed in on; the one unused for longest is signed out first."),
    ] = 50
    bots: Annotated[int, Meta(ge=0, le=10_000, description="Bots that a person may have; 0 for none.")] = 5
    login_days: Annotated[
        int, Meta(ge=0, le=36_500, description="Days after which an unused login ends; 0 for never.")
    ] = 365
    reset_hours: Annotated[
        float, Meta(gt=0, le=8760, description="Hours for which the link of `nexus user reset` works.")
    ] = 24
    password_min: Annotated[int, Meta(ge=1, le=1000, description="Shortest password accepted, in characters.")] = 8
    hashing_at_once: Annotated[
        int,
        Meta(ge=1, le=1000, description="How many passwords are hashed at once (64 MiB and a core each)."),
    ] = 2
    hashing_waiting: Annotated[
        Count,
        Meta(
            description="How many from one address may wait to be hashed, and four times as many of all; more are "
            "refused with `too_fast`."
        ),
    ] = 250


class Moderation(Section, frozen=True):
    """What those who moderate the server do."""

    undo_hours: Annotated[
        float, Meta(ge=0, le=8760, description="Hours in which an act of a moderator can be undone; 0 for ever.")
    ] = 72
    sources: Annotated[
        int, Meta(ge=0, le=365, description="Days for which the addresses of guests are kept; 0 keeps none.")
    ] = 7
    report_hours: Annotated[
        float, Meta(ge=0, le=8760, description="Hours for which the copies of a report are kept after it was settled.")
    ] = 168


class Invites(Section, frozen=True):
    """How far invitations reach that people make; the operator's have no such bounds."""

    uses: Annotated[int, Meta(ge=1, le=10_000, description="People who may use one invitation, at most.")] = 100
    hours: Annotated[int, Meta(ge=1, le=87_600, description="Hours for which an invitation is valid, at most.")] = 720


class Names(Section, frozen=True):
    """Who is called what."""

    hold: Annotated[
        int, Meta(ge=0, le=36_500, description="Days for which a name that an account gave up stays reserved.")
    ] = 30


class Limits(Section, frozen=True):
    """How much of everything; what is over is refused, never cut."""

    text: Annotated[Count, Meta(description="Characters of a message.")] = 8000
    topic: Annotated[Count, Meta(description="Characters of a room's topic.")] = 250
    frame: Annotated[Bytes, Meta(description="Bytes of a WebSocket frame and message, before parsing.")] = 131_072
    fragments: Annotated[Count, Meta(description="Fragments of one WebSocket message.")] = 128
    rooms: Annotated[Count, Meta(description="Rooms a guest may be in at once.")] = 100
    account_rooms: Annotated[Count, Meta(description="Rooms an account may be in at once.")] = 1000
    day_bytes: Annotated[Bytes, Meta(description="Bytes that one person may store in a day.")] = 67_108_864
    day_bytes_address: Annotated[Bytes, Meta(description="Bytes that all from one address may store in a day.")] = (
        1_073_741_824
    )
    day_rooms: Annotated[Count, Meta(description="Rooms that one person may make in a day.")] = 500
    day_rooms_address: Annotated[Count, Meta(description="Rooms that all from one address may make in a day.")] = 5000
    connections: Annotated[Count, Meta(description="Connections to the node.")] = 20_000
    connections_per_address: Annotated[
        int,
        Meta(
            ge=0,
            le=1_000_000_000,
            description="Connections from one address. Those through a trusted proxy count for the address it names, "
            "or for the proxy if it names none. 0 for 500, but then without a limit for a trusted proxy (and so for "
            "any program on this machine) that names no address.",
        ),
    ] = 0
    request_within: Annotated[
        Seconds,
        Meta(description="Seconds in which the head of an HTTP request must be complete, and its answer be taken."),
    ] = 15
    in_flight: Annotated[
        Count, Meta(description="Posts of one session on their way to the disk; more wait unread.")
    ] = 256
    waiting_bytes: Annotated[
        Bytes,
        Meta(description="Bytes of posts waiting for the disk, over all; more are refused with `unavailable`."),
    ] = 67_108_864
    write_buffer: Annotated[
        Bytes, Meta(description="Bytes that wait for one slow reader before it is served from the history.")
    ] = 65_536
    catch_up: Annotated[
        Count, Meta(description="Events sent to someone who is far behind; `skipped` names the older ones.")
    ] = 1000
    page_bytes: Annotated[Bytes, Meta(description="Bytes of one page of history.")] = 262_144
    tail_events: Annotated[Count, Meta(description="Events of a room kept in memory.")] = 1000
    tail_bytes: Annotated[Bytes, Meta(description="Bytes of all rooms' events kept in memory.")] = 67_108_864


class Pace(Section, frozen=True):
    """How fast one may be; 0 for a rate means no limit."""

    posts: Annotated[Rate, Meta(description="Posts a second of one session, in the long run.")] = 20
    posts_burst: Annotated[Count, Meta(description="Posts of one session at once.")] = 400
    commands: Annotated[Rate, Meta(description="Other commands a second of one session, in the long run.")] = 50
    commands_burst: Annotated[Count, Meta(description="Other commands of one session at once.")] = 500
    address: Annotated[Rate, Meta(description="Posts a second from one address, in the long run.")] = 2000
    address_burst: Annotated[Count, Meta(description="Posts from one address at once.")] = 20_000
    logins: Annotated[
        Rate, Meta(description="Wrong passwords a second from one address for one name, in the long run.")
    ] = 0.2
    logins_burst: Annotated[Count, Meta(description="Wrong passwords at once.")] = 10


class Session(Section, frozen=True):
    """How long a session waits."""

    hello_within: Annotated[Seconds, Meta(description="Seconds that a new connection has to say `hello`.")] = 15
    grace: Annotated[
        Seconds, Meta(description="Seconds that a dropped session keeps its name and place for a resume.")
    ] = 60
    waiting: Annotated[
        Count,
        Meta(description="Dropped sessions from one address that wait so; beyond that the oldest ends."),
    ] = 500


class Heartbeat(Section, frozen=True):
    """How dead peers are found."""

    every: Annotated[Seconds, Meta(description="Seconds of silence after which the server pings.")] = 20
    within: Annotated[Seconds, Meta(description="Seconds of silence after which a connection is dead.")] = 50


class Presence(Section, frozen=True):
    """How who-is-here is told."""

    every: Annotated[Seconds, Meta(description="Seconds between two presence events of a room, at least.")] = 0.25
    names: Annotated[Count, Meta(description="With more people than this in a room, only their number is sent.")] = 200


class Fanout(Section, frozen=True):
    """How often a large and busy room is written to."""

    share: Annotated[
        float,
        Meta(gt=0, le=1, description="Share of the time that writing to one room may take while others wait."),
    ] = 0.75
    shortest: Annotated[Rest, Meta(description="The shortest rest between two flushes of a room, in seconds.")] = 0
    longest: Annotated[Rest, Meta(description="The longest such rest, in seconds.")] = 0.05
    from_listeners: Annotated[Count, Meta(description="Rooms with fewer listeners are written to at once.")] = 200


class Stop(Section, frozen=True):
    """How a node stops."""

    within: Annotated[Seconds, Meta(description="Seconds to drain before it stops anyway.")] = 8
    spread: Annotated[Seconds, Meta(description="Seconds over which the clients are told to come back.")] = 3


class Transcript(Section, frozen=True):
    """The readable log files."""

    on: Annotated[bool, Meta(description="Write a transcript per room and day.")] = True
    every: Annotated[Seconds, Meta(description="Seconds between two writes, at least.")] = 0.2
    open_files: Annotated[Count, Meta(description="Transcript files held open.")] = 512


class Store(Section, frozen=True):
    """Where the chat is kept."""

    url: Annotated[
        str,
        Meta(
            description="The PostgreSQL that several nodes share, such as postgresql://nexus@db.example.org/nexus; "
            "empty for SQLite in the data directory."
        ),
    ] = ""


class Bus(Section, frozen=True):
    """How several nodes that share a store hear of each other."""

    url: Annotated[
        str,
        Meta(
            description="The NATS server through which nodes tell each other what is new, such as nats://user:password@"
            "bus.example.org:4222, or tls://… with TLS, several with commas between; empty for a node that is alone."
        ),
    ] = ""


class Backup(Section, frozen=True):
    """Copies of the database, and how long what was set aside is kept."""

    every: Annotated[
        float, Meta(ge=0, le=8760, description="Hours between two copies that the server makes by itself; 0 for none.")
    ] = 0
    keep: Annotated[Count, Meta(description="How many of these copies are kept; the oldest goes first.")] = 7
    folder: Annotated[
        str,
        Meta(
            description="Where the copies go; empty for a folder beside the data directory, with -backups in its name."
        ),
    ] = ""
    set_aside_days: Annotated[
        int,
        Meta(
            ge=0,
            le=36_500,
            description="Days for which copies from before an upgrade, or replaced by a restore, are kept; 0 for ever.",
        ),
    ] = 30


class Log(Section, frozen=True):
    """The server's own log, on standard error."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Meta(description="How much is logged: debug, info, warning, error."),
    ] = "info"
    format: Annotated[Literal["text", "json"], Meta(description="For people (text) or for machines (json).")] = "text"


class Metrics(Section, frozen=True):
    """Who may ask for `/metrics`."""

    listen: Annotated[
        str,
        Meta(
            description="An address and port for a monitor alone, such as 127.0.0.1:9100, without TLS: `/metrics` is "
            "there then and not on the server's own port; empty for that."
        ),
    ] = ""
    token: Annotated[
        str,
        Meta(description="What a monitor has to send, as `Authorization: Bearer …`; empty to let everyone ask."),
    ] = ""


class Mentions(Section, frozen=True):
    """Whom a message mentions."""

    here: Annotated[
        Literal["everyone", "members", "moderators"],
        Meta(
            description="Whose `@here` mentions everyone in a room: everyone's, that of its members, or of its "
            "moderators; in a direct room it always does."
        ),
    ] = "everyone"


class Settings(Section, frozen=True):
    """Where the server is, what it is called and whom it trusts."""

    host: Annotated[
        tuple[str, ...],
        Meta(
            min_length=1,
            description="The address to listen on, or several; 0.0.0.0 for every network, :: alone for IPv6 too.",
        ),
    ] = ("127.0.0.1",)
    port: Annotated[int, Meta(ge=0, le=65535, description="The port to listen on; 0 for a free one.")] = 8000
    data: Annotated[
        str,
        Meta(
            min_length=1,
            description="The directory that holds everything: database, transcripts, lock, nexus.toml.",
        ),
    ] = "nexus-data"
    base: Annotated[
        str,
        Meta(description="The path under which a proxy serves it, such as /chat; empty if it has a host of its own."),
    ] = ""
    title: Annotated[str, Meta(min_length=1, max_length=80, description="What this server calls itself.")] = "Nexus"
    origins: Annotated[
        tuple[str, ...],
        Meta(description="Other web origins whose pages may connect, such as https://chat.example.org."),
    ] = ()
    hosts: Annotated[
        tuple[str, ...],
        Meta(description="Names by which people reach this server, such as chat.example.org or *.example.org."),
    ] = ()
    proxies: Annotated[
        tuple[str, ...],
        Meta(description="Addresses and networks of reverse proxies whose X-Forwarded-For is trusted."),
    ] = ("127.0.0.1", "::1")
    guests: Annotated[
        Literal["talk", "read", "none"],
        Meta(description="What people without an account may do: talk, read, or none (they may not come in)."),
    ] = "talk"
    compression: Annotated[bool, Meta(description="Offer permessage-deflate to clients that ask for it.")] = True
    tls: Tls = Tls()
    rooms: Rooms = Rooms()
    history: History = History()
    messages: Messages = Messages()
    mentions: Mentions = Mentions()
    accounts: Accounts = Accounts()
    names: Names = Names()
    moderation: Moderation = Moderation()
    invites: Invites = Invites()
    limits: Limits = Limits()
    pace: Pace = Pace()
    session: Session = Session()
    heartbeat: Heartbeat = Heartbeat()
    presence: Presence = Presence()
    fanout: Fanout = Fanout()
    stop: Stop = Stop()
    transcript: Transcript = Transcript()
    store: Store = Store()
    bus: Bus = Bus()
    backup: Backup = Backup()
    log: Log = Log()
    metrics: Metrics = Metrics()
