"""Text is UTF-8, and what is not is refused at the first byte that shows it (RFC 6455 section 8.1, RFC 3629)."""

from tests.rfc.cases import Rules, binary, closed, pong, text
from tests.rfc.wire import BINARY, FIN, PING, TEXT, fragments, frame, head, wrong_at, xor

GREEK = "κόσμε".encode()
BEYOND = b"\xf4\x90\x80\x80"

RIGHT = {
    "ASCII": b"Hello-World",
    "many tongues": "Hello-µ@ßöäüàá-UTF-8!!, κόσμε, 日本語, עִבְרִית, 🌱👩‍🌾".encode(),
    "NUL": b"a\0b",
    **{
        f"U+{point:04X}": b"<" + chr(point).encode() + b">"
        for start in (0x7F, 0x7FF, 0xD7FF, 0xE000, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 0x10FFFF)
        for point in (start, start + 1)
        if point not in (0xD800, 0x110000)
    },
    **{f"noncharacter U+{plane:X}FFFF": chr(plane << 16 | 0xFFFF).encode() for plane in range(1, 17)},
}

WRONG = {
    **{f"a continuation alone, {byte:#x}": bytes((byte,)) for byte in (0x80, 0xBF)},
    "two continuations": b"\x80\xbf",
    "every continuation": bytes(range(0x80, 0xC0)),
    **{f"a start and a space, {byte:#x}": bytes((byte, 0x20)) for byte in (*range(0xC0, 0x100, 5), 0xDF, 0xEF, 0xF4)},
    **{f"never a byte, {byte:#x}": bytes((byte,)) for byte in (0xC0, 0xC1, *range(0xF5, 0x100))},
    "cut after 1 of 2": b"\xc3(",
    "cut after 1 of 3": b"\xe2(\xa1",
    "cut after 2 of 3": b"\xe2\x82(",
    "cut after 1 of 4": b"\xf0(\x8c\xbc",
    "cut after 2 of 4": b"\xf0\x90(\xbc",
    "cut after 3 of 4": b"\xf0\x9f\x8c(",
    "two characters cut, joined": b"\xe2\x82\xe2\x82",
    **{
        f"too long a form, {wrong}": bytes.fromhex(wrong)
        for wrong in (
            *("c0af", "e080af", "f08080af", "f8808080af", "fc80808080af", "c1bf", "e09fbf"),
            *("f08fbfbf", "f887bfbfbf", "fc83bfbfbfbf", "c080", "e08080", "f0808080", "f880808080", "fc8080808080"),
        )
    },
    **{
        f"half a pair, {wrong}": bytes.fromhex(wrong)
        for wrong in (
            *("eda080", "edadbf", "edae80", "edafbf", "edb080", "edbe80"),
            *("edbfbf", "eda080edb080", "eda080edbfbf", "edadbfedb080", "edadbfedbfbf", "edae80edb080", "edafbfedbfbf"),
        )
    },
    "just beyond U+10FFFF": BEYOND,
    "far beyond": b"\xf7\xbf\xbf\xbf",
    "in 5 bytes": b"\xf8\x88\x80\x80\x80",
    "in 6 bytes": b"\xfd\xbf\xbf\xbf\xbf\xbf",
}

CUT = {f"{cut} of {len(char)}": char[:cut] for char in map(str.encode, "é€🌱") for cut in range(1, len(char))}


def upto(payload: bytes) -> bytes:
    """So much of a text as its first wrong byte."""
    at = wrong_at(payload, whole=False)
    assert at is not None
    return payload[: at + 1]


rules = Rules("UTF-8")
rule, case = rules.rule, rules.case

rule("5.6", "A text is whatever is UTF-8")
for what, sent in RIGHT.items():
    case(f"{what}, in a frame", frame(sent), text(sent))
    case(f"{what}, a byte in each frame", fragments(*[bytes((byte,)) for byte in sent]), text(sent))
case(
    "a character around a ping",
    frame(GREEK[:1], TEXT) + frame(b"p", FIN | PING) + frame(GREEK[1:], FIN),
    pong(b"p"),
    text(GREEK),
)

rule("8.1", "Text that is not UTF-8 ends the connection, when its message is whole at the latest")
for what, sent in WRONG.items():
    case(what, frame(b"<" + sent), closed(1007))
for what, sent in CUT.items():
    case(f"{what} bytes at the end", frame(b"<" + sent), closed(1007))
    case(f"{what} bytes, then an empty frame", frame(b"<" + sent, TEXT) + head(0, FIN), closed(1007))

rule("8.1", "It is refused at its first wrong byte, while the rest of its frame is still to come")
for what, sent in WRONG.items():
    case(what, head(1000) + xor(b"<" + upto(sent)), closed(1007))
case("beyond, after text", head(20) + xor(upto(GREEK + BEYOND)), closed(1007))
case("beyond, late in a long frame", head(70_000) + xor(b"x" * 65_000 + upto(BEYOND)), closed(1007))

rule("8.1", "It is refused at its first wrong byte, while the rest of its fragments are still to come")
for what, sent in WRONG.items():
    some = [frame(bytes((byte,)), 0) for byte in upto(sent)]
    case(f"{what}, a byte in each frame", frame(b"<", TEXT) + b"".join(some), closed(1007))
case("beyond, in the second", frame(GREEK, TEXT) + head(4, 0) + xor(upto(BEYOND)), closed(1007))
case("beyond, across frames", frame(GREEK + b"\xf4", TEXT) + head(1, 0) + xor(b"\x90"), closed(1007))
case(
    "after a ping", frame(b"\xed", TEXT) + frame(b"p", FIN | PING) + head(9, 0) + xor(b"\xa0"), pong(b"p"), closed(1007)
)
case("after a good message", frame(GREEK) + frame(b"a", TEXT) + head(3, FIN) + xor(b"\xff"), text(GREEK), closed(1007))

rule("5.6", "Binary may be anything")
for what, sent in WRONG.items():
    case(what, frame(sent, FIN | BINARY), binary(sent))
case("beyond, in fragments", fragments(BEYOND[:2], BEYOND[2:], opcode=BINARY), binary(BEYOND))
