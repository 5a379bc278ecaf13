"""The browser client's files, as they are served: read once, named by their content, compressed once."""

import gzip
import hashlib
import re
from base64 import b64encode
from collections.abc import Callable
from functools import cached_property
from html import escape
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple

from litestar import MediaType, Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from nexus import __version__
from nexus.settings import Settings

TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".html": "text/html",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
"""What is served, by the end of its name; a licence beside a library is not."""

SITE = "Sec-Fetch-Site"
ELSEWHERE = ("cross-site", "same-site")
"""What a browser says of a page from elsewhere that leads to ours (Fetch Metadata Request Headers, section 2.3)."""

MANIFEST = "nexus.webmanifest"

LARGE = "vendor/highlight.js"
"""Loaded with the first block of code, and not kept for when there is no network before that."""

LATER = (
    "engine/export.js",
    "page/composer/commands.js",
    "page/composer/completion.js",
    "page/composer/files.js",
    "page/dialogs/acts.js",
    "page/dialogs/becoming.js",
    "page/dialogs/delete.js",
    "page/dialogs/destroy.js",
    "page/dialogs/dialog.js",
    "page/dialogs/download.js",
    "page/dialogs/emoji.js",
    "page/dialogs/erase.js",
    "page/dialogs/found.js",
    "page/dialogs/invitations.js",
    "page/dialogs/invite.js",
    "page/dialogs/keys.js",
    "page/dialogs/bots.js",
    "page/dialogs/logins.js",
    "page/dialogs/members.js",
    "page/dialogs/new.js",
    "page/dialogs/password.js",
    "page/dialogs/person.js",
    "page/dialogs/picker.js",
    "page/dialogs/pins.js",
    "page/dialogs/protecting.js",
    "page/dialogs/qr.js",
    "page/dialogs/report.js",
    "page/dialogs/reports.js",
    "page/dialogs/room.js",
    "page/dialogs/rules.js",
    "page/dialogs/sanctions.js",
    "page/dialogs/settings.js",
    "page/dialogs/switcher.js",
    "page/dialogs/you.js",
    "page/panes/hit.js",
    "page/panes/replies.js",
    "page/panes/search.js",
    "page/panes/searchwords.js",
    "page/shell/notify.js",
    "page/shell/worker.js",
    "texts/de.js",
    "texts/de/inviting.js",
    "texts/de/moderation.js",
    "texts/de/people.js",
    "texts/de/writing.js",
    "texts/en/dialogs.js",
    "texts/en/inviting.js",
    "texts/en/moderation.js",
    "texts/en/people.js",
    "texts/en/rest.js",
    "texts/en/writing.js",
    "vendor/emoji.js",
    LARGE,
)
"""Modules that the page loads only when it needs them, or once it has nothing else to do."""

POLICY = (
    "default-src 'none'; script-src 'self' '{importmap}'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types dompurify nexus-worker"
)
"""What a page from here may do (Content-Security-Policy level 3, where 'self' covers the WebSocket too).

The import map has to stand in the page, so it is let in by its hash. It lets the libraries stay byte for byte what
their authors published, although they import each other by name.
"""

ADDRESSES = ["/", "/r/{place:path}", "/invite/{code:str}", "/reset/{code:str}"]
"""Where the page is; what it shows there is its own affair."""

Asked = Request[Any, Any, Any]


class File(NamedTuple):
    """A file in memory."""

    type: str
    plain: bytes
    packed: bytes


