"""Names of people and rooms: which are valid, which are one name, which look alike."""

import tracemalloc
from itertools import islice
from unicodedata import normalize

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from precis_i18n import get_profile

from nexus.core.names import Name, NameInvalid, alternatives, person_name, room_name, skeleton

# Letters, digits and marks of several scripts, look-alikes, fullwidth forms and what names may not have.
ALPHABET = "abimorln01Aİ.-_ !éß\u0301\u0307αβνΝΥΣς\u0430\u0456ВНјᎠꭰＡｍ１עאב\u064a\u0661\u0967कि中\u200d\u202eﬁ"
TEXTS = st.text(st.sampled_from(ALPHABET), max_size=40) | st.text(max_size=40)
LATIN = set("abcdefghjklnopqrstuvwxyz")
PLAIN = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9_-]|\.[a-z]){0,15}", fullmatch=True)


def read(text: str) -> Name | None:
    try:
        return person_name(text)
    except NameInvalid:
        return None


def refusal(text: str) -> str:
    with pytest.raises(NameInvalid) as caught:
        person_name(text)
    return str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "Ann",
        "bo_2",
        "x",
        "7",
        "D-o.t",
        "Ålesund",
        "Νίκος",
        "Вера",
        "中文",
        "علی",
        "שלום",
        "नमस्ते",
        "ñ" * 32,
        "a.b",
        "Əli",
        "Ðagur",
    ],
)
def test_names_of_any_script_are_shown_as_they_were_typed(text: str) -> None:
    assert person_name(text).shown == text


def test_spellings_of_one_name_share_a_key() -> None:
    assert person_name("ANN").key == person_name("Ａnn").key == person_name("ann").key == "ann"
    assert person_name("Zoe\u0308") == person_name("Zo\u00eb")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("alice", "\u0430lice"),  # Cyrillic а
        ("Alice", "AIice"),  # a capital I
        ("bob", "b0b"),
        ("Bob", "\u0392ob"),  # Greek capital Beta
        ("Henry", "\u041denry"),  # Cyrillic capital En
        ("Tom", "\u0422\u043e\u043c"),  # all Cyrillic
        ("Tom", "Torn"),
        ("Max", "\ua4dfax"),  # Lisu
        ("Ian", "lan"),
        ("Ian", "\u0130an"),  # its dot is hidden by the i's own
        ("ann1", "annl"),
        ("zoë", "zo\u0451"),  # Cyrillic ё
    ],
)
def test_names_that_look_alike_share_a_skeleton(one: str, other: str) -> None:
    assert person_name(one).skeleton == person_name(other).skeleton
    assert person_name(one).key != person_name(other).key


def test_names_that_look_different_do_not_share_a_skeleton() -> None:
    names = [
        "Ann",
        "Anne",
        "Bo",
        "Cy",
        "Dot",
        "Dora",
        "Dan",
        "Dave",
        "Vera",
        "Éva",
        "Eva",
        "Петя",
        "Паша",
        "中文",
    ]
    assert len({person_name(name).skeleton for name in names}) == len(names)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "There is no name here; a name has 1 to 32 characters."),
        (" \u3000", "There is no name here"),
        ("Ann Lee", "'Ann Lee' cannot be a name: names have no spaces; 'Ann-Lee' would work."),
        ("Анна\tЛи", "'Анна-Ли' would work"),
        ("Ann !", "'Ann !' cannot be a name: names have no spaces."),
        ("ann!", "it has '!' (U+0021 EXCLAMATION MARK)"),
        ("a\u202eb", "RIGHT-TO-LEFT OVERRIDE"),
        ("a\u200bb", "ZERO WIDTH SPACE"),
        ("क्\u200dष", "ZERO WIDTH JOINER"),
        ("\ufeffann", "ZERO WIDTH NO-BREAK SPACE"),
        ("a\0", r"it has '\x00' (U+0000)"),
        ("\ud800", r"it has '\ud800' (U+D800)"),
        ("a\ufe0f", "VARIATION SELECTOR-16"),
        ("\u3164", "HANGUL FILLER"),
        ("😀", "GRINNING FACE"),
        ("ﬁ", "LATIN SMALL LIGATURE FI"),
        (".a", "it begins with '.' (U+002E FULL STOP)"),
        ("_a", "it begins with '_'"),
        ("\u0301a", "it begins with"),
        ("a.", "it ends with '.'"),
        ("a\uff0e", "it ends with '.'"),
        ("a..b", "it has '..'"),
        ("1علي", "written from the right"),
        ("a\u0301\u0301", "it piles up accents"),
        ("a\u0316\u0301\u0302\u0303\u0304", "it piles up accents"),
        ("\u039dina", "'\u03bdina' would work"),  # Greek Nu
        ("\u039d\u039f\u039d\u0391", "a Greek capital that passes for a Latin letter"),
        ("\u039do\u00eblle", "a Greek capital that passes for a Latin letter"),
        ("Nexus", "kept for the server itself"),
        ("s\u0443stem", "kept for the server itself"),
        ("\uff41ll", "kept for the server itself"),
        ("aII", "kept for the server itself"),
        ("x" * 33, "is too long for a name; up to 32 characters (and 96 bytes of UTF-8) would work."),
        ("\U00020000" * 25, "is too long for a name"),
        ("\u0130" * 17, "is too long for a name"),
    ],
)
def test_a_refused_name_comes_with_the_reason(text: str, says: str) -> None:
    assert says in refusal(text)


