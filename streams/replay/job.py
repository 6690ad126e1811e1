"""What the processes of a replay are told, and where they leave their work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from agents.detect.rules import DetectRules
from agents.intake.rules import IntakeRules
from sinks.cluster import Cluster
from streams.replay.chunks import Chunks
from streams.replay.plan import Plan
from windows.alignment import Source

CHUNK = 20_000
"""Offsets of a partition between two points from which reading can go on."""
PATIENCE = 120.0
"""Seconds to wait for a broker that does not answer."""

SIGNALS = "signals"
DETECT = "detect"
"""Folders of what the two stages leave."""

Report = Callable[[int], None]
"""Told how far a task has come."""


@dataclass(frozen=True)
class Job:
    """`folder`: where the work is. `save_seconds`: between two snapshots of a shard."""

    plan: Plan
    folder: Path
    cluster: Cluster
    intake: IntakeRules
    detect: DetectRules
    save_seconds: float
    chunk: int = CHUNK
    patience: float = PATIENCE

    def chunks(self, source: Source) -> Chunks:
        """The signals of an input partition."""
        return Chunks(self.folder / SIGNALS / f"{source[0]}-{source[1]}")

    def heard(self) -> set[str]:
        """Some products of which there are records; of those that are asked for, all."""
        lasts = [self.chunks(source).last() for source in self.plan.sources]
        return {product for chunk in lasts if chunk for product in chunk.products}

    def unknown(self) -> tuple[str, ...]:
        """Products that are asked for, and of which there is no record."""
        heard = self.heard()
        return tuple(name for name in self.plan.range.products if name not in heard)

    def shard(self, number: int, suffix: str) -> Path:
        """A file of a shard."""
        return self.folder / DETECT / f"{number}.{suffix}"
