"""The documents say what the code does: tables are generated, examples are read, nothing is left out."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from nexus.core.rights import RIGHTS, ROUTES
from nexus.protocol import events
from nexus.protocol.codec import COMMANDS, decode, decode_event, decode_frame
from nexus.protocol.codes import CODES
from nexus.protocol.kinds import KINDS
from nexus.protocol.replies import ADDS, Done, Refused
from nexus.settings.keys import KEYS
from nexus.settings.load import load
from tests.house import generate
from tests.house.examples import Example, blocks, command_lines, examples, pages
from tests.house.sources import ROOT, shown

PROTOCOL = ROOT / "docs" / "protocol.md"

NEXUS_WORDS = ("nexus", ".venv/bin/nexus")


def told(*names: str) -> str:
    """The text of some documents."""
    return "\n".join((ROOT / name).read_text("utf-8") for name in names)


def verbs() -> dict[str, Any]:
    """The commands of `nexus`, as the command line's library sees them, by name."""
    from nexus.cli import app

    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return dict(group.commands)


def flags_of(verb: Any) -> set[str]:
    """Every flag that a command takes."""
    from nexus.cli.sources import SettingsCommand

    own = {flag for param in verb.params for flag in (*param.opts, *param.secondary_opts)}
    return own | {"--help"} | ({key.flag for key in KEYS.values()} if isinstance(verb, SettingsCommand) else set())


def make_targets() -> dict[str, str]:
    """The targets that the Makefile offers, each with its sentence."""
    return dict(re.findall(r"^([a-z]+):.*?## (.+)$", told("Makefile"), re.MULTILINE))


# What follows from the code is as the code has it.


@pytest.mark.parametrize("page", generate.pages(), ids=shown)
def test_the_tables_are_as_the_code_has_them(page: Path) -> None:
    assert page.read_text("utf-8") == generate.rendered(page), f"Run `make docs`: {shown(page)} is out of date."


def test_every_table_stands_in_a_page() -> None:
    placed = {block[1] for page in generate.pages() for block in generate.BLOCK.findall(page.read_text("utf-8"))}

    assert placed == generate.TABLES.keys()


def test_the_schema_is_as_the_code_has_it() -> None:
    assert generate.SCHEMA.read_text("utf-8") == generate.schema(), "Run `make docs`."


def test_the_pages_codes_are_as_the_code_has_them() -> None:
    assert generate.MODULE.read_text("utf-8") == generate.codes(), "Run `make docs`."


# Nothing is left out.


def test_everything_on_the_wire_is_explained() -> None:
    text = told("docs/protocol.md")
    passing = {cls.__struct_config__.tag for cls in events.Passing.__subclasses__()}
    stored = {kind.event.__struct_config__.tag for kind in KINDS}
    words = [*COMMANDS, *passing, *stored, *CODES, "done", "refused"]
    missing = [word for word in words if f"`{word}`" not in text]

    assert not missing, f"docs/protocol.md does not name {missing}"
    assert COMMANDS.keys() == ADDS.keys()


def test_every_setting_is_explained() -> None:
    text = told("docs/settings.md")
    silent = [key.name for key in KEYS.values() if not key.sentence]
    missing = [key.name for key in KEYS.values() if f"`{key.name}`" not in text]

    assert not silent, f"These settings have no sentence: {silent}"
    assert not missing, f"docs/settings.md does not name {missing}"


def test_every_command_that_a_person_types_is_explained() -> None:
    text = told(*(shown(page) for page in pages() if page.name != "CHANGELOG.md"))
    missing = [name for name, verb in verbs().items() if not verb.hidden and f"nexus {name}" not in text]

    assert not missing, f"No document names `nexus` {missing}"


def test_make_lists_every_command_with_a_sentence() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", told("Makefile"), re.MULTILINE)
    assert phony is not None
    silent = set(phony[1].split()) - make_targets().keys() - {"lint"}

    assert not silent, f"These targets say nothing about themselves: {silent}"


