"""One line of the quality table."""

from typing import NamedTuple


class Row(NamedTuple):
    """A figure beside its goal and the best alternative known; ``goal`` None is a report."""

    task: str
    data: str
    measure: str
    value: float
    goal: float | None
    higher_is_better: bool
    alternative: str
