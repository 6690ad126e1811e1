"""What the gateway needs of whoever carries a turn to the assistant and its reply back."""

from collections.abc import Callable, Mapping
from typing import Protocol

from schemas.turns import Part, Reply, Turn

OnPart = Callable[[Part], None]
"""Called for each part before the reply; it must not block."""


class Asking(Protocol):
    """Carries turns; safe to be used by many at the same time."""

    @property
    def ready(self) -> bool:
        """Whether `ask` may be expected to work."""
        ...

    async def ask(
        self,
        turn: Turn,
        *,
        deadline_ms: int,
        trace: Mapping[str, str],
        on_part: OnPart | None = None,
    ) -> Reply:
        """The reply; `deadline_ms` is absolute, `trace` holds W3C headers.

        Raises the errors of streams.requests: NotReady, Overloaded, BrokerAway, NoReply.
        """
        ...
