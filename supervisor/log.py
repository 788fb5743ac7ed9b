"""The log: JSON lines in a file, never on the terminal that shows the console.

Every text goes through `safe`. Secrets are struck out always, numbers and names of customers unless
`log.customer_data` allows them. An exception is told by its kind and place: neither its locals nor its message can be
trusted to be nobody's data.
"""

from __future__ import annotations

import logging
import os
import re
import traceback
from collections.abc import MutableMapping
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, cast

import structlog
from structlog.typing import FilteringBoundLogger

from supervisor.config import Config, ConfigError
from supervisor.sources import SECRETS_READ
from supervisor.text import safe

Logger = FilteringBoundLogger

LARGEST = 10 * 1024 * 1024
KEPT = 5
HIDDEN = "(hidden)"

_ABOUT_CUSTOMERS = frozenset(
    {"number", "number_raw", "from_raw", "to_raw", "with_whom", "customer", "caller_id", "raw", "record", "name"}
)
_SECRET = re.compile("secret|password|passwd|token|credential", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.:])\+?\d(?:[ ()/]?\d){6,}(?!\w|[.:]\d)")
"""Seven digits and more in free text are taken for a customer's number; `1732400000.17` is the name of a call."""


def open_log(config: Config) -> Logger:
    """Return the log of `config`: one file of at most 10 MiB, readable by its owner alone, five older ones kept
    beside it. What integrations and libraries log goes there too, and Python's warnings: nothing to the terminal."""
    path = Path(config.log.file) if config.log.file else None
    if path is None:
        raise ConfigError("key 'log.file': no file is known")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = _PrivateFile(path, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"key 'log.file': {path} cannot be written: {error.strerror}") from None
    handler.setFormatter(logging.Formatter("%(message)s"))
    writer = logging.Logger("supervisor", logging.DEBUG)  # of our own: nothing else writes into it or takes from it
    writer.addHandler(handler)
    level = getattr(logging, config.log.level.upper())
    logger = structlog.wrap_logger(
        writer,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            _failure,
            _cleaner(config.log.customer_data),
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    told = cast(Logger, logger)
    _take_in(told, level)
    return told


def _take_in(logger: Logger, level: int) -> None:
    """Have `logger` write what is logged by way of the standard library: by integrations from its own `level` on, by
    others from warnings on."""
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, _Forwarding)]:
        root.removeHandler(handler)
    root.addHandler(_Forwarding(logger))
    logging.getLogger("integrations").setLevel(level)
    logging.captureWarnings(True)


class _Forwarding(logging.Handler):
    """Hands lines of the standard library's loggers on to ours, so that they are made safe and stripped as all are."""

    def __init__(self, logger: Logger) -> None:
        super().__init__()
        self._logger = logger

    def emit(self, record: logging.LogRecord) -> None:
        try:
            words = record.getMessage()
        except Exception:  # its arguments do not fit: the template alone then
            words = str(record.msg)
        error = record.exc_info[1] if record.exc_info else None
        self._logger.log(record.levelno, words, logger=record.name, exc_info=error)


class _PrivateFile(RotatingFileHandler):
    """A log file that only its owner reads; a full disk loses lines, it does not stop the program or write to its
    terminal."""

    def _open(self) -> Any:
        return os.fdopen(
            os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600),
            "a",
            encoding="utf-8",
        )

    def handleError(self, record: logging.LogRecord) -> None:
        """Drop the line: there is no better place to say that it cannot be kept."""


def _failure(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace an exception by its kind and the places it passed through."""
    told = event.pop("exc_info", None)
    error = told if isinstance(told, BaseException) else _current() if told else None
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        event["error"] = type(error).__name__
        event["passed"] = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
    return event


def _current() -> BaseException | None:
    import sys

    return sys.exception()


def _cleaner(customer_data: bool) -> Any:
    """Return the step that makes every value safe and strikes out what is not to be logged."""

    def clean(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {safe(key): value(str(key), content) for key, content in event.items()}

    def value(key: str, content: Any) -> Any:
        if _SECRET.search(key) or (not customer_data and key in _ABOUT_CUSTOMERS):
            return HIDDEN
        if isinstance(content, (list, tuple, set, frozenset)):
            return [value(key, item) for item in content]
        if isinstance(content, dict):
            return {safe(inner): value(str(inner), item) for inner, item in content.items()}
        if content is None or isinstance(content, (bool, int, float)):
            return content
        text = str(content)
        for secret in SECRETS_READ:
            text = text.replace(secret, HIDDEN)
        return safe(text if customer_data else _NUMBER.sub(HIDDEN, text))

    return clean
