"""Two servers cannot share a data directory: the second says who has it, the first notices nothing."""

from pathlib import Path

from tests.live.server import Server
from tests.torture.load import Load
from tests.torture.scale import SEED, scaled
from tests.torture.starting import refuses_to_start
from tests.torture.verdict import settle


def test_a_second_server_is_refused_by_whatever_path_it_comes(tmp_path: Path) -> None:
    data = tmp_path / "data"
    links = [tmp_path / "link", tmp_path / "link to a link", tmp_path / "other" / ".." / "data"]
    links[0].symlink_to(data)
    links[1].symlink_to(links[0])
    (tmp_path / "other").mkdir()
    with Server(data) as server, Load(server.ws, SEED, senders=scaled(2, 5), file=tmp_path / "load.jsonl") as load:
        for path in scaled([links[1]], [data, *links]):
            load.more(20)
            assert server.process is not None
            said = refuses_to_start(server, path)
            assert said.startswith(f"The data directory {path} is in use by process {server.process.pid} on "), said
            assert said.endswith("Stop that server, or start this one with another data directory.\n"), said
        settle(load, server)


def test_a_server_starts_at_once_where_another_was_killed(tmp_path: Path) -> None:
    """Also by another path, and while one after the other is turned away."""
    data, link = tmp_path / "data", tmp_path / "link"
    link.symlink_to(data)
    with Server(data) as server, Load(server.ws, SEED + 1, senders=scaled(2, 5), file=tmp_path / "load.jsonl") as load:
        for number in range(scaled(1, 20)):
            load.more(20)
            server.kill()
            server.data = (data, link)[(number + 1) % 2]
            server.start()
            refuses_to_start(server, data)
        server.data = data
        settle(load, server)
