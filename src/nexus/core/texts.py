"""What people may write, and how it is put where a control character could do harm."""

import re

_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_BREAK = re.compile("[\n\r\u2028\u2029]")
_NONCE = re.compile("[!-~]{1,64}")
_VISIBLE = re.compile(
    "[^\\s\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

# Controls, line breaks and invisible format characters, but not the two joiners: emoji and scripts need them.
_HARMFUL = (
    "\0-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"
)
_UNSAFE = re.compile(rf"[\\{_HARMFUL}]")
_UNSAFE_IN_LINE = re.compile(rf"[{_HARMFUL}]")
_UNSAFE_IN_LINES = re.compile(rf"(?![\n\t])[{_HARMFUL}]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}
_LONG = {escape: char for char, escape in _SHORT.items()}
_ESCAPE = re.compile(r"\\(?:[nrt\\]|x([0-9a-f]{2})|u([0-9a-f]{4})|U(000[0-9a-f]{5}))")


class TextInvalid(ValueError):  # noqa: N818 - a refusal, named for what it says
    """A text that is not accepted; its message is a sentence for the person who wrote it."""


class TextTooLong(TextInvalid):
    """A text that would be accepted if it were shorter."""


def check_text(text: str, limit: int) -> str:
    """Return a message's text unchanged; raises TextInvalid. The limit is in characters."""
    if len(text) <= limit and text.isprintable() and text.isascii() and text and not text.isspace():
        return text
    return _check(text, limit, "A message")


def check_topic(text: str, limit: int) -> str:
    """Return a room's topic unchanged: one line, or empty; raises TextInvalid. The limit is in characters."""
    if not text:
        return text
    _check(text, limit, "A topic")
    if _LINE_BREAK.search(text):
        raise TextInvalid("A topic is a single line, but this one has line breaks.")
    return text


def check_nonce(text: str) -> str:
    """Return a nonce unchanged: 1 to 64 visible ASCII characters; raises TextInvalid."""
    if _NONCE.fullmatch(text):
        return text
    if len(text) > 64:
        raise TextTooLong(f"A nonce has at most 64 characters, but this one has {len(text):,}.")
    raise TextInvalid(f"A nonce has 1 to 64 visible ASCII characters, such as 'k3x9-17', but this one is {text!r}.")


def one_line(text: str) -> str:
    """Write a text as one line without harmful characters, for transcripts; `from_line` undoes it.

    Line breaks, controls, lone surrogates, invisible format characters (but ZWJ and ZWNJ) and the backslash
    become \\n, \\r, \\t, \\\\, \\xNN, \\uNNNN or \\UNNNNNNNN.
    """
    if text.isprintable() and "\\" not in text:
        return text
    return _UNSAFE.sub(_escape, text)


def from_line(text: str) -> str:
    """Read back what `one_line` wrote; what is no escape stays as it is."""
    return _ESCAPE.sub(_unescape, text)


def in_line(text: str) -> str:
    """Make a text harmless on one line of a terminal, with its backslashes as they are."""
    return text if text.isprintable() else _UNSAFE_IN_LINE.sub(_escape, text)


def shown(text: str) -> str:
    """Make a text harmless on a terminal and leave its lines, tabs and backslashes as they are."""
    if text.isprintable():
        return text
    return _UNSAFE_IN_LINES.sub(_escape, text.replace("\r\n", "\n"))


def _check(text: str, limit: int, noun: str) -> str:
    if len(text) > limit:
        raise TextTooLong(f"{noun} has at most {limit:,} characters, but this one has {len(text):,}.")
    if not text.isprintable():
        control = _CONTROL.search(text)
        if control:
            code = ord(control[0])
            kind = "a lone surrogate" if code >= 0xD800 else "a control character"
            raise TextInvalid(
                f"{noun} is plain text, but character {control.start() + 1:,} is {kind} (U+{code:04X}); "
                "remove it and try again."
            )
    if not _VISIBLE.search(text):
        why = "has only invisible characters" if text else "is empty"
        raise TextInvalid(f"{noun} needs visible text, but this one {why}.")
    return text


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    code = ord(char)
    if char in _SHORT:
        return _SHORT[char]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _unescape(found: re.Match[str]) -> str:
    digits = found[found.lastindex] if found.lastindex else None
    return chr(int(digits, 16)) if digits else _LONG[found[0]]
