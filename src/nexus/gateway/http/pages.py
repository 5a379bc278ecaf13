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
from itertools import product
from typing import Any, NamedTuple

from litestar import MediaType, Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from nexus import __version__
from nexus.gateway.http.bundle import FIRST, Bundles
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

EMOJI = ("page/dialogs/emoji.js", "vendor/emoji.js")
"""Loaded with the first name between colons, or the picker."""

STYLES = "style.css"
ICON = "icon.svg"

POLICY = (
    "default-src 'none'; script-src 'self' {inline}; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types dompurify nexus-worker"
)
"""What a page from here may do (Content-Security-Policy level 3, where 'self' covers the WebSocket too).

The import map has to stand in the page, so it is let in by its hash, as is the script that looks whether somebody is
known. The map lets the libraries stay byte for byte what their authors published, although they import each other by
name.
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
    """All files of the web client, and the one page that starts it.

    `others_differ` says whether nodes of another version run beside this one, whose pages are made of other files.
    """

    def __init__(self, settings: Settings, others_differ: Callable[[], bool]) -> None:
        found = dict(_read(resources.files("nexus") / "web"))
        bundles = _bundled(
            {name: content.decode() for name, content in found.items() if name.endswith((".js", ".css"))}
        )
        self._files = {name: _file(name, content) for name, content in (found | bundles).items()}
        contents = b"".join(name.encode() + file.plain for name, file in sorted(self._files.items()))
        self.stamp = hashlib.sha256(contents).hexdigest()[:16]
        """Changes with any file, so that what carries it in its address may be kept for ever."""
        self._others_differ = others_differ
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
        index, form = (self._files.pop(name).plain.decode() for name in ("index.html", "welcome.html"))
        self._files[MANIFEST] = self._filled(MANIFEST, fields)
        self._pages: dict[tuple[str, bool, bool], File] = {}
        """By language, whether it has the form of a first visit, and whether a page from elsewhere led here."""
        for lang, texts in _languages(found).items():
            asking = _fill(form, {key: escape(text.replace("{title}", settings.title)) for key, text in texts.items()})
            for welcomes, strange in product((False, True), repeat=2):
                own = {"lang": lang, "welcome": asking if welcomes else "", "arrived": "elsewhere" if strange else ""}
                self._pages[lang, welcomes, strange] = _file("index.html", _fill(index, fields | own).encode())
        self._guests = settings.guests != "none"
        self._page = self._pages["en", True, False]
        kept = " ".join([*bundles, *self._libraries(), *EMOJI, ICON])
        self._worker = self._filled("worker.js", fields | {"page": _tag(self._page.plain)[3:-1], "files": kept})

    def _filled(self, name: str, fields: dict[str, str]) -> File:
        """A file with its fields filled in, taken from those that are served as they are."""
        return _file(name, _fill(self._files.pop(name).plain.decode(), fields).encode())

    def _libraries(self) -> list[str]:
        """Those that are needed at first."""
        return sorted(
            name for name in self._files if re.fullmatch(r"vendor/.*\.js", name) and name not in (LARGE, *EMOJI)
        )

    def _preload(self, base: str) -> str:
        """Every module at once, rather than one after the other as imports are found."""
        modules = [FIRST, *self._libraries()]
        return "\n".join(f'<link rel="modulepreload" href="{base}/web/{self.stamp}/{name}">' for name in modules)

    @cached_property
    def policy(self) -> str:
        """The Content-Security-Policy of the page."""
        inline = re.findall(rb'<script(?: type="importmap")?>(.*?)</script>', self._page.plain, re.DOTALL)
        hashes = [b64encode(hashlib.sha256(script).digest()).decode() for script in inline]
        return POLICY.format(inline=" ".join(f"'sha256-{one}'" for one in hashes))

    def page(self, asked: Asked) -> Response[bytes]:
        """The page, or that it has not changed; it is told where a page of another site led here."""
        welcomes = self._guests and (asked.url.path == "/" or asked.url.path.startswith("/r/"))
        lang = _preferred(asked.headers.get("accept-language", ""), {lang for lang, _, _ in self._pages})
        page = self._pages[lang, welcomes, asked.headers.get(SITE) in ELSEWHERE]
        answer = _answer(asked, page, _tag(page.plain), "no-cache")
        answer.headers["Vary"] = f"Accept-Encoding, Accept-Language, {SITE}"
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
        if stamp != self.stamp and self._others_differ():
            raise NotFoundException("Another node has the files of that page; a balancer asks it next.")
        file = self._files.get(name)
        if file is None:
            raise NotFoundException(f"There is no file {name[:100]!r} here.")
        kept = "public, max-age=31536000, immutable" if stamp == self.stamp else "no-cache"
        answer = _answer(asked, file, _tag(file.plain), kept)
        if name.endswith(".svg"):  # which a browser may open as a page of its own
            answer.headers["Content-Security-Policy"] = self.policy
        return answer


def _bundled(sources: dict[str, str]) -> dict[str, bytes]:
    """What the page is made of, in few files: its modules, and its styles in the order of `style.css`."""
    ours = {
        name: text
        for name, text in sources.items()
        if name.endswith(".js") and name.split("/")[0] not in ("vendor", "worker.js")
    }
    bundles = Bundles(ours)
    styles = "".join(sources[name] for name in re.findall(r"@import url\((.+?)\);", sources[STYLES]))
    return {name: bundles.text(name).encode() for name in bundles.files} | {STYLES: styles.encode()}


def _languages(found: dict[str, bytes]) -> dict[str, dict[str, str]]:
    """What the first visit says in each language there is."""
    texts = {name[6:-3]: content.decode() for name, content in found.items() if re.fullmatch(r"texts/\w+\.js", name)}
    keys = {"heading": "title", "lead": "lead", "name": "name", "start": "start"}
    return {lang: {field: _said(text, f"welcome.{key}") for field, key in keys.items()} for lang, text in texts.items()}


def _said(texts: str, key: str) -> str:
    found = re.search(rf"^  '{re.escape(key)}': '(.+)',$", texts, re.MULTILINE)
    assert found is not None, key
    return found[1].replace("\\'", "'")


def _preferred(accepted: str, there: set[str]) -> str:
    """The first of the languages asked for that there is (RFC 9110 section 12.5.4), as the page itself chooses."""
    asked = (part.partition(";")[0].strip().partition("-")[0].lower() for part in accepted[:200].split(","))
    return next((lang for lang in asked if lang in there), "en")


def _fill(text: str, fields: dict[str, str]) -> str:
    return re.sub(r"{{(\w+)}}", lambda match: fields[match[1]], text)


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
        sentence = "This address accepts WebSocket connections; the page is at /.\n"
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
