"""The settings from their four places: which wins, where each came from, and the sentence for what is wrong."""

import pytest

from nexus.settings import Heartbeat, Limits, Settings
from nexus.settings.keys import KEYS
from nexus.settings.load import DEFAULT, NOT_OURS, SettingsError, data_directory, load

FILE = "nexus-data/nexus.toml"


def wrong(toml: str = "", **given: dict[str, str]) -> str:
    """The sentence for settings that are wrong."""
    with pytest.raises(SettingsError) as caught:
        load(given.get("flags", {}), given.get("environ", {}), toml, FILE)
    return str(caught.value)


def test_nothing_set_is_the_defaults() -> None:
    settings, origins, _ = load({}, {}, None, FILE)

    assert settings == Settings()
    assert origins == dict.fromkeys(KEYS, DEFAULT)


def test_each_place_is_read_and_each_setting_knows_where_it_came_from() -> None:
    settings, origins, _ = load(
        {"--port": "9000"}, {"NEXUS_LIMITS_CATCH_UP": "50"}, "[heartbeat]\nevery = 5\nwithin = 10", FILE
    )

    assert settings == Settings(port=9000, limits=Limits(catch_up=50), heartbeat=Heartbeat(every=5, within=10))
    assert origins["port"] == "--port"
    assert origins["limits.catch_up"] == "NEXUS_LIMITS_CATCH_UP"
    assert origins["heartbeat.every"] == FILE
    assert origins["host"] == DEFAULT


def test_the_flag_wins_over_the_variable_and_the_variable_over_the_file() -> None:
    toml, variable, flag = "port = 1", {"NEXUS_PORT": "2"}, {"--port": "3"}

    assert load({}, {}, toml, FILE).settings.port == 1
    assert load({}, variable, toml, FILE).settings.port == 2
    assert load(flag, variable, toml, FILE).settings.port == 3


def test_lists_have_commas_and_yes_is_true() -> None:
    environ = {"NEXUS_ORIGINS": "https://a.example.org, http://b:8080", "NEXUS_PROXIES": ""}
    for word, truth in (("yes", True), ("On", True), ("1", True), ("no", False), ("OFF", False), ("0", False)):
        settings = load({"--transcript-on": word}, environ, None, FILE).settings

        assert settings.transcript.on is truth
        assert settings.origins == ("https://a.example.org", "http://b:8080")
        assert settings.proxies == ()


def test_several_addresses_are_a_list_and_one_may_stand_alone() -> None:
    for toml in ("host = '::1'", "host = ['::1']"):
        assert load({}, {}, toml, FILE).settings.host == ("::1",)
    assert load({}, {"NEXUS_HOST": "127.0.0.1, ::1"}, None, FILE).settings.host == ("127.0.0.1", "::1")


def test_a_token_is_refused_without_being_shown() -> None:
    for token in ("short", "two words", "täuschend lang"):
        sentence = wrong(environ={"NEXUS_METRICS_TOKEN": token})
        assert sentence.startswith("metrics.token must be ")
        assert token not in sentence


def test_a_bus_needs_a_store_that_nodes_share_and_no_password_is_shown() -> None:
    bus, store = "nats://nexus:secret@bus.example.org", "postgresql://nexus:secret@db.example.org/nexus"
    assert load({}, {"NEXUS_STORE_URL": store, "NEXUS_BUS_URL": bus}, None, FILE).settings.bus.url == bus
    for environ in (
        {"NEXUS_BUS_URL": bus},
        {"NEXUS_STORE_URL": bus},
        {"NEXUS_STORE_URL": store, "NEXUS_BUS_URL": store},
    ):
        sentence = wrong(environ=environ)
        assert sentence.startswith(("bus.url ", "store.url "))
        assert "secret" not in sentence


def test_variables_of_other_commands_are_left_alone() -> None:
    assert load({}, dict.fromkeys(NOT_OURS, "x"), None, FILE).settings == Settings()
    assert not NOT_OURS & {key.variable for key in KEYS.values()}


def test_no_two_settings_share_a_name_in_any_place() -> None:
    assert len({key.variable for key in KEYS.values()}) == len(KEYS)
    assert len({key.flag for key in KEYS.values()}) == len(KEYS)


def test_every_setting_says_what_it_is_in_a_sentence() -> None:
    assert [key.name for key in KEYS.values() if not (key.sentence[0].isupper() and key.sentence.endswith("."))] == []


