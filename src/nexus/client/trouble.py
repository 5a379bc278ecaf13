"""Why a server cannot be reached, in a sentence for the person who gave its address."""

import socket
import ssl

from websockets.exceptions import InvalidHandshake, InvalidMessage
from websockets.http11 import Response

UNREACHED = "The server cannot be reached."


def reason(error: Exception, host: str) -> str:
    """What an attempt to connect failed for."""
    match error:
        case socket.gaierror():
            return f"There is no host '{host}', or its name cannot be looked up now."
        case ssl.SSLCertVerificationError():
            return f"Its certificate cannot be trusted: {error.verify_message.rstrip('.')}."
        case ssl.SSLError():
            return "What answers there does not speak TLS; http:// may be right."
        case InvalidMessage() | InvalidHandshake():
            return "What answers there is no Nexus server, or one that wants https://."
        case _:
            return UNREACHED


def answered(response: Response) -> str:
    """What was answered in the place of a WebSocket; who sends us elsewhere is not followed, with a token at hand."""
    place = response.headers.get("Location", "")[:200]
    if 300 <= response.status_code < 400 and place.isprintable() and place:
        return f"The server redirects to {place}; if that is right, give that address."
    body = (response.body or b"").decode(errors="replace").strip()[:200]
    return f"The server answered {response.status_code}: {body or response.reason_phrase}"
