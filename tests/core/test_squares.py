"""QR codes drawn with characters."""

from nexus.core.squares import half_blocks


def test_two_rows_are_one_line_with_a_light_margin() -> None:
    assert half_blocks(["10", "01"]) == ["██████", "██▄▀██", "██████"]


def test_an_odd_row_is_followed_by_a_light_one() -> None:
    assert half_blocks(["1"]) == ["█████", "██▄██", "█████"]


def test_nothing_is_nothing() -> None:
    assert half_blocks([]) == []
