"""deploy/compose.yaml, against what Nexus knows: its settings, ports and addresses; no engine is needed."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # it brings no types

from nexus.settings import Settings
from nexus.settings.buses import read
from nexus.settings.load import load
from nexus.store.postgres.opening import OLDEST
from tests.house.sources import ROOT

DEPLOY = ROOT / "deploy"

ENVIRONMENT = {"DATABASE_PASSWORD": "d0", "BUS_PASSWORD": "b0", "CHAT_NAME": "chat.example.org"}
"""What stands in deploy/.env."""


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """The services, as an engine reads them."""
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    text = re.sub(r"\$\{(\w+):\?\}", lambda found: ENVIRONMENT[found[1]], text)
    compose = yaml.safe_load(text)
    named = {volume.partition(":")[0] for one in compose["services"].values() for volume in one.get("volumes", ())}
    assert {name for name in named if not name.startswith(".")} == compose["volumes"].keys()
    found: dict[str, Any] = compose["services"]
    return found


@pytest.fixture(scope="module")
def nodes(services: dict[str, Any]) -> list[dict[str, Any]]:
    return [service for name, service in services.items() if name.startswith("node")]


def settings_of(service: dict[str, Any]) -> Settings:
    """What a node runs with there: no variable is unknown, and no value refused."""
    image = dict(re.findall(r"(NEXUS_\w+)=(\S+)", (DEPLOY / "Containerfile").read_text("utf-8")))
    loaded = load({}, image | service["environment"], None, "nexus.toml")
    assert loaded.warnings == ()
    return loaded.settings


def address_of(service: dict[str, Any]) -> str:
    found: str = service["networks"]["default"]["ipv4_address"]
    return found


def test_nodes_find_their_database_and_their_bus(services: dict[str, Any], nodes: list[dict[str, Any]]) -> None:
    told = services["database"]["environment"]
    where = f"postgresql://{told['POSTGRES_USER']}:{told['POSTGRES_PASSWORD']}@database:5432/{told['POSTGRES_DB']}"
    _, user, _, password = services["bus"]["command"]
    for node in nodes:
        settings = settings_of(node)
        assert settings.store.url == where
        bus = read(settings.bus.url)
        assert (bus.servers, bus.user, bus.password) == (("nats://bus:4222",), user, password)
    assert int(services["database"]["image"].partition(":")[2]) * 10_000 >= OLDEST


def test_the_balancer_finds_every_node_and_is_believed(services: dict[str, Any], nodes: list[dict[str, Any]]) -> None:
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    places = [f"{address_of(node)}:{settings_of(node).port}" for node in nodes]
    assert re.findall(r"server ([\d.]+:\d+)", text) == places
    assert len(set(places)) == len(nodes) > 1
    (listens,) = re.findall(r"listen (\d+);", text)
    assert services["balancer"]["ports"] == [f"{listens}:{listens}"]
    for node in nodes:
        settings = settings_of(node)
        assert settings.proxies == (address_of(services["balancer"]),)
        assert settings.hosts == (ENVIRONMENT["CHAT_NAME"],)


def test_each_node_has_a_name_and_data_of_its_own_and_time_to_drain(nodes: list[dict[str, Any]]) -> None:
    for what in ("hostname", "volumes"):
        assert len({str(node[what]) for node in nodes}) == len(nodes)
    for node in nodes:
        settings = settings_of(node)
        assert node["volumes"][0].partition(":")[2] == settings.data
        assert int(node["stop_grace_period"].removesuffix("s")) > settings.stop.within
        assert (DEPLOY / node["build"]["context"] / node["build"]["dockerfile"]).is_file()


NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")


@pytest.mark.skipif(NGINX is None, reason="`make system` installs nginx")
def test_nginx_takes_the_balancers_file(tmp_path: Path) -> None:
    command = [str(NGINX), "-t", "-q", "-c", str(DEPLOY / "nginx.conf"), "-p", str(tmp_path)]
    asked = [*command, "-g", f"pid {tmp_path}/pid; error_log stderr;"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
