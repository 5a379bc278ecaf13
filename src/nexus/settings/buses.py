"""Where the bus between nodes is, read from its URL."""

from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

SCHEMES = ("nats", "tls")

_HOST = "it must be a host, such as nats://nats.example.org:4222, or several with commas between"

FILES = ("ca", "cert", "key")


class Address(NamedTuple):
    """Servers of which any one will do, and by what both sides are known; a user without a password is a token."""

    servers: tuple[str, ...]
    user: str = ""
    password: str = ""
    ca: str = ""
    cert: str = ""
    key: str = ""

    @property
    def must_encrypt(self) -> bool:
        """Whether nothing may be said without TLS."""
        return self.servers[0].startswith("tls://")


def read(url: str) -> Address:
    """Read a URL, or several with commas between them; raises ValueError with what would be right."""
    servers, files, user, password = [], dict.fromkeys(FILES, ""), "", ""
    for one in url.split(","):
        try:
            parts = urlsplit(one.strip())
        except ValueError:
            raise ValueError(_HOST) from None
        if parts.scheme not in SCHEMES:
            raise ValueError("it must begin with nats:// or tls://, or be empty")
        if not parts.hostname or parts.path.strip("/") or not _has_port(parts.netloc):
            raise ValueError(_HOST)
        for name, values in parse_qs(parts.query, keep_blank_values=True).items():
            if name not in files or not values[-1]:
                raise ValueError("behind the ? it may name files alone, as in ?ca=/etc/nexus/ca.pem&cert=…&key=…")
            files[name] = values[-1]
        if parts.username:
            user, password = unquote(parts.username), unquote(parts.password or "")
        servers.append(urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], "", "", "")))
    if len({server.partition(":")[0] for server in servers}) > 1:
        raise ValueError("where it names several servers, it must be all of them with tls://, or none")
    if files["key"] and not files["cert"]:
        raise ValueError("behind the ? it has a key, which needs a cert")
    return Address(tuple(servers), user, password, **files)


def _has_port(place: str) -> bool:
    """Whether the port, where there is one, is one."""
    try:
        _ = urlsplit(f"//{place}").port
    except ValueError:
        return False
    return True
