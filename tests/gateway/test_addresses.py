"""Where a connection comes from: one rule, whatever way it comes in and however the address is spelled."""

from ipaddress import IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexus.gateway.addresses import Proxies, source_of

TRUSTED = ("127.0.0.1", "::1", "10.0.0.0/8", "fd00::/8")
PROXIES = Proxies(TRUSTED)


@pytest.mark.parametrize(
    ("peer", "forwarded", "source"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),  # not a proxy: it may say what it likes
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "", ""),
        ("10.1.2.3", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("10.1.2.3", "203.0.113.9, 198.51.100.7, 10.9.9.9", "198.51.100.7"),
        ("10.1.2.3", "198.51.100.7 ,, ", "198.51.100.7"),
        ("10.1.2.3", "10.9.9.9", ""),
        ("::ffff:10.1.2.3", "198.51.100.7:51234", "198.51.100.7"),
        ("fd00::1", "[2001:db8:1:2:3::4]:443", "2001:db8:1:2::/64"),
        ("fd00::1", '"2001:DB8:1:2::9"', "2001:db8:1:2::/64"),
        ("fd00::1", "unknown", "unknown"),
        ("fd00::1", "x" * 1000, "x" * 64),
        ("2001:db8::1%eth0", "", "2001:db8::/64"),
        ("::ffff:192.0.2.1", "", "192.0.2.1"),
    ],
)
def test_the_last_entry_that_is_no_trusted_proxy_is_counted(peer: str, forwarded: str, source: str) -> None:
    assert PROXIES.source(peer, forwarded) == source


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
def test_all_addresses_of_one_64_are_one_source(address: IPv6Address, host: int) -> None:
    network = ip_network((address, 64), strict=False)
    other = str(network[host])
    if address.ipv4_mapped is None and network.network_address != ip_network("::ffff:0:0/96")[0]:
        assert source_of(address.exploded) == source_of(other) == source_of(f"[{other}]:80") == str(network)


@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_is_forwarded_a_stranger_counts_as_themselves(forwarded: str, peer: str) -> None:
    assert PROXIES.source("192.0.2.1", forwarded) == "192.0.2.1"
    assert len(PROXIES.source(peer, forwarded)) <= 64
    assert len(PROXIES.source("10.0.0.1", forwarded)) <= 64
