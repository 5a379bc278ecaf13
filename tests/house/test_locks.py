"""The locks pin everything that pyproject.toml asks for, by hash, and name no place to get it from."""

import re
import tomllib

from tests.house.sources import ROOT

PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def lock(name: str) -> str:
    """The text of a lock."""
    return (ROOT / "requirements" / f"{name}.lock").read_text("utf-8")


def pins(name: str) -> dict[str, str]:
    """The version of each package in a lock."""
    return dict(PIN.findall(lock(name)))


def asked(requirements: list[str]) -> set[str]:
    """The names in a list of requirements, as locks write them."""
    return {re.split(r"[^A-Za-z0-9._-]", one)[0].replace("_", "-").replace(".", "-").lower() for one in requirements}


def test_everything_asked_for_is_pinned() -> None:
    groups = PROJECT["dependency-groups"]
    run = PROJECT["project"]["dependencies"] + groups["build"]

    assert not asked(run) - pins("run").keys(), "Run `make lock`."
    assert not asked(groups["dev"]) - pins("dev").keys(), "Run `make lock`."


def test_what_runs_is_what_is_tested() -> None:
    assert pins("run").items() <= pins("dev").items()


def test_every_pin_has_hashes_and_no_address() -> None:
    for name in ("run", "dev"):
        bare = [pin for pin in re.split(r"\n(?=\S)", lock(name)) if "==" in pin and "--hash=sha256:" not in pin]
        assert not bare
        assert "//" not in lock(name)
        assert "@" not in lock(name)


def test_the_build_needs_nothing_that_is_not_pinned() -> None:
    assert PROJECT["build-system"]["requires"] == PROJECT["dependency-groups"]["build"]
