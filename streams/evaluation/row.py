"""One line of the quality table."""

from typing import NamedTuple


class Row(NamedTuple):
    """A figure beside its goal and the best alternative known; ``goal`` None is a report.

    ``counted`` says what the figure was taken from, as in "93 of 95"; ``value`` may be nan where
    there was nothing to count.
    """

    task: str
    data: str
    measure: str
    value: float
    goal: float | None
    higher_is_better: bool
    alternative: str
    counted: str = ""