def anchors(page: Path) -> set[str]:
    """The places inside a document that a link can lead to."""
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def test_every_link_leads_somewhere() -> None:
    wrong = []
    for page in pages():
        for link in re.findall(r"\]\((?!https?:)([^)\s]*)\)", page.read_text("utf-8")):
            name, _, anchor = link.partition("#")
            target = (page.parent / name).resolve() if name else page
            if not target.exists() or (anchor and anchor not in anchors(target)):
                wrong.append(f"{shown(page)}: {link}")

    assert not wrong, "These links lead nowhere:\n" + "\n".join(wrong)


# What is shown as an example works.


def frames(example: Example) -> Iterator[dict[str, Any]]:
    """The JSON objects of an example, one after the other."""
    decoder, text = json.JSONDecoder(), example.text.strip()
    while text:
        value, end = decoder.raw_decode(text)
        assert isinstance(value, dict), f"{example.where}: a frame is an object."
        yield value
        text = text[end:].strip()


def known_fields(frame: dict[str, Any], asked: dict[Any, str]) -> set[str]:
    """The fields that a frame may have; raises for what is no frame. `asked` gathers the commands by ref."""
    raw = json.dumps(frame).encode()
    if frame["type"] in COMMANDS and "ref" in frame:
        command = decode(raw)
        asked[frame["ref"]] = frame["type"]
        return {"type", *command.__struct_encode_fields__}
    reply = decode_frame(raw)
    if isinstance(reply, Done):
        for event in reply.events or ():
            decode_event(event)
        return {"type", "ref", *ADDS[asked.pop(frame["ref"])]}
    if isinstance(reply, Refused):
        assert reply.code in CODES
    if isinstance(reply, events.Goodbye):
        assert reply.code in CODES
    return {"type", *reply.__struct_encode_fields__}


def test_every_frame_shown_is_one_of_the_wire() -> None:
    asked: dict[Any, str] = {}
    for example in blocks(PROTOCOL):
        if example.language == "json":
            for frame in frames(example):
                unknown = frame.keys() - known_fields(frame, asked)
                assert not unknown, f"{example.where}: {frame['type']} has no {unknown}"


def test_every_json_example_is_json() -> None:
    for example in examples("json"):
        assert list(frames(example)), example.where


def test_every_toml_example_is_a_nexus_toml() -> None:
    for example in examples("toml"):
        load({}, {}, example.text, example.where)


def test_every_python_example_compiles() -> None:
    for example in examples("python"):
        compile(example.text, example.where, "exec")


def complaint(words: list[str]) -> str:
    """What is wrong with a command as it is shown; empty where nothing is, or it is not ours."""
    program, *rest = words
    if program == "make":
        unknown = [word for word in rest if "=" not in word and word not in make_targets()]
        return f"the Makefile has no {unknown}" if unknown else ""
    if program not in NEXUS_WORDS or not rest or rest[0].startswith("-"):
        return ""
    if rest[0] not in verbs():
        return f"there is no `nexus {rest[0]}`"
    verb, path = verbs()[rest.pop(0)], words[1]
    if isinstance(verb, TyperGroup):
        if not rest or rest[0] not in verb.commands:
            return f"there is no `nexus {' '.join(words[1:3])}`"
        path += f" {rest[0]}"
        verb = verb.commands[rest.pop(0)]
    flags = {word.partition("=")[0] for word in rest if re.match("-[-a-z]", word)}
    unknown = sorted(flags - flags_of(verb))
    return f"`nexus {path}` does not take {unknown}" if unknown else ""


def test_every_command_shown_exists() -> None:
    wrong = [
        f"{example.where}: {why}"
        for example in examples("sh", "console")
        for words in command_lines(example)
        if (why := complaint(words))
    ]

    assert not wrong, "\n".join(wrong)


def test_every_command_has_a_right() -> None:
    assert RIGHTS.keys() == COMMANDS.keys()


def test_every_way_in_by_http_has_a_right() -> None:
    assert _routes() == ROUTES.keys()


def _routes() -> set[str]:
    """The routes of the app, one for all addresses of the page, as `nexus.core.rights` names them."""
    source = "".join(path.read_text("utf-8") for path in (ROOT / "src" / "nexus" / "gateway" / "http").glob("*.py"))
    found = re.findall(r"@(get|post|put|patch|delete)\(\s*(\"[^\"]+\"|[A-Z]+)", source)
    named = {"ADDRESSES": "/"}
    return {f"{method.upper()} {named.get(path, path.strip(chr(34)))}" for method, path in found}
