"""Links as QR codes, for those who stand before a screen with a phone."""

import segno


def qr_of(link: str) -> list[str]:
    """The QR code of a link, without the margin around it: rows of 0 (light) and 1 (dark)."""
    code = segno.make_qr(link, error="m")
    return ["".join("1" if dark else "0" for dark in row) for row in code.matrix]
