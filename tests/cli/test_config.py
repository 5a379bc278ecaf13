"""`nexus config`: each value, and where it came from."""

import json
from pathlib import Path

import pytest

from nexus.cli import app
from nexus.settings.keys import KEYS
from tests.cli.command import nexus


def rows(printed: str) -> dict[str, list[str]]:
    """The table by its first column."""
    table = printed.partition("\n\n")[0]
    return {line.split()[0]: line.split()[1:] for line in table.splitlines()}


def test_each_value_is_printed_with_where_it_came_from(tmp_path: Path) -> None:
    (tmp_path / "nexus-data").mkdir()
    (tmp_path / "nexus-data" / "nexus.toml").write_text('title = "Garden"\n[limits]\ntext = 900\n')

    told = nexus("config", "--log-level=debug", cwd=tmp_path, environ={"NEXUS_PORT": "9000"})

    assert (told.returncode, told.stderr) == (0, "")
    table = rows(told.stdout)
    assert list(table) == list(KEYS)
    assert table["title"] == ["Garden", "nexus-data/nexus.toml"]
    assert table["limits.text"] == ["900", "nexus-data/nexus.toml"]
    assert table["port"] == ["9000", "NEXUS_PORT"]
    assert table["log.level"] == ["debug", "--log-level"]
    assert table["fanout.shortest"] == ["0", "default"]
    assert told.stdout.endswith("\n\nRead nexus-data/nexus.toml.\n")


def test_the_columns_stand_below_each_other(tmp_path: Path) -> None:
    table = nexus("config", cwd=tmp_path).stdout.partition("\n\n")[0].splitlines()

    assert len({line.rindex("default") for line in table}) == 1


def test_the_expected_path_of_a_missing_file_is_shown(tmp_path: Path) -> None:
    told = nexus("config", "--data", "elsewhere", cwd=tmp_path)

    assert told.stdout.endswith("\n\nThere is no elsewhere/nexus.toml.\n")
    assert rows(told.stdout)["data"] == ["elsewhere", "--data"]
    assert list(tmp_path.iterdir()) == []


def test_the_data_directory_of_the_environment_has_the_file(tmp_path: Path) -> None:
    (tmp_path / "nexus.toml").write_text("port = 9000")

    told = nexus("config", "--json", cwd=tmp_path, environ={"NEXUS_DATA": "."})

    assert json.loads(told.stdout)["settings"]["port"] == {"value": 9000, "origin": "nexus.toml"}


def test_another_file_is_read_instead_where_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "nexus-data").mkdir()
    (tmp_path / "nexus-data" / "nexus.toml").write_text("port = 1")
    (tmp_path / "mine.toml").write_text("[tls]\n")

    told = json.loads(nexus("config", "--json", "--config", "mine.toml", cwd=tmp_path).stdout)

    assert (told["file"], told["read"]) == ("mine.toml", True)
    assert told["settings"]["port"] == {"value": 8000, "origin": "default"}
    assert told["settings"]["proxies"]["value"] == ["127.0.0.1", "::1"]
    assert list(told["settings"]) == list(KEYS)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--prot", "9000"], "The command line has --prot, which is not a setting; the nearest is --port."),
        (["--prot"], "The command line has --prot, which is not a setting; the nearest is --port."),
        (["-x"], "The command line has -x, which is not a setting; `nexus config` lists them all."),
        (["--port"], "--port needs a value, as in --port=VALUE."),
        (["--title", "--port", "80"], "--title needs a value, as in --title=VALUE."),
        (["--port", "80", "--port=81"], "--port is given twice; give it once."),
        (["80"], "'80' follows no flag; a setting is given as in --port 8000."),
        (["--port", "x"], "--port is 'x'; it must be a whole number from 0 to 65535."),
        (["--config", "none.toml"], "none.toml does not exist; --config takes a settings file."),
        (["--config", "bytes.toml"], "bytes.toml is not valid UTF-8: byte 9 of it is wrong."),
        (["--config", "."], ". cannot be read (Is a directory)."),
        (
            ["--config", "data.toml"],
            "data.toml has data, which cannot be set there, because that file is looked for "
            "in the data directory; set it by --data or NEXUS_DATA.",
        ),
        (
            ["--rooms-first", "a/b"],
            "rooms.first (--rooms-first) must be a room's name. 'a/b' cannot be a room's name: "
            "it has '/' (U+002F SOLIDUS), but names are made of letters and digits of any script, '-', '_' and '.'.",
        ),
    ],
)
def test_what_is_wrong_is_one_sentence(
    tmp_path: Path,
    arguments: list[str],
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bytes.toml").write_bytes(b"title = '\xff'")
    (tmp_path / "data.toml").write_text("data = 'x'")

    with pytest.raises(SystemExit) as ended:
        app(["config", *arguments])

    assert ended.value.code == 2
    assert capsys.readouterr() == ("", f"{sentence}\n")


def test_a_variable_that_is_no_setting_is_told_in_one_sentence(tmp_path: Path) -> None:
    told = nexus("config", cwd=tmp_path, environ={"NEXUS_PROT": "80"})

    assert told.stderr == (
        "The environment has NEXUS_PROT, which is not a setting; the nearest is NEXUS_PORT. It is ignored.\n"
    )
    assert told.returncode == 0
    assert "There is no nexus-data/nexus.toml." in told.stdout
