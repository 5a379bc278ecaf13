"""Compressed messages: permessage-deflate (RFC 7692 sections 6 and 7.2)."""

import random
import zlib

from tests.rfc.cases import FRAGMENTS, LIMIT, Rules, binary, closed, pong, text
from tests.rfc.wire import BINARY, CLOSE, FIN, PING, PONG, RSV1, TAIL, TEXT, deflate, fragments, frame, head, squeezed

NOISE = random.Random(7692).randbytes(100_000)
WORDS = b" ".join(b"%d bottles of tea" % number for number in range(6000))[:100_000]
COMPRESSED = RSV1 | TEXT

FORMS = {
    "7.2.3.1, one block": "f248cdc9c90700",
    "7.2.3.3, a stored block": "000500faff48656c6c6f00",
    "7.2.3.4, a block marked as the last": "f348cdc9c9070000",
    "7.2.3.5, two blocks": "f24805000000ffffcac9c90700",
}

rules = Rules("compression", "RFC 7692")
rule, case = rules.rule, rules.case

rule("7.2.2", "A compressed message is taken in every form of DEFLATE", compressed=True)
for what, sent in FORMS.items():
    case(what, frame(bytes.fromhex(sent), FIN | COMPRESSED), text(b"Hello"))
case(
    "7.2.3.4, a last block and one after it",
    frame(bytes.fromhex("f348cdc9c90700f248cdc9c90700"), FIN | COMPRESSED),
    text(b"HelloHello"),
)
case("7.2.3.6, an empty message", frame(b"\0", FIN | COMPRESSED), text(b""))
case("an empty block of fixed codes", frame(bytes.fromhex("0200"), FIN | COMPRESSED), text(b""))
case("two empty blocks", frame(b"\0" + TAIL + b"\0", FIN | COMPRESSED), text(b""))
for bits in range(9, 16):
    case(f"a window of {bits} bits", frame(deflate(WORDS, bits), FIN | COMPRESSED), text(WORDS))
for level in (0, 1, 9):
    case(f"level {level}", frame(deflate(WORDS, level=level), FIN | COMPRESSED), text(WORDS))
for size in (1, 16, 64, 200, 4096, 32_768):
    case(f"text of {size}", squeezed(WORDS[:size]), text(WORDS[:size]))
    case(f"binary of {size} without any order", squeezed(NOISE[:size], BINARY), binary(NOISE[:size]))
case("at the limit", squeezed(b"x" * LIMIT), text(b"x" * LIMIT))

rule("6.1", "A message may come uncompressed all the same", compressed=True)
case("text", frame(b"plain"), text(b"plain"))
case("in turns", frame(b"plain") + squeezed(b"small") + frame(b"plain"), text(b"plain"), text(b"small"), text(b"plain"))
case("in fragments", fragments(b"pl", b"ain"), text(b"plain"))

rule("7.1.1", "Each message is compressed without the ones before it", compressed=True)
case("the same five times", squeezed(WORDS[:500]) * 5, *[text(WORDS[:500])] * 5)
stream = zlib.compressobj(wbits=-15)
parts = [(stream.compress(b"see you in the garden") + stream.flush(zlib.Z_SYNC_FLUSH))[:-4] for _ in "12"]
case(
    "a client that refers to an earlier message",
    b"".join(frame(part, FIN | COMPRESSED) for part in parts),
    text(b"see you in the garden"),
    closed(1007),
)

