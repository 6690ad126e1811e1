"""What a report tells, taken from the tables at one moment."""

from dataclasses import dataclass
from pathlib import Path

from schemas.nights import NightAccount
from schemas.reviews import RiskTicket
from sinks.reviews.figures import Campaign, Complaints, Coverage, Risen, Series
from sinks.reviews.history import morning


@dataclass(frozen=True)
class Facts:
    """One night and the four weeks before it."""

    account: NightAccount
    coverage: Coverage
    volume: Series
    sentiments: dict[str, Series]
    aspects: list[Series]
    products: list[Series]
    risen: list[Risen]
    risen_products: list[Risen]
    complaints: list[Complaints]
    campaigns: list[Campaign]
    tickets: list[RiskTicket]

    @property
    def nights_before(self) -> int:
        """With how many nights this one is compared."""
        return len(self.volume.days) - 1


def facts_of(file: Path, date: str) -> Facts:
    """Of a night in the DuckDB file. Raises SinkError."""
    with morning(file, date) as found:
        return Facts(
            account=found.account(),
            coverage=found.coverage(),
            volume=found.volume(),
            sentiments={series.name: series for series in found.series("sentiment")},
            aspects=found.series("aspect"),
            products=found.products(),
            risen=found.risen(),
            risen_products=found.risen_products(),
            complaints=found.complaints(),
            campaigns=found.campaigns(),
            tickets=found.tickets(),
        )
