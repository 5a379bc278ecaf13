"""`nexus doctor` as a process: it sees what is wrong, changes nothing, and disturbs no server."""

import json
from pathlib import Path

from nexus import __version__
from tests.cli.command import CERTIFICATES, nexus, serving, taken_port

CHECKS = [
    "data",
    "space",
    "sync",
    "lock",
    "database",
    "port",
    "tls",
    "files",
    "hosts",
    "open",
    "proxies",
    "backups",
    "limits",
    "clock",
    "python",
    "sqlite",
    "packages",
]


def states(printed: str) -> dict[str, str]:
    """The state of each check by its name."""
    return {line.split()[1]: line.split()[0] for line in printed.splitlines()}


def test_a_machine_on_which_a_server_would_start_is_well(tmp_path: Path) -> None:
    told = nexus("doctor", "--port", "0", "--limits-connections", "9", cwd=tmp_path)

    assert states(told.stdout) == dict.fromkeys(CHECKS, "ok")
    assert (told.returncode, told.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_it_may_run_beside_a_server_and_changes_nothing(tmp_path: Path) -> None:
    with serving(cwd=tmp_path) as server:
        before = {path: path.read_bytes() for path in sorted((tmp_path / "nexus-data").iterdir()) if path.is_file()}
        port = server.told("Open").rpartition(":")[2]
        told = nexus("doctor", "--port", port, "--limits-connections", "9", cwd=tmp_path)
        after = {path: path.read_bytes() for path in sorted((tmp_path / "nexus-data").iterdir()) if path.is_file()}
        assert server.stop() == (0, "")

    assert states(told.stdout) == dict.fromkeys(CHECKS, "ok")
    assert f"process {server.process.pid} on " in told.stdout
    assert f"Port {port} on 127.0.0.1 is answered by Nexus {__version__}." in told.stdout
    assert "nexus-data/nexus.db is whole: schema " in told.stdout
    assert list(after) == list(before)
    assert {path for path in after if after[path] != before[path] and not path.name.endswith("-shm")} == set()


def test_a_nexus_with_other_data_on_the_port_is_recognised_as_another(tmp_path: Path) -> None:
    with serving(cwd=tmp_path) as server:
        port = server.told("Open").rpartition(":")[2]
        told = nexus("doctor", "--port", port, "--data", "other", cwd=tmp_path)

    assert told.returncode == 1
    assert f"is used by a Nexus {__version__} with other data; choose another with --port." in told.stdout


def test_a_failed_check_comes_with_advice_and_an_exit_code(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with taken_port() as port:
        told = nexus(
            *("doctor", "--json", "--data", "file/data", "--port", str(port)),
            *("--tls-certificate", str(CERTIFICATES / "expired.pem"), "--tls-key", str(CERTIFICATES / "good.key")),
            cwd=tmp_path,
        )

    report = json.loads(told.stdout)
    failed = {check["name"]: check["sentence"] for check in report["checks"] if check["state"] == "FAIL"}
    assert (told.returncode, report["ok"]) == (1, False)
    assert set(failed) == {"data", "port", "tls"}
    assert failed["data"].startswith("file/data cannot be made, because ")
    assert failed["port"] == f"Port {port} on 127.0.0.1 is used by another program; choose another with --port."
    assert failed["tls"].endswith("expired.pem has expired; renew it.")


def test_a_broken_setting_is_one_sentence(tmp_path: Path) -> None:
    told = nexus("doctor", cwd=tmp_path, environ={"NEXUS_PORT": "x"})

    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr == "NEXUS_PORT is 'x'; it must be a whole number from 0 to 65535.\n"
