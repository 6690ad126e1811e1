"""When a server that fails is left alone.

Not purgatory: its circuit reads the wall clock itself, counts only failures in a row, and lets
everybody through at once when it tries again.
"""

from collections import deque
from typing import Literal

State = Literal["closed", "open", "trying"]

_IN_A_ROW = 5
_WINDOW = 20
_SHARE = 0.5
REST_MS = 30_000


class Breaker:
    """Opens after five failures in a row, or when more than half of the last 20 calls failed.

    Open, it lets one call through every `rest_ms`; the first that succeeds closes it.
    """

    def __init__(self, rest_ms: int = REST_MS) -> None:
        self._rest_ms = rest_ms
        self._outcomes: deque[bool] = deque(maxlen=_WINDOW)
        self._in_a_row = 0
        self._tried_ms = 0
        self.state: State = "closed"

    def allows(self, now_ms: int) -> bool:
        """Whether a call may be made now."""
        if self.state == "closed":
            return True
        if now_ms - self._tried_ms < self._rest_ms:
            return False
        # Counted from here, not from the outcome: a call that is given up must not block the next.
        self._tried_ms = now_ms
        self.state = "trying"
        return True

    def succeeded(self) -> None:
        """A call was answered."""
        if self.state != "closed":
            self._outcomes.clear()
        self.state = "closed"
        self._in_a_row = 0
        self._outcomes.append(True)

    def failed(self, now_ms: int) -> None:
        """A call was not answered."""
        self._in_a_row += 1
        self._outcomes.append(False)
        full = len(self._outcomes) == _WINDOW
        many = full and self._outcomes.count(False) > _SHARE * _WINDOW
        if self.state == "closed":
            if self._in_a_row < _IN_A_ROW and not many:
                return
            self._tried_ms = now_ms
        self.state = "open"
