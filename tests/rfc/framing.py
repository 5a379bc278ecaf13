"""Frames: lengths, masks, reserved bits, opcodes, control frames, fragments, sizes (RFC 6455 section 5)."""

from tests.rfc.cases import FRAGMENTS, LIMIT, Rules, binary, closed, pong, text
from tests.rfc.wire import BINARY, CLOSE, CONTINUATION, FIN, PING, PONG, RSV1, RSV2, RSV3, TEXT, fragments, frame, head
from tests.rfc.wire import close as close_frame

HI = frame(b"hi")
CONTROLS = {"ping": PING, "pong": PONG, "close": CLOSE}
MESSAGES = {"text": (TEXT, text), "binary": (BINARY, binary)}
RESERVED = (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)

rules = Rules("framing")
area, rule, case = rules.area, rules.rule, rules.case

rule("5.2", "A message of any length is taken, its length in the shortest form")
for kind, (opcode, echoed) in MESSAGES.items():
    for size in (0, 1, 2, 4, 125, 126, 127, 128, 1000, 65_535, 65_536, LIMIT):
        case(f"{kind} of {size} bytes", frame(b"*" * size, FIN | opcode), echoed(b"*" * size))
case("binary of every byte", frame(bytes(range(256)), FIN | BINARY), binary(bytes(range(256))))
case("three texts at once", frame(b"one") + frame(b"") + frame(b"three"), text(b"one"), text(b""), text(b"three"))
case("200 texts at once", frame(b"*" * 126) * 200, *[text(b"*" * 126)] * 200)

rule("5.2", "A length that is not in its shortest form is an error")
for size, wide in ((0, 2), (1, 2), (125, 2), (0, 8), (125, 8), (126, 8), (65_535, 8)):
    for kind, (opcode, _) in MESSAGES.items():
        case(f"{kind}, {size} in {wide} bytes", head(size, FIN | opcode, wide=wide)[: 2 + wide], closed(1002))

rule("5.2", "The top bit of a 64-bit length is 0")
for size in (1 << 63, (1 << 64) - 1):
    case(f"{size:#x}", head(size, wide=8)[:10], closed(1002))

rule("5.1", "A client masks every frame")
for kind, start in {
    "text": b"\x81\x05",
    "empty text": b"\x81\x00",
    "long text": b"\x81\x7e",
    "huge binary": b"\x82\x7f",
    "first fragment": b"\x01\x01",
    "ping": b"\x89\x00",
    "pong": b"\x8a\x00",
    "close": b"\x88\x02",
}.items():
    case(f"{kind} without a mask", HI + start, text(b"hi"), closed(1002))

