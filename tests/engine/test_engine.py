"""The page's engine without a page: each test of the modules beside this one, and the vectors that Python folds too."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.engine.conftest import HERE, ORIGIN, vectors

MODULES = sorted(path for path in HERE.glob("*.js") if path.name != "check.js")

TESTS = [
    (path, name) for path in MODULES for name in re.findall(r"^test\('(.+)',", path.read_text("utf-8"), re.MULTILINE)
]

RUN = """
async ([module, name]) => {
  const { tests } = await import('/tests/check.js');
  await import(module);
  try {
    await tests.get(name)();
    return null;
  } catch (why) {
    return why.stack ?? String(why);
  }
}
"""

FOLD = """
async ({ message, event }) => {
  const { fold, rename } = await import('/web/engine/folding.js');
  if (event.type === 'renamed') rename([message], event);
  else fold(message, event);
  return message;
}
"""


@pytest.mark.parametrize(("module", "name"), TESTS, ids=[f"{path.stem}: {name}" for path, name in TESTS])
def test_engine(page: Page, module: Path, name: str) -> None:
    page.goto(ORIGIN)  # nothing of the test before is left: no timer, no listener
    failed = page.evaluate(RUN, [f"/tests/{module.name}", name])

    assert failed is None, failed


def test_every_test_has_its_own_name() -> None:
    names = [name for _, name in TESTS]

    assert len(names) == len(set(names)) > 20


@pytest.mark.parametrize("vector", vectors("folding"), ids=lambda vector: str(vector["name"]))
def test_a_message_folds_as_the_vector_says(page: Page, vector: dict[str, Any]) -> None:
    found = page.evaluate(FOLD, vector)

    assert found == vector["after"]
