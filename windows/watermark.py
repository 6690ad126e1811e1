"""The watermark of one input partition, computed only from its records, in order."""

from schemas.times import MINUTE_MS


class Watermark:
    """Event time seen so far, less the allowed lateness.

    `closed_through` is the last epoch minute that lies wholly before it; 0 before any record.
    """

    __slots__ = ("_next_close_ms", "closed_through", "lateness_ms", "seen_ms")

    def __init__(self, lateness_ms: int, seen_ms: int = 0, closed_through: int = 0) -> None:
        self.lateness_ms = lateness_ms
        self.seen_ms = seen_ms
        self.closed_through = closed_through
        self._next_close_ms = self._close_ms(closed_through) if closed_through else 0

    def _close_ms(self, closed_through: int) -> int:
        """The event time at which one more minute closes."""
        return (closed_through + 2) * MINUTE_MS + self.lateness_ms

    def advance(self, ms: int) -> bool:
        """Take an event time in epoch milliseconds; true if a minute has closed."""
        if ms > self.seen_ms:
            self.seen_ms = ms
            if ms >= self._next_close_ms:
                return self.close((ms - self.lateness_ms) // MINUTE_MS - 1)
        return False

    def close(self, minute: int) -> bool:
        """Close every minute up to `minute`, whatever has been seen; true if that is news."""
        if minute <= self.closed_through:
            return False
        self.closed_through = minute
        self._next_close_ms = self._close_ms(minute)
        return True
