"""The closing handshake: codes, reasons, and nothing after it (RFC 6455 sections 5.5.1 and 7)."""

from tests.rfc.cases import Rules, closed, pong, text
from tests.rfc.wire import CLOSE, FIN, PING, TEXT, close, frame, head, xor

RIGHT = (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4001, 4999)
WRONG = (0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535)

rules = Rules("closing")
rule, case = rules.rule, rules.case

rule("5.5.1", "A close is answered with one close, and then the connection ends")
case("without a body", frame(b"", FIN | CLOSE), closed(None))
case("with a code", close(1000), closed(1000))
case("after a text", frame(b"hi") + close(1000), text(b"hi"), closed(1000))
case("after a ping", frame(b"p", FIN | PING) + close(1000), pong(b"p"), closed(1000))
case("in a message", frame(b"hi", TEXT) + close(1000), closed(1000))
case(
    "after much that is to be answered",
    frame(b"x" * 1000) * 100 + close(1000),
    *[text(b"x" * 1000)] * 100,
    closed(1000),
)

rule("5.5.1", "A reason is UTF-8 of at most 123 bytes")
for reason in (b"Hello", "κόσμε".encode(), b"*" * 123, "🌱".encode() * 30):
    case(f"{len(reason)} bytes", close(1000, reason), closed(1000))
case("124 bytes", head(126, FIN | CLOSE)[:2], closed(1002))
for what, wrong in {"a surrogate": b"\xed\xa0\x80", "cut": b"caf\xc3", "beyond": b"\xce\xba\xf4\x90\x80\x80"}.items():
    case(what, close(1000, wrong), closed(1007))

rule("5.5.1", "A body has two bytes of code at least")
for byte in (b"\0", b"\x03", b"\xff"):
    case(f"only {byte.hex()}", frame(byte, FIN | CLOSE), closed(1002))

rule("7.4", "A code that may be sent is echoed")
for code in RIGHT:
    case(str(code), close(code), closed(code))

rule("7.4", "A code that may not be sent is an error")
for code in WRONG:
    case(str(code), close(code), closed(1002))
    case(f"{code}, with a reason", close(code, b"why"), closed(1002))

rule("5.5.1", "Nothing that follows a close is heard")
for what, more in {
    "a text": frame(b"hi"),
    "a ping": frame(b"p", FIN | PING),
    "another close": close(1001),
    "an error": b"\xff\xff",
    "half a text": head(9) + xor(b"half"),
}.items():
    case(what, close(1000) + more, closed(1000))