rule("6.1", "Only the first frame of a compressed message has RSV1", compressed=True)
small = deflate(WORDS)
for count in (2, 7, FRAGMENTS):
    size = -(-len(small) // count)
    cut = [small[at : at + size] for at in range(0, len(small), size)]
    case(f"in {len(cut)} fragments", fragments(*cut, opcode=COMPRESSED), text(WORDS))
case("a byte in each", fragments(*[bytes((byte,)) for byte in deflate(b"Hello")], opcode=COMPRESSED), text(b"Hello"))
case("empty ones too", fragments(b"", deflate(b"Hello"), b"", opcode=COMPRESSED), text(b"Hello"))
case(
    "binary",
    fragments(*[deflate(NOISE[:90])[at : at + 9] for at in range(0, 99, 9)], opcode=RSV1 | BINARY),
    binary(NOISE[:90]),
)
case(
    "control frames between",
    frame(small[:9], COMPRESSED) + frame(b"p", FIN | PING) + frame(b"q", FIN | PONG) + frame(small[9:], FIN),
    pong(b"p"),
    text(WORDS),
)
case("RSV1 on the last", frame(small[:9], COMPRESSED) + head(9, FIN | RSV1), closed(1002))
case("RSV1 on a middle one", frame(small[:9], COMPRESSED) + head(9, RSV1), closed(1002))
case("RSV1 on the second of a plain message", frame(b"a", TEXT) + head(9, FIN | RSV1), closed(1002))

rule("6.1", "A control frame is never compressed", compressed=True)
for name, opcode in {"ping": PING, "pong": PONG, "close": CLOSE}.items():
    case(name, head(2, FIN | RSV1 | opcode)[:2], closed(1002))

rule("6", "RSV2 and RSV3 stay reserved", compressed=True)
for bits in (0x20, 0x10, 0x60, 0x50):
    case(f"{bits >> 4:03b}", head(2, FIN | bits | TEXT)[:2], closed(1002))

rule("7.2.2", "What is no DEFLATE, or is cut, ends the connection", compressed=True)
for what, wrong in {
    "nothing at all": b"",
    "plain text": b"Hello",
    "the reserved kind of block": b"\xff" * 50,
    "a stored block with a wrong check": bytes.fromhex("000500000048656c6c6f00"),
    "a distance that reaches too far back": bytes.fromhex("4a0402"),
    "cut": deflate(WORDS[:999])[:-30],
    "cut by one byte": deflate(b"Hello")[:-1],
    "a last block and nothing after it": bytes.fromhex("f348cdc9c90700"),
    "gzip": b"\x1f\x8b\x08\0\0\0\0\0",
    "zlib": zlib.compress(WORDS),
}.items():
    case(what, frame(wrong, FIN | COMPRESSED), closed(1007))
    case(f"{what}, as binary", frame(wrong, FIN | RSV1 | BINARY), closed(1007))

rule("6.2", "What it inflates to is a text like any other", compressed=True)
case("not UTF-8", squeezed(b"a\xffb"), closed(1007))
case("cut in a character", squeezed("é".encode()[:1]), closed(1007))
case(
    "not UTF-8, in fragments",
    fragments(*[bytes((byte,)) for byte in deflate(b"\xed\xa0\x80")], opcode=COMPRESSED),
    closed(1007),
)
case("not UTF-8, but binary", squeezed(b"a\xffb", BINARY), binary(b"a\xffb"))
case("compressed bytes that are no UTF-8", squeezed("🌱".encode() * 9), text("🌱".encode() * 9))

rule("8, RFC 6455 10.4", "No message inflates to more than the limit", compressed=True)
case("by one byte", squeezed(b"x" * (LIMIT + 1)), closed(1009))
case("a bomb of 20 MB", squeezed(b"\0" * 20_000_000), closed(1009))
case(
    "a bomb in fragments",
    fragments(*[deflate(b"\0" * 20_000_000)[at : at + 4000] for at in range(0, 20_000, 4000)], opcode=COMPRESSED),
    closed(1009),
)
case("too long even before", head(LIMIT + 1, FIN | COMPRESSED), closed(1009))
stored = b"".join(
    [b"\0" + len(NOISE[:60_000]).to_bytes(2, "little") + (0xFFFF ^ 60_000).to_bytes(2, "little") + NOISE[:60_000]] * 2
)
case("two stored blocks below it", frame(stored + b"\0", FIN | RSV1 | BINARY), binary(NOISE[:60_000] * 2))
