"""What a morning report is made of."""

from datetime import date
from statistics import fmean

import msgspec

from schemas.reviews import Polarity, RiskTicket
from schemas.times import Timestamp

_WEEK = 7


class Series(msgspec.Struct, frozen=True):
    """Reviews of one thing on each of the `days`, nights that were run; the last is the date."""

    name: str
    days: tuple[str, ...]
    reviews: tuple[int, ...]
    polarity: str = ""

    @property
    def today(self) -> int:
        """On the date."""
        return self.reviews[-1]

    @property
    def mean(self) -> float | None:
        """Of the nights before; None if there are none."""
        return fmean(self.reviews[:-1]) if len(self.reviews) > 1 else None

    @property
    def weekday_mean(self) -> float | None:
        """Of the nights before that have the same weekday; None if there are none."""
        days = [date.fromisoformat(day) for day in self.days]
        before = zip(days[:-1], self.reviews[:-1], strict=True)
        same = [count for day, count in before if (days[-1] - day).days % _WEEK == 0]
        return fmean(same) if same else None


class Risen(msgspec.Struct, frozen=True):
    """An attribute that is spoken of more than before, in all products if `product` is None.

    Other fields as in `agents.reviews.rises.Rise`.
    """

    product: str | None
    attribute: str
    polarity: Polarity
    reviews: int
    expected: float
    rate: float
    usual: float
    lift: float
    score: float


class Quote(msgspec.Struct, frozen=True):
    """An excerpt, redacted; `cause`: why the author is not content, where a model was asked."""

    source: str
    time: Timestamp
    text: str
    cause: str = ""


class Complaint(msgspec.Struct, frozen=True):
    """An attribute that reviews of a product find bad; `quotes` of different authors."""

    attribute: str
    reviews: int
    quotes: tuple[Quote, ...]


class Complaints(msgspec.Struct, frozen=True):
    """A product with `negative` among its `reviews`, and what they are about, most first."""

    product: str
    reviews: int
    negative: int
    about: tuple[Complaint, ...]


class Campaign(msgspec.Struct, frozen=True):
    """A ticket of a campaign, and its reviews of the date: how many, by whom, on what, when."""

    ticket: RiskTicket
    reviews: int
    authors: int
    products: tuple[str, ...]
    first: Timestamp
    last: Timestamp


class Coverage(msgspec.Struct, frozen=True):
    """What became of every record that was `read`, counted in the table and not as we were told."""

    read: int
    labelled: int
    open: dict[str, int]
    refused: dict[str, int]

    @property
    def missing(self) -> int:
        """Records that are in no row; less than 0: rows of no record."""
        return self.read - self.labelled - sum(self.open.values()) - sum(self.refused.values())
