"""Where a connection comes from: its peer, or whom a trusted proxy names; one rule for every way in."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

LONGEST = 64
"""Characters kept of what a proxy says that is no address."""

SITE = 64
"""Bits of an IPv6 address that one household or machine has to itself: it may choose all others freely."""


class Proxies:
    """The trusted reverse proxies, as addresses and networks."""

    def __init__(self, trusted: Sequence[str]) -> None:
        self._networks = [ip_network(text) for text in trusted]

    def trusts(self, peer: str) -> bool:
        """Whether an address is one of theirs; one that cannot be read is not."""
        address = _read(peer)
        return address is not None and any(address in network for network in self._networks)

    def source(self, peer: str, forwarded: str) -> str:
        """Whom to count a connection for; empty where a trusted proxy does not say for whom it is.

        Of `X-Forwarded-For` that is the last entry that is no trusted proxy: what stands before it anyone may have
        written.
        """
        if not self.trusts(peer):
            return source_of(peer)
        entries = [entry.strip() for entry in forwarded.split(",")]
        for entry in filter(None, reversed(entries)):
            if not self.trusts(entry):
                return source_of(entry)
        return ""


@lru_cache(maxsize=4096)
def source_of(text: str) -> str:
    """An address as it is counted: an IPv4 address, the /64 of an IPv6 one; what is neither as it is, shortened."""
    address = _read(text)
    if address is None:
        return text[:LONGEST]
    if isinstance(address, IPv6Address):
        return str(ip_network((address, SITE), strict=False))
    return str(address)


@lru_cache(maxsize=4096)
def _read(text: str) -> IPv4Address | IPv6Address | None:
    """An address in any of its spellings, with or without a port; an IPv4 address in IPv6 is an IPv4 address."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