class Pages:
    """All files of the web client, and the one page that starts it."""

    def __init__(self, settings: Settings) -> None:
        self._files = {name: _file(name, content) for name, content in _read(resources.files("nexus") / "web")}
        contents = b"".join(name.encode() + file.plain for name, file in sorted(self._files.items()))
        self.stamp = hashlib.sha256(contents).hexdigest()[:16]
        """Changes with any file, so that what carries it in its address may be kept for ever."""
        self.others_differ: Callable[[], bool] = lambda: False
        """Whether nodes of another version run beside this one, whose pages are made of other files."""
        fields = {
            "base": settings.base,
            "title": escape(settings.title),
            "version": __version__,
            "room": escape(settings.rooms.first),
            "guests": settings.guests,
            "register": settings.accounts.register,
            "stamp": self.stamp,
            "preload": self._preload(settings.base),
        }
        self._files[MANIFEST] = self._filled(MANIFEST, fields)
        index = self._files["index.html"]
        self._page = self._filled("index.html", fields | {"arrived": ""})
        self._files["index.html"] = index
        self._page_for_strangers = self._filled("index.html", fields | {"arrived": "elsewhere"})
        self._page_tag = _tag(self._page.plain)
        kept = " ".join(sorted(self._files.keys() - {"worker.js", LARGE}))
        self._worker = self._filled("worker.js", fields | {"page": self._page_tag[3:-1], "files": kept})

    def _filled(self, name: str, fields: dict[str, str]) -> File:
        """A file with its fields filled in, taken from those that are served as they are."""
        text = self._files.pop(name).plain.decode()
        return _file(name, re.sub(r"{{(\w+)}}", lambda match: fields[match[1]], text).encode())

    def _preload(self, base: str) -> str:
        """Every module at once, rather than one after the other as imports are found."""
        modules = sorted(name for name in self._files if name.endswith(".js") and name not in ("worker.js", *LATER))
        return "\n".join(f'<link rel="modulepreload" href="{base}/web/{self.stamp}/{name}">' for name in modules)

    @cached_property
    def policy(self) -> str:
        """The Content-Security-Policy of the page."""
        found = re.search(rb'<script type="importmap">(.*?)</script>', self._page.plain, re.DOTALL)
        assert found is not None
        return POLICY.format(importmap="sha256-" + b64encode(hashlib.sha256(found[1]).digest()).decode())

    def page(self, asked: Asked) -> Response[bytes]:
        """The page, or that it has not changed; it is told where a page of another site led here."""
        page = self._page_for_strangers if asked.headers.get(SITE) in ELSEWHERE else self._page
        answer = _answer(asked, page, _tag(page.plain), "no-cache")
        answer.headers["Vary"] = f"Accept-Encoding, {SITE}"
        return answer

    def nowhere(self, asked: Asked, headers: dict[str, str]) -> Response[bytes]:
        """The page, which says that there is nothing at this address."""
        answer = self.page(asked)
        whole = Response(answer.content, status_code=404, headers=headers | answer.headers, media_type="text/html")
        whole.headers["Cache-Control"] = "no-store"
        whole.headers.pop("ETag")
        return whole

    def worker(self, asked: Asked) -> Response[bytes]:
        """The service worker; another one for each page, so that a browser notices an upgrade."""
        return _answer(asked, self._worker, _tag(self._worker.plain), "no-cache")

    def file(self, asked: Asked, stamp: str, name: str) -> Response[bytes]:
        """One of the page's files; raises NotFoundException. A page from before an upgrade gets the new ones.

        But not for as long as another node has its own: a page of both would not work, and be kept like that.
        """
        if stamp != self.stamp and self.others_differ():
            raise NotFoundException("Another node has the files of that page; a balancer asks it next.")
        file = self._files.get(name)
        if file is None:
            raise NotFoundException(f"There is no file {name[:100]!r} here.")
        kept = "public, max-age=31536000, immutable" if stamp == self.stamp else "no-cache"
        answer = _answer(asked, file, _tag(file.plain), kept)
        if name.endswith(".svg"):  # which a browser may open as a page of its own
            answer.headers["Content-Security-Policy"] = self.policy
        return answer


def _read(folder: Traversable, above: str = "") -> list[tuple[str, bytes]]:
    found = []
    for entry in folder.iterdir():
        name = f"{above}{entry.name}"
        if entry.is_dir():
            found += _read(entry, f"{name}/")
        elif "." + name.rpartition(".")[2] in TYPES:
            found.append((name, entry.read_bytes()))
    return found


def _file(name: str, content: bytes) -> File:
    return File(TYPES["." + name.rpartition(".")[2]], content, gzip.compress(content, 6, mtime=0))


def _tag(content: bytes) -> str:
    """An entity tag; weak, since the compressed answer has the same (RFC 9110 section 8.8.3)."""
    return f'W/"{hashlib.sha256(content).hexdigest()[:24]}"'


def _answer(asked: Asked, file: File, tag: str, kept: str) -> Response[bytes]:
    headers = {"ETag": tag, "Cache-Control": kept, "Vary": "Accept-Encoding"}
    if tag in asked.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type=file.type)
    if "gzip" in asked.headers.get("accept-encoding", ""):
        return Response(file.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=file.type)
    return Response(file.plain, headers=headers, media_type=file.type)


def handlers(pages: Pages) -> list[HTTPRouteHandler]:
    """What a browser asks for."""

    @get(ADDRESSES, sync_to_thread=False, include_in_schema=False)
    def index(request: Asked) -> Response[bytes]:
        return pages.page(request)

    @get("/worker.js", sync_to_thread=False, include_in_schema=False)
    def worker(request: Asked) -> Response[bytes]:
        return pages.worker(request)

    @get("/ws", media_type=MediaType.TEXT, sync_to_thread=False, status_code=426, include_in_schema=False)
    def chat() -> Response[str]:
        sentence = "This address takes WebSocket connections; the page is at /.\n"
        return Response(sentence, headers={"Upgrade": "websocket"})

    return [index, worker, chat]


def part_of(pages: Pages) -> HTTPRouteHandler:
    """The files that the page is made of: a hundred of them, so each says no more than it has to."""

    @get(
        "/web/{stamp:str}/{name:path}",
        sync_to_thread=False,
        include_in_schema=False,
    )
    def file(request: Asked, stamp: FromPath[str], name: FromPath[str]) -> Response[bytes]:
        return pages.file(request, stamp, name.lstrip("/"))

    return file
