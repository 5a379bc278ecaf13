"""Where the bus is, as its URL says."""

import pytest

from nexus.settings.buses import Address, read
from nexus.settings.load import SettingsError, load

STORE = {"NEXUS_STORE_URL": "postgresql://db.example.org/nexus"}


def test_a_url_names_servers_credentials_and_files() -> None:
    assert read("nats://nats.example.org") == Address(("nats://nats.example.org",))
    assert read("nats://token@[::1]:4222") == Address(("nats://[::1]:4222",), user="token")
    several = read("tls://ann:a%20b%2Cc@one:1?ca=/etc/ca.pem, tls://ann:a%20b%2Cc@two?cert=c.pem&key=k.pem")
    assert several == Address(("tls://one:1", "tls://two"), "ann", "a b,c", "/etc/ca.pem", "c.pem", "k.pem")
    assert several.must_encrypt
    assert not read("nats://one,nats://two").must_encrypt


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("http://nats.example.org", "it must begin with nats:// or tls://"),
        ("nats.example.org:4222", "it must begin with nats:// or tls://"),
        ("nats://", "it must be a host"),
        ("nats://one:port", "it must be a host"),
        ("nats://one:99999", "it must be a host"),
        ("nats://one/chat", "it must be a host"),
        ("nats://one,", "it must begin with nats:// or tls://"),
        ("nats://[::1", "it must be a host"),
        ("tls://one?verify=no", "it may name files alone"),
        ("tls://one?ca=", "it may name files alone"),
        ("tls://one?key=k.pem", "which needs a cert"),
        ("nats://one,tls://two", "all of them with tls://, or none"),
    ],
)
def test_what_is_wrong_with_a_url_is_a_sentence_without_its_password(url: str, part: str) -> None:
    for said in (url, url.replace("://", "://ann:staple@")):
        with pytest.raises(SettingsError) as refused:
            load({}, STORE | {"NEXUS_BUS_URL": said}, None, "nexus.toml")

        assert str(refused.value).startswith("bus.url is set (NEXUS_BUS_URL); ")
        assert part in str(refused.value) or said != url
        assert "staple" not in str(refused.value)


def test_a_bus_needs_a_store_that_nodes_share() -> None:
    with pytest.raises(SettingsError) as refused:
        load({"--bus-url": "nats://one"}, {}, None, "nexus.toml")

    assert str(refused.value).startswith("bus.url is set (--bus-url), but store.url is empty; ")


def test_the_password_of_a_store_is_not_shown_either() -> None:
    with pytest.raises(SettingsError) as refused:
        load({}, {"NEXUS_STORE_URL": "mysql://ann:staple@db"}, None, "nexus.toml")

    assert "staple" not in str(refused.value)
