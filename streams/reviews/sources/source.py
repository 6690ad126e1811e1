"""What gives the reviews of a day, and the records of which it can make none."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path

from schemas.reviews import Review
from streams.reviews.day import Day
from streams.reviews.errors import BadSource
from streams.reviews.sources.record import Record, Unreadable
from streams.reviews.sources.spool import Spool
from streams.reviews.sources.times import NOT_UNDERSTOOD

Advance = Callable[[int], None]
"""Told now and then how many records have been read."""

_STEP = 1_000
_LEAST = 20
"""Records before we say that their times are written in another way."""


class Source(ABC):
    """The reviews of a shop.

    `mended` counts the reviews of the last day in whose text broken characters were replaced by
    U+FFFD.
    """

    def __init__(self, work: Path, advance: Advance = lambda _: None) -> None:
        """`work`: a folder for what does not fit into memory; it is left empty."""
        self.mended = 0
        self._work = work
        self._advance = advance

    def settled_ms(self, day: Day) -> int:
        """From when on all reviews of the day are there."""
        return day.end_ms

    def reviews(self, day: Day) -> Iterator[Review | Unreadable]:
        """Every record of the day once, by time and coordinates, the undated ones last.

        The same source gives the same twice. Of records with the same id the first is the review.
        Raises BadSource, SourceAway.
        """
        self.mended = 0
        with Spool(self._work) as spool:
            self._fill(spool, day)
            yield from spool.records()

    def _fill(self, spool: Spool, day: Day) -> None:
        strange: Unreadable | None = None
        number = others = 0
        for number, record in enumerate(self._records(day), 1):
            if number % _STEP == 0:
                self._advance(number)
            if record is not None:
                spool.add(record)
                said = record.said
                if isinstance(said, Review):
                    self.mended += "\ufffd" in said.text
                elif said.reason == NOT_UNDERSTOOD:
                    strange = said
                    continue
            others += 1
        if strange is not None and number >= _LEAST and not others:
            raise BadSource(
                f"[columns] time: not one of {number} times is understood, such as"
                f" {strange.detail!r}: set time_format"
            )

    @abstractmethod
    def _records(self, day: Day) -> Iterator[Record | None]:
        """Every record that is read, in any order; None: of another day."""
