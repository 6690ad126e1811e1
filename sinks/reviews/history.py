"""A night read back from the DuckDB file, with the four weeks before it."""

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, get_args

import duckdb
import msgspec

from agents.reviews.rises import MANY_SCORE, MIN_COUNT, Rise, rises
from schemas.nights import NightAccount, decode_account
from schemas.reviews import RiskTicket, decode_ticket
from schemas.times import format_ms
from sinks.errors import CannotRead
from sinks.reviews.documents import document, selected
from sinks.reviews.figures import Campaign, Complaint, Complaints, Coverage, Risen, Series
from sinks.reviews.merging import literals
from sinks.reviews.night import check_date
from sinks.reviews.quotes import quotes
from sinks.reviews.tables import DAYS, LABELS, NIGHTS, PRODUCT_DAYS, TICKETS, Table
from sinks.tables.duck import opened, words

Measure = Literal["reviews", "status", "channel", "lang", "sentiment", "aspect", "finding"]
WINDOW_DAYS = 28
_PRODUCTS_OF_A_CAMPAIGN = 5


class Morning:
    """The figures of `date` and of the nights in the WINDOW_DAYS before it, `days` in all.

    A day without a night is left out: it is not known to have had no reviews.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, date: str) -> None:
        self._connection = connection
        self.date = date
        first = datetime.date.fromisoformat(date) - datetime.timedelta(WINDOW_DAYS)
        self._within = f"date BETWEEN DATE '{first}' AND DATE '{date}'"
        self._today = f"date = {literals([date])}"
        ask = f"SELECT date::TEXT FROM {NIGHTS.name} WHERE {self._within} ORDER BY date"
        self.days = tuple(day for (day,) in self._ask(ask))

    def account(self) -> NightAccount:
        """What the night itself says."""
        (found,) = self._documents(NIGHTS, "date")
        return decode_account(found)

    def tickets(self) -> list[RiskTicket]:
        """The worst first."""
        severities = "['critical', 'error', 'warning', 'info']"
        order = f"list_position({severities}, severity), reviews DESC, ticket_id"
        return [decode_ticket(found) for found in self._documents(TICKETS, order)]

    def campaigns(self) -> list[Campaign]:
        """The largest first."""
        ask = (
            "SELECT campaign, count(*), count(DISTINCT author), epoch_ms(min(time)),"
            f" epoch_ms(max(time)) FROM {LABELS.name}"
            f" WHERE {self._today} AND campaign <> '' GROUP BY campaign"
        )
        found = {row[0]: row[1:] for row in self._ask(ask)}
        ask = (
            f"SELECT campaign, product FROM {LABELS.name} WHERE {self._today} AND campaign <> ''"
            " GROUP BY ALL ORDER BY campaign, count(*) DESC, product"
        )
        products: dict[str, list[str]] = {}
        for campaign, product in self._ask(ask):
            products.setdefault(campaign, []).append(product)
        result = []
        for ticket in self.tickets():
            if ticket.kind == "campaign":
                reviews, authors, first, last = found.get(ticket.ticket_id, (0, 0, None, None))
                result.append(
                    Campaign(
                        ticket,
                        reviews,
                        authors,
                        tuple(products.get(ticket.ticket_id, ())[:_PRODUCTS_OF_A_CAMPAIGN]),
                        ticket.first if first is None else format_ms(first),
                        ticket.last if last is None else format_ms(last),
                    )
                )
        return sorted(result, key=lambda one: (-one.reviews, one.ticket.ticket_id))

    def coverage(self) -> Coverage:
        """Every record that was read, by what became of it."""
        ask = f"SELECT status, reason, count(*) FROM {LABELS.name} WHERE {self._today} GROUP BY ALL"
        rows = sorted(self._ask(f"{ask} ORDER BY ALL"))
        of = {
            status: {reason: count for what, reason, count in rows if what == status}
            for status in ("labelled", "open", "refused")
        }
        read = self.account().read
        return Coverage(read, sum(of["labelled"].values()), of["open"], of["refused"])

    def series(self, measure: Measure) -> list[Series]:
        """Of each name (and polarity) that was counted in these days, most of today first."""
        assert measure in get_args(Measure)
        rows = self._ask(
            f"SELECT name, polarity, date::TEXT, reviews FROM {DAYS.name}"
            f" WHERE measure = '{measure}' AND {self._within}"
        )
        return self._series(rows)

    def volume(self) -> Series:
        """All reviews but those refused."""
        found = self.series("reviews")
        return found[0] if found else Series("", self.days, (0,) * len(self.days))

    def products(self, most: int = 20) -> list[Series]:
        """Reviews of the products that have most of today."""
        rows = self._ask(
            f"SELECT product, '', date::TEXT, reviews FROM {PRODUCT_DAYS.name}"
            f" WHERE measure = 'reviews' AND {self._within} AND product IN"
            f" (SELECT product FROM {PRODUCT_DAYS.name} WHERE measure = 'reviews'"
            f" AND {self._today} ORDER BY reviews DESC, product LIMIT {most:d})"
        )
        return self._series(rows)

    def risen(self) -> list[Risen]:
        """Attributes that rose in all products together, the most surprising first."""
        series = self.series("aspect")
        found = rises([one.reviews for one in series], self.volume().reviews)
        return [_risen(None, series[one.row], one) for one in found]

    def risen_products(self) -> list[Risen]:
        """Attributes that rose in one product, the most surprising first."""
        names = f"SELECT product, name, polarity FROM {PRODUCT_DAYS.name} WHERE measure = 'aspect'"
        ask = (
            f"SELECT product, name, polarity, date::TEXT, reviews FROM {PRODUCT_DAYS.name}"
            f" WHERE measure = 'aspect' AND {self._within} AND (product, name, polarity) IN"
            f" ({names} AND {self._today} AND reviews >= {MIN_COUNT})"
        )
        counts = self._by_product(ask)
        ask = (
            f"SELECT product, '', '', date::TEXT, reviews FROM {PRODUCT_DAYS.name}"
            f" WHERE measure = 'reviews' AND {self._within}"
        )
        totals = {product: one.reviews for product, (one,) in self._by_product(ask).items()}
        pairs = [(product, one) for product in sorted(counts) for one in counts[product]]
        found = rises(
            [one.reviews for _, one in pairs],
            [totals[product] for product, _ in pairs],
            min_score=MANY_SCORE,
        )
        return [_risen(*pairs[one.row], one) for one in found]

    def complaints(self, products: int = 10, attributes: int = 3) -> list[Complaints]:
        """What negative reviews of the products with most of them are about, with quotes."""
        table = f"{PRODUCT_DAYS.name} WHERE {self._today}"
        rows = self._ask(
            "SELECT product, sum(reviews) FILTER (WHERE measure = 'reviews'),"
            " sum(reviews) FILTER (WHERE name = 'negative' AND measure = 'sentiment') AS bad"
            f" FROM {table} GROUP BY product HAVING bad > 0"
            f" ORDER BY bad DESC, product LIMIT {products:d}"
        )
        about = self._ask(
            f"SELECT product, name, reviews FROM {table} AND measure = 'aspect'"
            " AND polarity = 'negative' AND list_contains($1, product) QUALIFY row_number()"
            f" OVER (PARTITION BY product ORDER BY reviews DESC, name) <= {attributes:d}"
            " ORDER BY product, reviews DESC, name",
            [[product for product, _, _ in rows]],
        )
        said = quotes(self._connection, self.date, [(product, name) for product, name, _ in about])
        return [
            Complaints(
                product,
                int(reviews or 0),
                int(negative),
                tuple(
                    Complaint(name, count, said.get((product, name), ()))
                    for of, name, count in about
                    if of == product
                ),
            )
            for product, reviews, negative in rows
        ]

    def _series(self, rows: Sequence[tuple[Any, ...]]) -> list[Series]:
        found: dict[tuple[str, str], dict[str, int]] = {}
        for name, polarity, day, reviews in rows:
            found.setdefault((name, polarity), {})[day] = reviews
        series = [
            Series(name, self.days, tuple(counts.get(day, 0) for day in self.days), polarity)
            for (name, polarity), counts in found.items()
        ]
        return sorted(series, key=lambda one: (-one.today, one.name, one.polarity))

    def _by_product(self, ask: str) -> dict[str, list[Series]]:
        found: dict[str, list[tuple[Any, ...]]] = {}
        for product, *row in self._ask(ask):
            found.setdefault(product, []).append(tuple(row))
        return {product: self._series(rows) for product, rows in found.items()}

    def _documents(self, table: Table, order: str) -> list[bytes]:
        rows = self._ask(
            f"SELECT {selected(table)} FROM {table.name} AS held"
            f" WHERE held.{self._today} ORDER BY {order}"
        )
        return [document(table, row) for row in rows]

    def _ask(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, list(values)).fetchall()


def _risen(product: str | None, series: Series, rise: Rise) -> Risen:
    fields = {"product": product, "attribute": series.name, "polarity": series.polarity}
    return msgspec.convert(fields | rise._asdict(), Risen)


@contextmanager
def morning(file: Path, date: str) -> Iterator[Morning]:
    """The night of a date. Raises CannotRead if it is not there, Rejected for what is no date."""
    check_date(date)
    run_it = f"run it: groundswell reviews run --date {date}"
    if not file.exists():
        raise CannotRead(f"there is no {file}, so no night yet; {run_it}")
    try:
        with opened(str(file), threads=2, read_only=True) as connection:
            try:
                found = Morning(connection, date)
            except duckdb.CatalogException:
                raise CannotRead(f"{file} has no tables of nights; {run_it}") from None
            if date not in found.days:
                raise CannotRead(f"{file} has no night of {date}; {run_it}")
            yield found
    except duckdb.Error as error:
        raise CannotRead(words(file, error, "read")) from None