rule("5.3", "Any mask will do")
for mask in (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x80\0\0\1"):
    case(
        f"mask {mask.hex()}",
        frame(b"x" * 131, mask=mask) + frame(b"p", FIN | PING, mask=mask),
        text(b"x" * 131),
        pong(b"p"),
    )

rule("5.2", "A reserved bit that no extension defines is an error")
for bits in (RSV1, RSV2, RSV3, RSV1 | RSV2, RSV1 | RSV3, RSV2 | RSV3, RSV1 | RSV2 | RSV3):
    for name, first in {"text": TEXT, "binary": BINARY, **CONTROLS}.items():
        case(f"{bits >> 4:03b} on a {name}", HI + head(2, FIN | bits | first), text(b"hi"), closed(1002))
    case(f"{bits >> 4:03b} on a continuation", frame(b"hi", TEXT) + head(2, FIN | bits), closed(1002))

rule("5.2", "A reserved opcode is an error")
for opcode in RESERVED:
    case(f"{opcode}, empty", HI + head(0, FIN | opcode)[:2], text(b"hi"), closed(1002))
    case(f"{opcode}, with a payload", head(64, FIN | opcode)[:2], closed(1002))
    case(f"{opcode}, between fragments", frame(b"hi", TEXT) + head(0, FIN | opcode)[:2], closed(1002))
    case(f"{opcode}, in a fragment", head(0, opcode)[:2], closed(1002))

area("pings and pongs")

rule("5.5.2", "A ping is answered with a pong of the same payload")
for payload in (b"", b"hello", bytes(range(0x80, 0x100))[:125], b"\0\xff\xfe\xfd\xfc\xfb\0\xff", b"*" * 125):
    case(f"{len(payload)} bytes, {payload[:4].hex() or 'none'}", frame(payload, FIN | PING), pong(payload))
case("ten at once", b"".join(frame(b"%d" % n, FIN | PING) for n in range(10)), *[pong(b"%d" % n) for n in range(10)])

rule("5.5.3", "A pong that nobody asked for is passed over")
for payload in (b"", b"unsolicited"):
    case(f"{len(payload)} bytes", frame(payload, FIN | PONG) + HI, text(b"hi"))
case("then a ping", frame(b"mine", FIN | PONG) + frame(b"yours", FIN | PING), pong(b"yours"))

rule("5.5", "A control frame has at most 125 bytes")
for name, opcode in CONTROLS.items():
    for size in (126, 65_535, 65_536):
        case(f"{name} of {size}", HI + head(size, FIN | opcode)[:2], text(b"hi"), closed(1002))
    case(f"{name} of 5, written as if longer", head(5, FIN | opcode, wide=2)[:2], closed(1002))

rule("5.5", "A control frame is not fragmented")
for name, opcode in CONTROLS.items():
    case(f"a {name} that would go on", HI + head(0, opcode)[:2], text(b"hi"), closed(1002))
    case(f"a {name} that would go on, in a message", frame(b"hi", TEXT) + head(3, opcode)[:2], closed(1002))

area("fragments")

rule("5.4", "A message may come in fragments, empty ones too")
for kind, (opcode, echoed) in MESSAGES.items():
    case(f"{kind} in two", fragments(b"hel", b"lo", opcode=opcode), echoed(b"hello"))
    case(f"{kind} in five", fragments(b"a", b"b", b"c", b"d", b"e", opcode=opcode) + HI, echoed(b"abcde"), text(b"hi"))
    case(f"{kind}, all empty", fragments(b"", b"", b"", opcode=opcode), echoed(b""))
    case(f"{kind}, only the middle has something", fragments(b"", b"x", b"", opcode=opcode), echoed(b"x"))
    case(f"{kind} in {FRAGMENTS}", fragments(*[b"x"] * FRAGMENTS, opcode=opcode), echoed(b"x" * FRAGMENTS))
    for size in (64, 256, 1000, 1300):
        parts = [b"*" * size] * min(FRAGMENTS, LIMIT // size)
        case(f"{kind} in {len(parts)} of {size}", fragments(*parts, opcode=opcode), echoed(b"".join(parts)))
    parts = [b"*" * (LIMIT // 2), b"*" * (LIMIT // 2)]
    case(f"{kind} at the limit in two", fragments(*parts, opcode=opcode), echoed(b"*" * LIMIT))

rule("5.4", "Control frames come between the fragments of a message, and are heard at once")
for kind, (opcode, echoed) in MESSAGES.items():
    start, end = frame(b"hel", opcode), frame(b"lo", FIN)
    case(f"{kind} with a ping", start + frame(b"p", FIN | PING) + end, pong(b"p"), echoed(b"hello"))
    case(f"{kind} with a pong", start + frame(b"p", FIN | PONG) + end, echoed(b"hello"))
    case(f"{kind}, the ping heard before it ends", start + frame(b"p", FIN | PING), pong(b"p"))
    case(f"{kind} with a close", start + close_frame(1001), closed(1001))
pings = [frame(b"%d" % n, FIN | PING) for n in range(4)]
case(
    "pings all over",
    pings[0] + frame(b"f1", TEXT) + pings[1] + frame(b"f2", 0) + pings[2] + frame(b"f3", FIN) + pings[3],
    pong(b"0"),
    pong(b"1"),
    pong(b"2"),
    text(b"f1f2f3"),
    pong(b"3"),
)

rule("5.4", "A continuation continues something")
for first in (CONTINUATION, FIN | CONTINUATION):
    for size in (0, 5):
        case(f"of nothing, {size} bytes, first {first:#x}", head(size, first), closed(1002))
        case(f"after the end, {size} bytes, first {first:#x}", HI + head(size, first), text(b"hi"), closed(1002))
case("after a fragmented message", fragments(b"a", b"b") + head(1, 0), text(b"ab"), closed(1002))
case("of a ping", frame(b"", FIN | PING) + head(1, FIN), pong(b""), closed(1002))

rule("5.4", "A message does not begin inside another")
for kind, (opcode, _) in MESSAGES.items():
    for first in (opcode, FIN | opcode):
        case(f"{kind}, first {first:#x}", frame(b"a", TEXT) + head(1, first), closed(1002))
        case(
            f"{kind}, first {first:#x}, after a ping",
            frame(b"a", BINARY) + frame(b"p", FIN | PING) + head(1, first),
            pong(b"p"),
            closed(1002),
        )

area("sizes")

rule("7.4.1, 10.4", "A frame over the limit is refused by its head")
for kind, (opcode, _) in MESSAGES.items():
    for size in (LIMIT + 1, 1 << 31, 1 << 32, (1 << 63) - 1):
        case(f"{kind} of {size}", head(size, FIN | opcode), closed(1009))
        case(f"{kind} of {size}, a fragment", head(size, opcode), closed(1009))
case("after a text", HI + head(LIMIT + 1), text(b"hi"), closed(1009))

rule("7.4.1, 10.4", "A message over the limit is refused by the head of the fragment that makes it so")
case("by one byte", frame(b"x" * LIMIT, TEXT) + head(1, FIN), closed(1009))
case("by half", frame(b"x" * 100_000, TEXT) + head(50_000, 0), closed(1009))

rule("10.4", f"A message of more than {FRAGMENTS} fragments is refused")
case("of a byte each", frame(b"x", TEXT) + frame(b"x", 0) * (FRAGMENTS - 1) + head(1, FIN), closed(1009))
case("empty", frame(b"", TEXT) + frame(b"", 0) * (FRAGMENTS - 1) + head(0, 0), closed(1009))