def test_the_data_directory_is_known_before_its_file_is_read() -> None:
    assert data_directory({}, {}) == "nexus-data"
    assert data_directory({}, {"NEXUS_DATA": "b"}) == "b"
    assert data_directory({"--data": "a"}, {"NEXUS_DATA": "b"}) == "a"


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("port = 'x'", f"port in {FILE} is 'x'; it must be a whole number from 0 to 65535."),
        ("port = '80'", f"port in {FILE} is '80'; it must be a whole number from 0 to 65535, written without quotes."),
        ("host = []", f"host in {FILE} is []; it must be a text, or a list of texts, and not empty."),
        ("host = ''", f"host in {FILE} is ''; it must be a text, or a list of texts, and not empty."),
        ("port = 1.5", f"port in {FILE} is 1.5; it must be a whole number from 0 to 65535."),
        ("port = true", f"port in {FILE} is true; it must be a whole number from 0 to 65535."),
        ("port = [1, 2]", f"port in {FILE} is [1, 2]; it must be a whole number from 0 to 65535."),
        ("[port]\na = 1", f"port in {FILE} is a table; it must be a whole number from 0 to 65535."),
        ("limits = 5", f"limits in {FILE} is 5; it must be a table, [limits]."),
        ("log.level = 'loud'", f"log.level in {FILE} is 'loud'; it must be debug, error, info or warning."),
        ("transcript.on = 1", f"transcript.on in {FILE} is 1; it must be true or false."),
        ("pace.posts = nan", f"pace.posts in {FILE} is nan; it must be a number from 0 to 1000000000."),
        ("stop.within = 0", f"stop.within in {FILE} is 0; it must be a number above 0 and at most 31536000."),
        ("title = ''", f"title in {FILE} is ''; it must be a text of 1 to 80 characters, without control characters."),
        ("origins = 'https://x'", f"origins in {FILE} is 'https://x'; it must be a list of texts, as [\"…\"]."),
        ("origins = [1]", f"origins in {FILE} is [1]; it must be a list of texts."),
        ("prot = 1", f"{FILE} has prot, which is not a setting; the nearest is port."),
        ("text = 1", f"{FILE} has text, which is not a setting; the nearest is limits.text."),
        ("[limit]\ntext = 1", f"{FILE} has a table [limit], which is not a setting; the nearest is [limits]."),
        ("limits.txet = 1", f"{FILE} has limits.txet, which is not a setting; the nearest is limits.text."),
        ("zebra = 1", f"{FILE} has zebra, which is not a setting; `nexus config` lists them all."),
        ('"a\\nb" = 1', f"{FILE} has 'a\\nb', which is not a setting; `nexus config` lists them all."),
        ("port =", f"{FILE} is not valid TOML: Invalid value (at end of document)."),
        (
            f"port = {'9' * 5000}",
            f"{FILE} has a number that is too long or brackets in brackets too deep; no setting needs either.",
        ),
    ],
)
def test_a_wrong_line_of_the_file_is_reported_in_one_sentence(toml: str, sentence: str) -> None:
    assert wrong(toml) == sentence


def test_wrong_variables_and_flags_are_reported_by_their_own_names() -> None:
    port = "is 'x'; it must be a whole number from 0 to 65535."
    assert wrong(environ={"NEXUS_PORT": "x"}) == f"NEXUS_PORT {port}"
    assert wrong(flags={"--port": "x"}) == f"--port {port}"
    assert wrong(flags={"--limits-txt": "1"}) == (
        "The command line has --limits-txt, which is not a setting; the nearest is --limits-text."
    )


def test_a_variable_that_is_no_setting_is_ignored_and_told() -> None:
    loaded = load({}, {"NEXUS_PROT": "1", "NEXUS_ZEBRA": "1", "HOME": "/"}, None, FILE)

    assert loaded.settings == Settings()
    assert loaded.warnings == (
        "The environment has NEXUS_PROT, which is not a setting; the nearest is NEXUS_PORT. It is ignored.",
        "The environment has NEXUS_ZEBRA, which is not a setting; `nexus config` lists them all. It is ignored.",
    )


