"""What aiohttp logs of requests that are no HTTP, without what strangers wrote in them."""

import logging


class _Terse(logging.Filter):
    """aiohttp shows the line that it could not read, which may be a token, with a stack."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        record.msg, record.args, record.exc_info = "a request could not be read", (), None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.why = type(error).__name__
        return True


def terse_logger() -> logging.Logger:
    """For aiohttp's request handler; its lines are written once in ten seconds (streams.logs)."""
    logger = logging.getLogger("aiohttp.gateway")
    if not logger.filters:
        logger.addFilter(_Terse())
    return logger