def test_ali_is_a_name_although_it_looks_like_all() -> None:
    assert [person_name(text).shown for text in ("Ali", "ALI", "ali")] == ["Ali", "ALI", "ali"]
    assert "kept for the server" in refusal("AlI")


def test_the_eleventh_of_a_row_has_a_name_like_all_others() -> None:
    assert [person_name(f"a{number}").shown for number in range(100)] == [f"a{number}" for number in range(100)]


@given(TEXTS.filter(lambda text: read(text) is None))
def test_a_refusal_is_one_short_printable_sentence(text: str) -> None:
    says = refusal(text)
    assert says.isprintable()
    assert len(says) < 300
    assert says.endswith(".")


def test_a_huge_name_costs_nothing_to_refuse() -> None:
    text = "é" * 1_000_000
    tracemalloc.start()
    assert len(refusal(text)) < 200
    assert tracemalloc.get_traced_memory()[1] < 100_000  # it was neither normalised nor split
    tracemalloc.stop()


@given(TEXTS)
def test_a_key_is_its_own_key_and_looks_like_every_spelling(text: str) -> None:
    for reads in (person_name, room_name):
        try:
            name = reads(text)
        except NameInvalid:
            continue
        again = reads(name.key)
        assert again.key == again.shown == name.key
        assert again.skeleton == name.skeleton == skeleton(name.key) == skeleton(name.skeleton)


@given(TEXTS)
def test_a_name_is_what_precis_enforces(text: str) -> None:
    name = read(text)
    if name is None:
        return
    assert name.shown == normalize("NFC", text)
    assert name.key == get_profile("UsernameCaseMapped").enforce(text)


@given(PLAIN)
def test_the_fast_way_for_ascii_agrees_with_the_slow_one(text: str) -> None:
    name = read(text)
    assume(name is not None)
    assert name
    assert name.key == get_profile("UsernameCaseMapped").enforce(text)
    assert name.skeleton == skeleton(name.key) == skeleton(name.shown)


def test_each_ascii_character_has_one_skeleton_on_both_ways() -> None:
    for char in "abcdefghijklmnopqrstuvwxyz0123456789-_.":
        name = person_name(f"x{char}x")
        assert name.skeleton == skeleton(name.key)


@pytest.mark.parametrize(
    ("source", "prototype"),
    [
        ("\u0440", "p"),  # Cyrillic er
        ("\u03c1", "p"),  # Greek rho
        ("\u217f", "rn"),  # one Roman numeral for two letters
        ("\u037d", "\ua73f"),  # a pair of its own: only the order of the table tells its source
        ("\u0570", "h"),  # Armenian ho
        ("\u05e1", "o"),  # Hebrew samekh, between marks in the table
        ("\u0101", "a\u0304"),  # decomposed, then mapped
    ],
)
def test_prototypes_are_those_of_unicodes_confusables(source: str, prototype: str) -> None:
    assert skeleton(source) == prototype


def test_a_capital_that_looks_latin_makes_its_small_letter_collide() -> None:
    like_gamma = {"\u0413", "\u13b1", "\u2c84"}  # 'Γ' itself looks like nothing Latin
    two_faced = {"\u039d", "\u03a5"}  # Nu and Upsilon, refused among Latin letters
    capitals = [char for char in map(chr, range(0x80, 0x10000)) if char.isupper()]
    split = {char for char in capitals if skeleton(char) in LATIN and skeleton(char.lower()) != skeleton(char)}
    assert {char for char in split if normalize("NFKC", char) == char} == like_gamma | two_faced


def test_rooms_are_shown_in_small_letters() -> None:
    assert room_name("Garden").shown == "garden"
    assert room_name("x" * 64).key == "x" * 64
    assert room_name("here").shown == "here"  # only people's names are kept for the server


@pytest.mark.parametrize("text", ["CON", "prn", "com1", "Lpt9.log", "aux.a.b", "ｎul"])
def test_a_room_is_not_named_like_a_device(text: str) -> None:
    with pytest.raises(NameInvalid, match="keep it for a device"):
        room_name(text)


@pytest.mark.parametrize("text", ["console", "com10", "con-room", "a.con"])
def test_a_room_may_be_named_almost_like_a_device(text: str) -> None:
    assert room_name(text).key == text


def test_alternatives_count_up() -> None:
    assert [name.shown for name in islice(alternatives(person_name("Ann")), 3)] == ["Ann2", "Ann3", "Ann4"]
    assert next(alternatives(person_name("ann2"))).shown == "ann2-2"
    assert next(alternatives(person_name("محمد\u0661"))).shown == "محمد\u0661-\u0662"


def test_there_are_alternatives_for_a_crowd() -> None:
    crowd = {name.skeleton for name in alternatives(person_name("guest"))}
    assert len(crowd) == 9_998


@given(TEXTS)
def test_alternatives_are_names_of_their_own(text: str) -> None:
    name = read(text)
    if name is None:
        return
    for other in islice(alternatives(name), 12):
        assert person_name(other.shown) == other
        assert other.skeleton != name.skeleton


@pytest.mark.parametrize("text", ["x" * 32, "é" * 32, "\U00020000" * 24, "\u0130" * 16, "ab.c" * 8])
def test_the_longest_names_have_alternatives(text: str) -> None:
    assert len(list(islice(alternatives(person_name(text)), 10))) == 10
