"""Anyone who asks for names faster than a person types has to wait, so that nobody lists who is there."""

from http.client import HTTPConnection
from pathlib import Path

from nexus.gateway.http.names import BURST
from tests.conformance.test_http import get
from tests.live.server import Server


def test_names_are_checked_at_the_pace_of_someone_who_types(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        told = [get(server.ws, f"/api/names/Ann{number}")[0] for number in range(4 * BURST)]

    assert told[:BURST] == [200] * BURST
    assert 429 in told


def test_a_client_that_names_itself_to_a_proxy_is_counted_for_whom_the_proxy_names(tmp_path: Path) -> None:
    """The proxy puts a line of its own behind the one that came in; only the last line is the proxy's word."""
    with Server(tmp_path / "data") as server:
        told = [_asks(server, f"10.9.{number % 250}.1", "198.51.100.8") for number in range(4 * BURST)]

    assert 429 in told


def _asks(server: Server, *forwarded: str) -> int:
    """Ask for a name, with a line of X-Forwarded-For for each address; returns the status."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.putrequest("GET", "/api/names/Ann")
    for address in forwarded:
        connection.putheader("X-Forwarded-For", address)
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status
