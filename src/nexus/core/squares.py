"""A QR code in characters, for a terminal."""

from collections.abc import Sequence

MARGIN = 2
"""Light squares around it; readers want some, and find it with these."""

BLOCKS = {"00": "█", "01": "▀", "10": "▄", "11": " "}
"""Two squares, the upper one first, as one character: light is drawn, since most terminals are dark."""


def half_blocks(rows: Sequence[str]) -> list[str]:
    """Lines of half blocks for rows of 0 (light) and 1 (dark), two rows a line, with a margin."""
    if not rows:
        return []
    width = len(rows[0]) + 2 * MARGIN
    around = ["0" * width] * MARGIN
    squares = [*around, *("0" * MARGIN + row + "0" * MARGIN for row in rows), *around]
    if len(squares) % 2:
        squares.append("0" * width)
    return [
        "".join(BLOCKS[above + below] for above, below in zip(upper, lower, strict=True))
        for upper, lower in zip(squares[::2], squares[1::2], strict=True)
    ]
