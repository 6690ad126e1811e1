"""The morning in a terminal: what somebody reads before the first coffee."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sinks.plain import clean
from streams.reviews.report.facts import Facts
from streams.reviews.report.overview import left, severities
from streams.reviews.report.verdict import HEADS, Level, Name, Verdict, calm, still_early, verdict
from streams.reviews.report.words import Clock, about, counted, long_day, money, percent, took

_RISEN, _TICKETS, _PRODUCTS, _CAMPAIGNS = 6, 8, 4, 3
_CUT = 160
"""Characters of a text that are shown."""
_STYLES: dict[Level, str] = {"alarm": "bold red", "attention": "bold yellow", "quiet": "bold green"}
_SEVERITIES = {"critical": "bold red", "error": "red", "warning": "yellow", "info": "dim"}
Row = Sequence[str | Text]


def tell(facts: Facts, console: Console, name: Name) -> None:
    """Print it; `name`: what people call an attribute."""
    clock = Clock(facts.account.zone)
    console.print(Text.assemble((f"Reviews of {long_day(facts.account.date)}", "bold")))
    _judged(console, facts, verdict(facts, name, clock), clock)
    _print(console, "", _figures(facts))
    rose = f"What rose ({len(facts.risen):,})" if facts.risen else "What rose"
    _print(console, rose, _risen(facts, name))
    _print(console, f"Tickets ({len(facts.tickets):,})", _tickets(facts, clock))
    _print(console, "Why reviews are bad", _complaints(facts, name))
    _print(console, "Campaigns", _campaigns(facts, clock))


def _judged(console: Console, facts: Facts, found: Verdict, clock: Clock) -> None:
    console.print()
    console.print(Text(HEADS[found.level], _STYLES[found.level]))
    if not found.notices:
        console.print(Text(calm(facts, clock)))
        return
    rows: list[Row] = []
    for one in found.notices:
        sign = "!" if one.level == "alarm" else "-"
        said = f"{one.text} ({one.more})" if one.more else one.text
        rows.append((Text(sign, _STYLES[one.level]), said))
    _grid(console, rows)


def _figures(facts: Facts) -> Iterable[Row]:
    volume, negative = facts.volume, facts.compared(facts.sentiment("negative"))
    account, coverage = facts.account, facts.coverage
    mean = f"usually {about(volume.mean)}" if volume.mean is not None else "the first night"
    usual = f"usually {percent(negative.usual)}" if negative.usual is not None else ""
    copied = sum(one.reviews for one in facts.campaigns)
    yield "reviews", f"{volume.today:,}", mean
    yield "negative", percent(negative.share), usual
    yield "tickets", f"{len(facts.tickets):,}", severities(facts)
    yield "campaigns", f"{len(facts.campaigns):,}", counted(copied, "review")
    yield "read", f"{coverage.read:,}", f"{coverage.labelled:,} labelled, {left(facts)}"
    asked = f"cost {money(account.cost)}, {account.answered:,} of {account.asked:,} answered"
    spent = asked if account.asked else "no language model asked"
    yield "time", took(sum(account.seconds.values())), spent


def _risen(facts: Facts, name: Name) -> Iterable[Row]:
    if not facts.risen:
        early = facts.nights_before and still_early(facts)
        yield (early or "nothing, beyond chance",)
    for one in facts.risen[:_RISEN]:
        where = "all products" if one.product is None else one.product or "no product named"
        times = Text(f"{one.lift:.1f}x", "red" if one.polarity == "negative" else "green")
        what = f"{name(one.attribute)}, {one.polarity}"
        yield times, f"{one.reviews:,} for {about(one.expected)}", what, where


def _tickets(facts: Facts, clock: Clock) -> Iterable[Row]:
    if not facts.tickets:
        yield ("none",)
    for one in facts.tickets[:_TICKETS]:
        severity = Text(one.severity, _SEVERITIES[one.severity])
        yield severity, f"due {clock.moment(one.due)}", one.title
    if (more := len(facts.tickets) - _TICKETS) > 0:
        yield "", "", f"and {more:,} more"


def _complaints(facts: Facts, name: Name) -> Iterable[Row]:
    for one in facts.complaints[:_PRODUCTS]:
        about_what = ", ".join(f"{name(each.attribute)} {each.reviews:,}" for each in one.about)
        count = f"{one.negative:,} of {one.reviews:,}"
        yield count, clean(one.product, 24) or "no product", about_what or "no attribute named"


def _campaigns(facts: Facts, clock: Clock) -> Iterable[Row]:
    for one in facts.campaigns[:_CAMPAIGNS]:
        who = counted(one.authors, "author")
        yield clock.span(one.first, one.last), who, one.ticket.title


def _print(console: Console, title: str, rows: Iterable[Row]) -> None:
    found = list(rows)
    if found:
        console.print()
        if title:
            console.print(Text(title, "bold"))
        _grid(console, found)


def _grid(console: Console, rows: Sequence[Row]) -> None:
    """The last column takes what is left, and is folded. No invisible character gets through."""
    grid = Table.grid(padding=(0, 2))
    for _ in range(max(map(len, rows)) - 1):
        grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for row in rows:
        grid.add_row(*(Text(clean(cell, _CUT)) if isinstance(cell, str) else cell for cell in row))
    console.print(grid)
