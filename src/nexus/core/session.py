"""The secret of a session, by which its owner resumes it."""

import base64
import hmac

MARK = b"nexus session"


def make_secret(id: int, key: bytes) -> str:
    """The secret of a session: its id and the server's signature, so that it proves who it is for ever."""
    raw = id.to_bytes(8, "big")
    return base64.urlsafe_b64encode(raw + _sign(raw, key)).decode()


def read_secret(secret: str, key: bytes) -> int | None:
    """The id of the session a secret was made for; None where this server did not make it."""
    try:
        raw = base64.b64decode(secret.encode(), b"-_", validate=True)
    except ValueError:  # binascii.Error, or characters outside ASCII
        return None
    if len(raw) != 24 or not hmac.compare_digest(raw[8:], _sign(raw[:8], key)):
        return None
    return int.from_bytes(raw[:8], "big")


def _sign(raw: bytes, key: bytes) -> bytes:
    return hmac.digest(key, MARK + raw, "sha256")[:16]
