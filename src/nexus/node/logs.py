"""The server's own log, on standard error: for people or for machines; never what members say, never a secret."""

import logging
import sys
from contextlib import suppress
from types import TracebackType

import structlog

from nexus.settings import Log


def set_up(settings: Log) -> None:
    """Let every log line of this process look as the settings say."""
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    last: list[structlog.typing.Processor]
    if settings.format == "json":
        # The values of local variables would be passwords and what members say.
        tracebacks = structlog.processors.ExceptionRenderer(
            structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        )
        last = [tracebacks, structlog.processors.JSONRenderer()]
    else:
        plain = structlog.dev.plain_traceback
        last = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(_Lossy()),  # type: ignore[arg-type]  # it writes and flushes
    )
    handler: logging.Handler
    if settings.format == "json":
        handler = _Handed()
        logging.captureWarnings(True)
        sys.excepthook = _ended_by
    else:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s [%(levelname)s] %(message)s"))
    handler.addFilter(_Seldom())
    logging.basicConfig(handlers=[handler], level=max(level, logging.WARNING))


class _Seldom(logging.Filter):
    """One line per second and kind: uvicorn warns of each bad request, and so a stranger could fill the disk."""

    def __init__(self) -> None:
        super().__init__()
        self._logged: dict[tuple[str, int], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        kind = (record.pathname, record.lineno)
        if record.exc_info or record.created - self._logged.get(kind, 0) >= 1:
            self._logged[kind] = record.created
            return True
        return record.created < self._logged[kind]  # the clock was set back


class _Handed(logging.Handler):
    """What libraries and Python itself log, as lines of our own log."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().log(
            record.levelno, " ".join(record.getMessage().split()), logger=record.name, exc_info=record.exc_info
        )


def _ended_by(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    structlog.get_logger().error("the server ended because of a fault", exc_info=(kind, error, trace))


class _Lossy:
    """Standard error, but a line that the disk does not take is lost: nobody may miss an answer because of it."""

    def write(self, text: str) -> None:
        with suppress(OSError):
            sys.stderr.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()
