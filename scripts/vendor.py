"""Fetch the browser libraries that requirements/web.lock names, by package and version, and check their hashes.

`make vendor` puts the locked versions in their places and fails where a hash differs; `make vendor ARGS=--update`
takes the newest version of each and writes the lock again. Both need `npm` and the network; nothing else here does.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from nexus.core.emoji import check_emoji

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements" / "web.lock"

Package = dict[str, Any]
"""`version`, `sha256` of the archive, `into` (a folder of this project), `files`: path in it → name and sha256.

What is `made` of a package (a name and its sha256) is smaller than what it is made of.
"""


SOURCES = ("en/data.json", "en/shortcodes/github.json", "en/shortcodes/emojibase.json")
"""The files of emojibase-data of which the table of emoji is made that the page and the terminal share."""

GROUPS = {
    0: "smileys", 1: "people", 3: "nature", 4: "food", 5: "travel", 6: "doing", 7: "things", 8: "signs", 9: "flags",
}  # fmt: skip
"""What the table calls the groups of Unicode; the others are parts of emoji."""

NEWEST = 16
"""The version of Unicode's emoji up to which people have pictures for them."""

OURS = {"laugh": "😂", "party": "🎉", "check": "✅", "thanks": "🙏"}
"""Names that people used here before there was the whole table."""

HEAD = """\
/** Every emoji: the picture, its name, the words that stand for it between colons, and what else it is found by. */

export default `\\
"""


def fetch(name: str, version: str, folder: Path) -> Path:
    """The package's archive, as its registry has it."""
    command = ["npm", "pack", "--silent", f"{name}@{version}"]
    told = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout
    return folder / told.split()[-1]


def digest(content: bytes) -> str:
    """What a lock says of a file."""
    return hashlib.sha256(content).hexdigest()


def place(name: str, package: Package, *, update: bool) -> None:
    """Put a package's files where they belong; ends the command where something is not as it is locked."""
    with tempfile.TemporaryDirectory() as folder:
        archive = fetch(name, "latest" if update else package["version"], Path(folder))
        found = digest(archive.read_bytes())
        if not update and found != package["sha256"]:
            sys.exit(f"{name} {package['version']} is not what requirements/web.lock says: its archive has {found}.")
        package["sha256"] = found
        with tarfile.open(archive) as tar:
            sources = SOURCES if "made" in package else ()
            contents = {path: _read(tar, path) for path in ("package.json", *package["files"], *sources)}
    package["version"] = json.loads(contents["package.json"])["version"]
    for path, file in package["files"].items():
        file["sha256"] = digest(contents[path])
        _write(package, file["name"], contents[path])
    for made in package.get("made", []):
        content = table(contents)
        made["sha256"] = digest(content)
        _write(package, made["name"], content)


def _write(package: Package, name: str, content: bytes) -> None:
    target = ROOT / package["into"] / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def _read(tar: tarfile.TarFile, path: str) -> bytes:
    member = tar.extractfile(f"package/{path}")
    if member is None:
        sys.exit(f"The package has no {path} any more.")
    return member.read()


def table(files: dict[str, bytes]) -> bytes:
    """The module, from the contents of SOURCES."""
    emoji, *shortcodes = (json.loads(files[path]) for path in SOURCES)
    lines: list[str] = []
    for number, group in GROUPS.items():
        lines.append(f"# {group}")
        members = [one for one in emoji if one.get("group") == number and one["version"] <= NEWEST]
        lines += [_line(one, shortcodes) for one in sorted(members, key=lambda one: one["order"])]
    return (HEAD + "\n".join(lines) + "\n`;\n").encode()


def _line(one: dict[str, Any], shortcodes: list[dict[str, str | list[str]]]) -> str:
    picture = check_emoji(one["emoji"].rstrip("\ufe0f") if one["type"] == 1 else one["emoji"])
    codes = [name for name, ours in OURS.items() if ours == picture]
    for known in shortcodes:
        found = known.get(one["hexcode"], [])
        codes += [found] if isinstance(found, str) else found
    label = one["label"].replace(",", "").replace("\\", "").replace("`", "")
    known_words = {*label.casefold().split(), *codes}
    codes = [code for code in dict.fromkeys(codes) if code != label.casefold().replace(" ", "_")]
    words = [tag.casefold() for tag in one.get("tags", []) if tag.casefold() not in known_words and tag.isascii()]
    return f"{picture} {label},{' '.join(codes)},{' '.join(words)}"


def main() -> None:
    """Fetch every package; with --update the newest version of each."""
    lock: dict[str, Package] = json.loads(LOCK.read_text("utf-8"))
    for name, package in lock.items():
        place(name, package, update="--update" in sys.argv[1:])
        print(f"{name} {package['version']}")
    LOCK.write_text(json.dumps(lock, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
