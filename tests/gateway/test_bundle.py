"""Modules in few files: each a function after those it imports, and those that come later in a file of their own."""

from nexus.gateway.http.bundle import ENTRY, Bundles

MODULES = {
    ENTRY: "/** The page. */\n\nimport { render as draw } from 'preact';\nimport * as names from './names.js';\n\n"
    "export async function start() {\n  (await import('./later/dialog.js')).open(names, draw);\n}\n",
    "page/names.js": "/** Names. */\n\nimport texts from '../texts/en.js';\n\nexport const ANN = texts.ann;\n",
    "page/later/dialog.js": "/** A dialog. */\n\nimport { ANN } from '../names.js';\n\n"
    "/** Open it. */\nexport function open() {\n  return [ANN, () => import('../table.js')];\n}\n",
    "page/table.js": "/** A table. */\n\nimport TABLE from 'table';\n\nexport const ALL = TABLE;\n",
    "texts/en.js": "export default {\n  ann: 'Ann',\n};\n",
    "texts/de.js": "export default {\n  ann: 'Anna',\n};\n",
    "engine/types.js": "/** Types only. */\nexport {};\n",
}
"""A page of seven modules, one of which brings a library of its own and one of which has no code."""


def test_what_starts_the_page_is_in_one_file_and_what_it_needs_later_in_another() -> None:
    bundles = Bundles(MODULES)

    assert bundles.files == {
        "first.js": ["texts/en.js", "page/names.js", ENTRY],
        "de.js": ["texts/de.js"],
        "later.js": ["page/later/dialog.js"],
    }


def test_imports_become_what_the_other_function_gave() -> None:
    first, later = (Bundles(MODULES).text(file) for file in ("first.js", "later.js"))

    assert first.startswith("import * as $p_preact from 'preact';\n")
    assert "const { render: draw } = $p_preact;\nconst names = $m1;" in first
    assert "const texts = $m0.default;" in first
    assert "import('./later.js').then((it) => it.modules['page/later/dialog.js'])" in first
    assert first.index("ann: 'Ann'") < first.index("texts.ann") < first.index("function start")
    assert later.startswith("import { modules as first } from './first.js';\n")
    assert "const { ANN } = first['page/names.js'];" in later
    assert "import('./page/table.js')" in later, "it stands alone, with its library"


def test_comments_of_whole_lines_stay_in_the_modules_themselves() -> None:
    bundles = Bundles(MODULES)

    assert "/**" not in "".join(bundles.text(file) for file in bundles.files)
