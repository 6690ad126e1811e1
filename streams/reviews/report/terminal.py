"""The morning in a terminal: what somebody reads before the first coffee."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from streams.reviews.report.facts import Facts
from streams.reviews.report.sections import Name

_RISEN, _TICKETS, _PRODUCTS = 6, 8, 4


def tell(facts: Facts, console: Console, name: Name) -> None:
    """Print it."""
    account, volume, coverage = facts.account, facts.volume, facts.coverage
    usual = f" (usually {volume.mean:,.0f})" if volume.mean is not None else ""
    bad = facts.sentiments.get("negative")
    share = 100 * bad.today / volume.today if bad and volume.today else 0.0
    console.print(
        f"[bold]{account.date}[/] {volume.today:,} reviews{usual}, {share:.0f} % negative;"
        f" {len(facts.tickets):,} tickets, {len(facts.campaigns):,} campaigns"
    )
    console.print(
        f"accounted for: {coverage.read:,} read = {coverage.labelled:,} labelled +"
        f" {sum(coverage.open.values()):,} open + {sum(coverage.refused.values()):,} refused"
        + (f" + [red]{coverage.missing:,} missing[/]" if coverage.missing else "")
    )
    for one in [*facts.risen, *facts.risen_products][:_RISEN]:
        of = escape(one.product) if one.product is not None else "all products"
        console.print(
            f"rose: {escape(name(one.attribute))}, {one.polarity}, {of}: {one.reviews:,} instead"
            f" of {one.expected:,.1f}"
        )
    for product in facts.complaints[:_PRODUCTS]:
        about = ", ".join(f"{name(one.attribute)} {one.reviews:,}" for one in product.about)
        console.print(
            f"bad: {escape(product.product) or 'no product'}: {product.negative:,} of"
            f" {product.reviews:,}; {escape(about) or 'no attribute named'}"
        )
    if facts.tickets:
        console.print(_tickets(facts))


def _tickets(facts: Facts) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for head in ("severity", "due (UTC)", "ticket"):
        table.add_column(head, no_wrap=head != "ticket")
    for one in facts.tickets[:_TICKETS]:
        table.add_row(one.severity, one.due[:16].replace("T", " "), escape(one.title))
    more = len(facts.tickets) - _TICKETS
    if more > 0:
        table.add_row("", "", f"and {more:,} more")
    return table
