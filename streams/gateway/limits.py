"""How much one user and one tenant may ask for, in this gateway."""

import time
from collections import Counter
from collections.abc import Callable

from streams.gateway.problems import Refused
from streams.gateway.tokens import Caller

_WINDOW = 60.0
_SOCKET_WAIT = 30.0


class Minute:
    """At most so many in a minute that moves: the last one counts by the share that is left of it.

    Two numbers a key and no sweeping. `limits` keeps every time and sweeps all keys from a thread a
    hundred times a second: a third of a core with 10,000 users.
    """

    def __init__(self, most: int, clock: Callable[[], float]) -> None:
        self._most = most
        self._clock = clock
        self._window = 0
        self._last: Counter[str] = Counter()
        self._now: Counter[str] = Counter()

    def take(self, key: str) -> float:
        """0 if there was one left; else seconds until there is."""
        window, within = divmod(self._clock(), _WINDOW)
        if window != self._window:
            self._last = self._now if window == self._window + 1 else Counter()
            self._window, self._now = int(window), Counter()
        last, now = self._last[key], self._now[key]
        if last * (1 - within / _WINDOW) + now + 1 <= self._most:
            self._now[key] = now + 1
            return 0.0
        if now < self._most:
            # Enough of the last minute has to move out.
            return (1 - (self._most - now - 1) / last) * _WINDOW - within
        return _WINDOW - within + (1 - (self._most - 1) / now) * _WINDOW


class Limits:
    """Turns a minute and sockets; every gateway counts for itself."""

    def __init__(
        self,
        user_turns: int,
        tenant_turns: int,
        user_sockets: int,
        sockets: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._users = Minute(user_turns, clock)
        self._tenants = Minute(tenant_turns, clock)
        self._user_sockets = user_sockets
        self._most_sockets = sockets
        self._sockets: Counter[str] = Counter()
        self.open_sockets = 0

    def turn(self, caller: Caller) -> None:
        """Count a turn. Raises Refused."""
        if wait := self._users.take(_key(caller)):
            raise _too_many("for one person", wait)
        if wait := self._tenants.take(caller.tenant):
            raise _too_many("for all of this tenant", wait)

    def open(self, caller: Caller) -> None:
        """Count a socket. Raises Refused."""
        if self.open_sockets >= self._most_sockets:
            raise Refused("overloaded", "no more connections here", _SOCKET_WAIT)
        user = _key(caller)
        if self._sockets[user] >= self._user_sockets:
            raise Refused(
                "too-many-sockets", f"at most {self._user_sockets} for one person", _SOCKET_WAIT
            )
        self._sockets[user] += 1
        self.open_sockets += 1

    def close(self, caller: Caller) -> None:
        """A counted socket is gone."""
        user = _key(caller)
        self.open_sockets -= 1
        self._sockets[user] -= 1
        if not self._sockets[user]:
            del self._sockets[user]


def _key(caller: Caller) -> str:
    # With its length, so that no tenant can be named like the start of another one's user.
    return f"{len(caller.tenant)}:{caller.tenant}:{caller.user}"


def _too_many(whose: str, wait: float) -> Refused:
    return Refused("too-many-turns", f"the minute's turns {whose} are used up", max(wait, 1.0))
