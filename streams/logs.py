"""JSON logs, one object a line on standard error."""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb

import msgspec

from schemas.times import format_ms

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
_LIBRARIES = (
    "aiohttp",
    "aiokafka",
    "faust",
    "mode",
    "httpx",
    "httpcore",
    "stamina",
    "opentelemetry",
)
_REST = 10.0
_REMEMBERED = 64


class JsonFormatter(logging.Formatter):
    """time, level, logger, message, whatever `extra` brought, and the exception if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        line = {
            "time": format_ms(int(record.created * 1000)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {k: str(v) for k, v in vars(record).items() if k not in _STANDARD}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        # A file name may hold bytes that are no text; JSON cannot.
        fit = {name: text.encode(errors="replace").decode() for name, text in line.items()}
        return msgspec.json.encode(fit).decode()


def log_failure(logger: logging.Logger, what: str, error: BaseException, **more: str) -> None:
    """What broke where, without the error's words: they may quote what a person said."""
    frames = extract_tb(error.__traceback__)
    where = " < ".join(f"{Path(one.filename).name}:{one.lineno}" for one in frames[:-6:-1])
    logger.error(what, extra={**more, "error": type(error).__name__, "where": where})


class NotAgain(logging.Filter):
    """Lets each line of a library through once in ten seconds.

    A broker that is away makes aiokafka log thousands of equal lines a second.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._said: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to write this record."""
        if not record.name.startswith(_LIBRARIES):
            return True
        line = (record.name, str(record.msg))
        now = self._clock()
        if now - self._said.get(line, -_REST) < _REST:
            return False
        if len(self._said) >= _REMEMBERED:
            self._said = {said: at for said, at in self._said.items() if now - at < _REST}
        self._said[line] = now
        return True


@contextmanager
def hushed() -> Iterator[None]:
    """Nothing is logged below critical until the end of the block: a demo tells by itself."""
    before = logging.root.manager.disable
    logging.disable(logging.ERROR)
    try:
        yield
    finally:
        logging.disable(before)


def set_up(level: str = "info") -> None:
    """Log JSON to standard error; the libraries below us only from warnings on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(NotAgain())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in _LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)
