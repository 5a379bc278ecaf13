"""Any valid value comes back from any place, and nothing that can be written there does more than be refused."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec import inspect

from nexus.settings.keys import KEYS, Key
from nexus.settings.load import Loaded, SettingsError, load, value_of
from nexus.settings.rules import complaint
from nexus.settings.values import as_text, from_text, from_toml

FILE = "nexus.toml"

plain_texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=90)


def values(kind: inspect.Type) -> st.SearchStrategy[Any]:
    """Every value of a kind."""
    match kind:
        case inspect.BoolType():
            return st.booleans()
        case inspect.IntType(ge=least, le=most):
            return st.integers(least, most)
        case inspect.FloatType(ge=None, gt=least, le=most):
            return st.floats(least, most, exclude_min=True)
        case inspect.FloatType(ge=least, le=most):
            return st.floats(least, most)
        case inspect.LiteralType(values=choices):
            return st.sampled_from(choices)
        case inspect.StrType(min_length=least, max_length=most):
            return plain_texts.filter(lambda text: (least or 0) <= len(text) <= (most or 90))
        case inspect.VarTupleType(min_length=least):
            items = plain_texts.map(str.strip).filter(lambda text: text and "," not in text)
            return st.lists(items, min_size=least or 0, max_size=3).map(tuple)
        case _:
            raise AssertionError(f"No values are known of {kind}.")


keys_and_values = st.sampled_from(list(KEYS.values())).flatmap(lambda key: st.tuples(st.just(key), values(key.kind)))


def as_toml(key: Key, value: object) -> str:
    """A file that sets one key."""
    shown = list(value) if isinstance(value, tuple) else value
    return f"{key.name} = {json.dumps(shown, ensure_ascii=False)}"


def loaded_or_refused(flags: dict[str, str], environ: dict[str, str], toml: str) -> Loaded | str:
    """The settings, or the sentence that refuses them."""
    try:
        return load(flags, environ, toml, FILE)
    except SettingsError as error:
        return str(error)


def test_a_value_written_as_text_is_read_as_itself() -> None:
    @given(keys_and_values)
    def check(chosen: tuple[Key, Any]) -> None:
        key, value = chosen

        assert from_text(key.kind, as_text(value)) == value
        assert from_toml(key.kind, list(value) if isinstance(value, tuple) else value) == value

    check()


def test_a_value_set_in_any_place_comes_back_with_its_origin() -> None:
    @given(keys_and_values)
    def check(chosen: tuple[Key, Any]) -> None:
        key, value = chosen
        text = as_text(value)
        places: list[tuple[str, dict[str, str], dict[str, str], str]] = [
            (key.flag, {key.flag: text}, {}, ""),
            (key.variable, {}, {key.variable: text}, ""),
        ]
        if key.name != "data":
            places.append((FILE, {}, {}, as_toml(key, value)))
        for origin, flags, environ, toml in places:
            loaded = loaded_or_refused(flags, environ, toml)
            if isinstance(loaded, str):
                assert key.name in loaded  # it does not fit the others, as test_load.py tells
            else:
                assert value_of(loaded.settings, key.name) == value
                assert loaded.origins[key.name] == origin
                assert complaint(loaded.settings, str) is None

    check()


def test_whatever_stands_in_a_place_is_taken_or_refused_in_one_sentence() -> None:
    names = st.sampled_from([*KEYS, "limits", "zebra"]) | st.text(max_size=70)
    texts = st.text(max_size=90) | st.sampled_from(["1", "-1", "1e999", "true", "[", "9" * 5000, "²"])

    @given(names, texts)
    def check(name: str, text: str) -> None:
        for flags, environ, toml in (
            ({f"--{name}": text}, {}, ""),
            ({}, {f"NEXUS_{name.replace('.', '_').upper()}": text}, ""),
            ({}, {}, f"{name} = {text}"),
            ({}, {}, f"{json.dumps(name, ensure_ascii=False)} = {json.dumps(text, ensure_ascii=False)}"),
        ):
            refusal = loaded_or_refused(flags, environ, toml)
            if isinstance(refusal, str):
                assert refusal.endswith(".")
                assert refusal.isprintable()
                assert len(refusal) < 500

    check()
