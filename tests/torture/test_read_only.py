"""The file system turns read-only under a running server, as the kernel does it where a disk fails, and back."""

from pathlib import Path

from tests.live.server import Server
from tests.torture.disk import SmallDisk, make_image
from tests.torture.guests import Guest
from tests.torture.load import ROOMS, Load
from tests.torture.scale import SEED, scaled
from tests.torture.tracing import WRITES, failing, made_to_fail, need_strace
from tests.torture.verdict import settle

TIMES = scaled(1, 10)


def test_a_file_system_that_gives_up_writing_is_read_and_loses_nothing_when_it_is_mounted_again(
    tmp_path: Path,
) -> None:
    """ext4's own abort: whatever is open for writing fails with EROFS from then on, until it was unmounted.

    Nobody posts in the moment of the abort itself: a sync under way then was seen to report success and keep nothing,
    which no program above it can notice (docs/reliability.md).
    """
    disk = SmallDisk(tmp_path / "disk", "-o", "loop", str(make_image(tmp_path / "image")))
    with (
        disk,
        Server(disk.path / "data") as server,
        Load(server.ws, SEED, file=tmp_path / "load.jsonl") as load,
    ):
        load.more(100)
        guest = Guest(server, ROOMS[0])
        for _ in range(TIMES):
            load.quiet()
            disk.remount("abort")
            load.resume()
            load.until(refused=load.log.counts["refused"] + 100)
            guest.is_refused("The database can be read but not written")
            guest.reads()
            server.kill()
            disk.unmount()
            disk.mount()
            server.start()
            guest.resumes()
            load.more(200)
        guest.leave()
        settle(load, server)


def test_files_that_cannot_be_written_for_a_while_are_written_again_without_a_restart(tmp_path: Path) -> None:
    """What a remount to read-only and back does to open files; the kernel allows none while they are open."""
    need_strace()
    data = tmp_path / "data"
    with Server(data) as server, Load(server.ws, SEED + 1, file=tmp_path / "load.jsonl") as load:
        load.more(100)
        guest = Guest(server, ROOMS[0])
        for _ in range(TIMES):
            files = [path for path in data.rglob("*") if path.is_file()]
            with made_to_fail(server, tmp_path / "trace", failing(WRITES, "EROFS", "1+", files)):
                load.until(refused=load.log.counts["refused"] + 100)
                guest.is_refused("The disk fails")
                guest.reads()
            load.more(200)
        guest.leave()
        settle(load, server)
