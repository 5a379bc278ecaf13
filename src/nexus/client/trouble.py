"""Why a server cannot be reached, in a sentence for the person who gave its address."""

import socket
import ssl

from websockets.exceptions import InvalidHandshake, InvalidMessage

UNREACHED = "The server cannot be reached."


def reason(error: Exception, host: str) -> str:
    """What an attempt to connect failed for."""
    match error:
        case socket.gaierror():
            return f"There is no host '{host}', or its name cannot be looked up now."
        case ssl.SSLCertVerificationError():
            return f"Its certificate is not to be trusted: {error.verify_message.rstrip('.')}."
        case ssl.SSLError():
            return "What answers there does not speak TLS; http:// may be right."
        case InvalidMessage() | InvalidHandshake():
            return "What answers there is no Nexus server, or one that wants https://."
        case _:
            return UNREACHED
