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
    if settings.format == "json":
        logging.basicConfig(handlers=[_Handed()], level=max(level, logging.WARNING))
        logging.captureWarnings(True)
        sys.excepthook = _ended_by
    else:
        logging.basicConfig(
            stream=sys.stderr, level=max(level, logging.WARNING), format="%(asctime)s [%(levelname)s] %(message)s"
        )


class _Handed(logging.Handler):
    """What libraries and Python itself log, as lines of our own log."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().log(
            record.levelno, " ".join(record.getMessage().split()), logger=record.name, exc_info=record.exc_info
        )


def _ended_by(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    structlog.get_logger().error("the server ended by a fault", exc_info=(kind, error, trace))


class _Lossy:
    """Standard error, but a line that the disk does not take is lost: nobody may miss an answer because of it."""

    def write(self, text: str) -> None:
        with suppress(OSError):
            sys.stderr.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()
