"""The page's own modules in few files, made when the server starts: each is a function, called after those it imports.

This holds for modules as ours are written: an import or export begins a line and ends it, what is exported is never
assigned again, and no two import each other in a circle (`tests/house` looks). Libraries stay files of their own.
"""

import posixpath
import re
from collections.abc import Iterable, Mapping
from functools import cached_property

ENTRY = "page/app.js"
"""The module that starts the page; it and all that it imports are the first file."""

FIRST, LATER = "first.js", "later.js"

_IMPORT = re.compile(r"^import (?:(.+?) from )?'([^']+)';.*$", re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|class|const) (\w+)", re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_NOTHING = re.compile(r"^export \{\};$", re.MULTILINE)
_LATER = re.compile(r"import\('(\.[^']+)'\)")
_COMMENT = re.compile(r"^[ \t]*/\*\*(?:(?!\*/).)*\*/[ \t]*\n", re.MULTILINE | re.DOTALL)
"""A comment that stands in lines of its own; the modules themselves are served with theirs, to be read."""


class Bundles:
    """Modules by their names, as files that import each other."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        self._modules = modules
        self._packages: dict[str, str] = {}
        first = self._ordered([ENTRY])
        languages = [name for name in modules if re.fullmatch(r"texts/\w+\.js", name) and name not in first]
        self.files = {FIRST: first}
        """Which modules stand in which file, each after those it imports."""
        for name in languages:
            self.files[posixpath.basename(name)] = self._ordered([name])
        taken = {name for names in self.files.values() for name in names}
        others = [name for name in self._ordered(sorted(modules)) if name not in taken and not self._stands_alone(name)]
        self.files[LATER] = others
        self._file = {name: file for file, names in self.files.items() for name in names}
        self._number = {name: number for number, name in enumerate(self._file)}

    def _stands_alone(self, name: str) -> bool:
        """Whether a module brings a library that nothing else needs, and is loaded with that."""
        text = self._modules[name]
        return any(spec not in self._used for spec in _packages(text)) or not (
            _EXPORT.search(text) or _DEFAULT.search(text)
        )

    @cached_property
    def _used(self) -> set[str]:
        """The libraries of the first file."""
        return {spec for name in self.files[FIRST] for spec in _packages(self._modules[name])}

    def _ordered(self, names: Iterable[str]) -> list[str]:
        """These modules and what they import, each after its imports."""
        found: dict[str, None] = {}

        def visit(name: str) -> None:
            if name in found:
                return
            for spec in _imports(self._modules[name]):
                if spec.startswith("."):
                    visit(_beside(name, spec))
            found[name] = None

        for name in names:
            visit(name)
        return list(found)

    def text(self, file: str) -> str:
        """The text of one of the files."""
        names = self.files[file]
        bodies = [self._body(name, file) for name in names]
        packages = dict.fromkeys(spec for name in names for spec in _packages(self._modules[name]))
        lines = [f"import * as {_package(spec)} from '{spec}';" for spec in packages]
        if file != FIRST:
            lines.append(f"import {{ modules as first }} from './{FIRST}';")
        listed = ",\n".join(f"'{name}': {self._own(name)}" for name in names)
        return "\n".join([*lines, *bodies, f"export const modules = {{\n{listed}\n}};", ""])

    def _own(self, name: str) -> str:
        return f"$m{self._number[name]}"

    def _body(self, name: str, file: str) -> str:
        """A module as a function that is called at once and gives what it exports."""
        text = self._modules[name]
        exported = [found[1] for found in _EXPORT.findall(text)]
        text = _COMMENT.sub("", _NOTHING.sub("", text))
        text = _IMPORT.sub(lambda found: self._imported(found[1], found[2], name, file), text)
        text = _DEFAULT.sub("const $default = ", _EXPORT.sub(r"\1 \2", text))
        text = _LATER.sub(lambda found: self._imported_later(found[1], name, file), text)
        if "const $default = " in text:
            exported.append("default: $default")
        gives = f"return {{ {', '.join(exported)} }};"
        return f"// {name}\nconst {self._own(name)} = (() => {{\n{text.strip()}\n{gives}\n}})();"

    def _imported(self, wanted: str | None, spec: str, name: str, file: str) -> str:
        if wanted is None:
            return ""
        if not spec.startswith("."):
            source = _package(spec)
        else:
            other = _beside(name, spec)
            source = self._own(other) if self._file[other] == file else f"first['{other}']"
        if wanted.startswith("* as "):
            return f"const {wanted[5:]} = {source};"
        if wanted.startswith("{"):
            return f"const {re.sub(r' as ', ': ', wanted)} = {source};"
        return f"const {wanted} = {source}.default;"

    def _imported_later(self, spec: str, name: str, file: str) -> str:
        other = _beside(name, spec)
        there = self._file.get(other)
        if there == file:
            return f"Promise.resolve({self._own(other)})"
        if there is None:
            return f"import('./{other}')"
        return f"import('./{there}').then((it) => it.modules['{other}'])"


def _imports(text: str) -> list[str]:
    return [spec for _, spec in _IMPORT.findall(text)]


def _packages(text: str) -> list[str]:
    return [spec for spec in _imports(text) if not spec.startswith(".")]


def _package(spec: str) -> str:
    return "$p_" + re.sub(r"\W", "_", spec)


def _beside(name: str, spec: str) -> str:
    """Which module a relative address in another one is."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), spec))
