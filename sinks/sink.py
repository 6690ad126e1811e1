"""What every receiver of incidents can do; who runs them gives nothing else to one."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from schemas.incidents import Incident


class Sink(ABC):
    """One receiver.

    `every_revision`: it is given each revision; else only the latest one of an incident, so that
    a receiver that was away is told how things are now. `batch`: the most revisions of one call.
    `remind_seconds`: how often `remind` is called, 0 for never.
    """

    every_revision: ClassVar[bool] = False
    batch: ClassVar[int] = 1
    remind_seconds: float = 0.0

    async def start(self) -> None:
        """Get ready. Raises Unreachable or Rejected."""
        return

    async def stop(self) -> None:
        """Let go of everything; safe to call twice."""
        return

    @abstractmethod
    async def deliver(self, incidents: Sequence[Incident], now_ms: int) -> None:
        """Carry revisions on, oldest first; a repetition does no harm.

        Raises Unreachable (the same again later) or Rejected (never again).
        """

    async def remind(self, unresolved: Sequence[Incident], now_ms: int) -> None:  # noqa: ARG002
        """Say again what is still so, for receivers that forget. Raises as `deliver` does."""
        return
