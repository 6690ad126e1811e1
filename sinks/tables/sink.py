"""What all receivers that are tables have in common."""

from abc import abstractmethod
from collections.abc import Sequence

from schemas.incidents import Incident
from sinks.sink import Sink
from sinks.tables.rows import storable


class TableSink(Sink):
    """Takes every revision, many at once; a repetition changes nothing.

    What an administrator can put right is Unreachable, so that nothing is lost meanwhile; only
    revisions that no table takes are Rejected.
    """

    every_revision = True
    batch = 500

    @abstractmethod
    async def _store(self, incidents: Sequence[Incident]) -> None:
        """All of them, or an error: then the same again. Raises Unreachable, Rejected."""

    async def deliver(self, incidents: Sequence[Incident], now_ms: int) -> None:  # noqa: ARG002
        """Store them. Raises Unreachable, or Rejected if a value of one of them fits nowhere."""
        await self._store([storable(incident) for incident in incidents])