def test_what_kubernetes_sets_for_a_service_is_no_setting() -> None:
    services = {
        "NEXUS_PORT": "tcp://10.0.0.7:80",
        "NEXUS_PORT_8080_TCP": "tcp://10.0.0.7:8080",
        "NEXUS_PORT_8080_TCP_ADDR": "10.0.0.7",
        "NEXUS_SERVICE_HOST": "10.0.0.7",
        "NEXUS_SERVICE_PORT_HTTP": "80",
        "NEXUS_CHAT_PORT": "tcp://10.0.0.7:80",
        "NEXUS_CHAT_SERVICE_HOST": "10.0.0.7",
    }
    loaded = load({}, services, None, FILE)

    assert loaded.settings == Settings()
    assert loaded.warnings == (
        "Ignored in the environment: NEXUS_CHAT_PORT, NEXUS_CHAT_SERVICE_HOST, NEXUS_PORT, …, which Kubernetes sets "
        "for a service of that name.",
    )
    assert load({}, {**services, "NEXUS_PORT": "9000"}, None, FILE).settings.port == 9000
    assert load({"--port": "9000"}, services, None, FILE).settings.port == 9000


def test_a_wrong_value_is_reported_even_where_a_later_source_would_win() -> None:
    assert wrong("port = 'x'", flags={"--port": "80"}).startswith(f"port in {FILE}")


def test_the_data_directory_cannot_be_set_in_the_file_that_is_found_in_it() -> None:
    assert "set it by --data or NEXUS_DATA." in wrong("data = 'elsewhere'")


@pytest.mark.parametrize(
    ("toml", "named"),
    [
        ("tls.certificate = 'a.pem'", ["tls.certificate is 'a.pem'", "tls.key is empty"]),
        ("tls.key = 'a.key'", ["tls.key is 'a.key'", "tls.certificate is empty"]),
        ("heartbeat.within = 20", [f"heartbeat.within is 20 ({FILE})", "heartbeat.every is 20 (default)"]),
        ("limits.text = 100_000", [f"limits.text is 100000 ({FILE})", "limits.frame is 131072 (default)", "401024"]),
        ("limits.frame = 2_000", [f"limits.frame is 2000 ({FILE})", "limits.text is 8000 (default)"]),
        ("limits.waiting_bytes = 9", [f"limits.waiting_bytes is 9 ({FILE})", "at least one frame"]),
        ("limits.tail_bytes = 9", [f"limits.tail_bytes is 9 ({FILE})", "at least one frame"]),
        ("host = 'http://a'", ["host is ['http://a']", "localhost"]),
        ("host = 'localhost:80'", ["host is ['localhost:80']", "localhost"]),
        ("host = 'a..b'", ["host is ['a..b']", "localhost"]),
        (f"host = '{'a' * 64}'", ["host is ['aaa", "localhost"]),
        ("host = '[::1]'", ["host is ['[::1]']", "::1"]),
        ("host = ['::1', 'a..b']", ["host is ['::1', 'a..b']", "'a..b' must be", "localhost"]),
        ("metrics.listen = '9100'", ["metrics.listen is '9100'", "127.0.0.1:9100"]),
        ("metrics.listen = 'a:99999'", ["metrics.listen is 'a:99999'", "127.0.0.1:9100"]),
        ("metrics.listen = '::1:9100'", ["metrics.listen is '::1:9100'", "[::1]:9100"]),
        ("title = ' '", ["title is ' '", "a letter"]),
        ("origins = ['https://a.org/']", ["'https://a.org/'", "https://chat.example.org"]),
        ("origins = ['https://A.org']", ["'https://A.org'", "small letters"]),
        ("origins = ['https://a.org:443']", ["'https://a.org:443'", "not the usual one"]),
        ("origins = ['https://a.org:x']", ["'https://a.org:x'"]),
        ("origins = ['*']", ["'*'"]),
        ("proxies = ['10.0.0.7/8']", ["'10.0.0.7/8'", "10.0.0.0/8"]),
        ("proxies = ['localhost']", ["'localhost'", "an address or a network"]),
        ("proxies = ['10.0.0.7:80']", ["'10.0.0.7:80'", "an address or a network"]),
    ],
)
def test_values_that_contradict_are_reported_with_their_sources(toml: str, named: list[str]) -> None:
    sentence = wrong(toml)

    assert [part for part in named if part not in sentence] == []


def test_values_that_fit_are_taken() -> None:
    toml = """
        host = "::"
        origins = ["https://chat.example.org", "http://localhost:5173", "https://[::1]:8443"]
        proxies = ["10.0.0.7", "::1", "192.168.0.0/16", "fd00::/8"]
        tls.certificate = "a.pem"
        tls.key = "a.key"
        limits.text = 100_000
        limits.frame = 401_024
    """
    assert load({}, {}, toml, FILE).settings.limits.text == 100_000
