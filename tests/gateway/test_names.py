"""Whoever asks for names faster than a person types has to wait, so that nobody lists who is there."""

from pathlib import Path

from nexus.gateway.http.names import BURST
from tests.conformance.test_http import get
from tests.live.server import Server


def test_names_are_checked_at_the_pace_of_someone_who_types(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        told = [get(server.ws, f"/api/names/Ann{number}")[0] for number in range(4 * BURST)]

    assert told[:BURST] == [200] * BURST
    assert 429 in told
