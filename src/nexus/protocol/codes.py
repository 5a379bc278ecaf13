"""The one table of refusals and goodbyes: server, clients, page and docs decide from it."""

from typing import NamedTuple


class Code(NamedTuple):
    """What a code means: a sentence, the HTTP status that says the same, and whether the same may go better later.

    A `temporary` refusal is worth another try, and so is the connection after a `temporary` goodbye. `close` is the
    WebSocket close code that follows a goodbye (RFC 6455 section 7.4); None for a refusal, which ends nothing.
    """

    sentence: str
    status: int
    temporary: bool = False
    close: int | None = None


CODES = {
    "bad_request": Code("The frame is not a command, or a field is missing, of the wrong type or out of range.", 400),
    "too_large": Code("A text, topic or frame is longer than the server's limits allow.", 413),
    "name_taken": Code("Someone has that name, or one that looks like it; the message suggests a free one.", 409),
    "name_invalid": Code("A person's or room's name breaks a rule of names.", 400),
    "nonce_reused": Code("The nonce belongs to an earlier message with another text, or to another command.", 409),
    "unauthorised": Code("Not greeted yet, a wrong name or password, or a session or token that has ended.", 401),
    "forbidden": Code(
        "The member's role does not allow it, it is another's message, or it is too late to edit it.", 403
    ),
    "not_found": Code("There is no such room, message or login, or the message was deleted.", 404),
    "not_joined": Code("The session is not in that room.", 403),
    "too_fast": Code("Beyond the pace allowed; try again after `retry_after` seconds.", 429, temporary=True),
    "too_many": Code(
        "A limit of rooms, sessions, posts in flight or a message's reactions is reached.", 429, temporary=True
    ),
    "unavailable": Code(
        "The server cannot store right now (disk full, stopping); what was sent is not stored.", 503, temporary=True
    ),
    "internal": Code("A fault of the server; it is in its log under the id in the message.", 500, temporary=True),
    "restarting": Code(
        "The server stops or restarts. Come back after `retry_after` seconds with the session.", 503, True, 1012
    ),
    "replaced": Code("The session continues on another connection. Do not come back from this one.", 409, close=4001),
    "revoked": Code("The login was revoked. Log in again.", 401, close=4003),
    "banned": Code("The server's moderators banned this person.", 403, close=4004),
    "ended": Code("The session was ended, as asked by `logout` or `erase`.", 401, close=1000),
    "late": Code("No `hello` came in time.", 408, True, 4008),
}
"""Every code there is."""

REFUSALS = {name: code for name, code in CODES.items() if code.close is None}
GOODBYES = {name: code for name, code in CODES.items() if code.close is not None}


def is_temporary(code: str, retry_after: float | None) -> bool:
    """Whether the same may go better later; of a code that only a later version knows, `retry_after` tells."""
    known = CODES.get(code)
    return retry_after is not None if known is None else known.temporary
