"""Imports structlog without rich, which draws tracebacks: our log is plain, and rich would be a tenth of a start."""

import sys

if "rich" not in sys.modules:
    sys.modules["rich"] = None  # type: ignore[assignment]  # Python's way to say that there is no such module
    try:
        import structlog  # noqa: F401
    finally:
        del sys.modules["rich"]
