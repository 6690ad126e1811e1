"""What is known of one theme at the end of one minute; the lifecycle needs nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.incidents.clues import Look, no_clues
from agents.incidents.evidence import Voice
from schemas.changes import Change
from schemas.incidents import Course, Scale, Slice, Threshold
from windows.authors import AuthorSketch, Estimate


@dataclass(frozen=True)
class Facts:
    """One theme of one product, `minute` (epoch minutes) being the last one that has closed.

    Counts, authors, channels and texts (`voices`) are those from the onset on, `window` minutes.
    `scales`: how much its slice was up over each time scale, `threshold` what that is held against.
    `surge`: the product as a whole is written about many times more than usual. `template`: what
    all lines of a log theme say, with `<*>` for the rest. `course`: its last minutes, an hour at
    most. `names`: the attributes that events of the product record. `look`: looks for more around
    it.
    """

    product: str
    minute: int
    cluster_id: str
    terms: tuple[str, ...]
    distance: float
    alarm: bool
    quiet: bool
    score: float
    window: int
    count: float
    expected: float
    onset_minute: int
    earliest_minute: int
    authors: AuthorSketch
    channels: dict[str, int]
    services: dict[str, int]
    voices: Sequence[Voice]
    slice: Slice
    changes: Sequence[Change]
    threshold: Threshold
    scales: tuple[Scale, ...] = ()
    surge: bool = False
    template: str = ""
    course: Course | None = None
    names: tuple[str, ...] = ()
    look: Look = no_clues

    @property
    def people(self) -> Estimate:
        """Distinct authors; a large sketch may estimate more of them than there are reports."""
        most = max(1, round(self.count))
        return Estimate(*(min(most, people) for people in self.authors.estimate()))

    @property
    def excess(self) -> float:
        """Reports beyond the expected ones; below 0 if there are fewer."""
        return self.count - self.expected

    @property
    def lift(self) -> float:
        """Observed over expected, held finite for a theme never seen before."""
        return self.count / max(self.expected, 0.1)
