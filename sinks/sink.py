"""What every receiver of incidents can do; who runs them gives nothing else to one."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from schemas.incidents import Incident


class Sink(ABC):
    """One receiver.

    `every_revision`: it is given each revision; else only the latest one of an incident, so that
    a receiver that was away is told how things are now. `batch`: the most revisions of one call.
    `per_minute`: the most calls of a minute unless the file says otherwise, 0 for any number;
    `groups`: what is beyond them comes in one call, else it waits for its turn.
    `remind_seconds`: how often `remind` is called, 0 for never. `answer`: what the receiver said
    last, for a person.
    """

    every_revision: ClassVar[bool] = False
    batch: ClassVar[int] = 1
    per_minute: ClassVar[int] = 0
    groups: ClassVar[bool] = False
    remind_seconds: float = 0.0
    answer: str = ""

    async def start(self) -> None:
        """Get ready. Raises Unreachable or Rejected."""
        return

    async def stop(self) -> None:
        """Let go of everything; safe to call twice."""
        return

    def wants(self, before: Incident | None, now: Incident) -> bool:
        """Whether to deliver it; `before` is what was last delivered of the same incident.

        Not asked if it is given every revision. What is said of an incident after its end is no
        news: its key may belong to the next one by then.
        """
        return before is None or not before.status == now.status == "resolved"

    @abstractmethod
    async def deliver(self, incidents: Sequence[Incident], now_ms: int) -> None:
        """Carry revisions on; a repetition does no harm.

        The oldest first if it is given every revision, else the worst first.
        Raises Unreachable (the same again later) or Rejected (never again).
        """

    async def remind(self, unresolved: Sequence[Incident], now_ms: int) -> None:  # noqa: ARG002
        """Say again what is still so, for receivers that forget. Raises as `deliver` does."""
        return
