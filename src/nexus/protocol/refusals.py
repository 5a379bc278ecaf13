"""The table of refusal codes, and the exception that is one."""

CODES = {
    "bad_request": "The frame is not a command, or a field is missing, of the wrong type or out of range.",
    "too_large": "A text, topic or frame is longer than the server's limits allow.",
    "name_taken": "Someone has that name, or one that looks like it; the message suggests a free one.",
    "name_invalid": "A person's or room's name breaks a rule of names.",
    "nonce_reused": "The nonce belongs to an earlier message with another text, or to another command.",
    "unauthorised": "Not greeted yet, a wrong name or password, or a session or token that has ended.",
    "forbidden": "The member's role does not allow it, it is another's message, or it is too late to edit it.",
    "not_found": "There is no such room, message or login, or the message was deleted.",
    "not_joined": "The session is not in that room.",
    "too_fast": "Beyond the pace allowed; try again after `retry_after` seconds.",
    "too_many": "A limit of rooms, sessions, posts on their way or a message's reactions is reached.",
    "unavailable": "The server cannot store right now (disk full, stopping); what was sent is not stored.",
    "internal": "A fault of the server; it is in its log under the id in the message.",
}
"""Every refusal code and what it means."""


class Refusal(Exception):  # noqa: N818  a refusal is an answer, not an error of ours
    """A command cannot be carried out; raising it is the answer on the wire."""

    def __init__(self, code: str, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retry_after = retry_after
