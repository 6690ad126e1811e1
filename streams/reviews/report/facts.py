"""What a report tells, taken from the tables at one moment."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from schemas.nights import NightAccount
from schemas.reviews import RiskTicket
from sinks.reviews.figures import Campaign, Complaints, Coverage, Risen, Series
from sinks.reviews.history import morning

SENTIMENTS = ("negative", "mixed", "neutral", "positive")


class Compared(NamedTuple):
    """A count beside what is usual; the usual ones are None if no night was before.

    `share`, `usual`: of all reviews, 0 to 1; `expected`: the usual share of today's reviews.
    """

    today: int
    share: float
    usual: float | None
    expected: float | None


@dataclass(frozen=True)
class Facts:
    """One night and the four weeks before it."""

    account: NightAccount
    coverage: Coverage
    volume: Series
    sentiments: dict[str, Series]
    statuses: dict[str, Series]
    aspects: list[Series]
    risen: list[Risen]
    complaints: list[Complaints]
    campaigns: list[Campaign]
    tickets: list[RiskTicket]

    @property
    def nights_before(self) -> int:
        """With how many nights this one is compared."""
        return len(self.volume.days) - 1

    @property
    def calendar(self) -> list[str]:
        """Every day from the first night compared to this one, also those without a night."""
        first, last = (date.fromisoformat(self.volume.days[n]) for n in (0, -1))
        return [str(first + timedelta(n)) for n in range((last - first).days + 1)]

    def sentiment(self, name: str) -> Series:
        """That of a sentiment; all 0 if there was none."""
        days = self.volume.days
        return self.sentiments.get(name, Series(name, days, (0,) * len(days)))

    def compared(self, series: Series) -> Compared:
        """The last day of a series of reviews beside the days before."""
        today, before = self.volume.today, sum(self.volume.reviews[:-1])
        usual = sum(series.reviews[:-1]) / before if before else None
        return Compared(
            series.today,
            series.today / today if today else 0.0,
            usual,
            None if usual is None else usual * today,
        )

    def shares(self, series: Series) -> list[float]:
        """Of all reviews of each night, 0 to 1."""
        pairs = zip(series.reviews, self.volume.reviews, strict=True)
        return [count / of if of else 0.0 for count, of in pairs]


def facts_of(file: Path, date: str) -> Facts:
    """Of a night in the DuckDB file. Raises SinkError."""
    with morning(file, date) as found:
        return Facts(
            account=found.account(),
            coverage=found.coverage(),
            volume=found.volume(),
            sentiments={series.name: series for series in found.series("sentiment")},
            statuses={series.name: series for series in found.series("status")},
            aspects=found.series("aspect"),
            risen=[*found.risen(), *found.risen_products()],
            complaints=found.complaints(),
            campaigns=found.campaigns(),
            tickets=found.tickets(),
        )
