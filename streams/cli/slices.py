"""`groundswell slices`: for whom a value in a CSV rose or fell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from streams.explanation import Explanation


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--time", required=True, metavar="COL", help="Column of the time.")
@click.option(
    "--onset",
    required=True,
    metavar="T",
    help="When it began, written like the times of the file or as 2026-11-20T09:14Z.",
)
@click.option(
    "--value",
    metavar="COL",
    help="Column of what rose or fell: complaints, failures, orders. Without it every row is one"
    " event.",
)
@click.option(
    "--count",
    metavar="COL",
    help="Column of what the value is a part of: users, requests. Then the rate is explained.",
)
@click.option("--until", metavar="T", help="End of the time to explain (default: where clearest).")
@click.option("--ignore", metavar="COL", multiple=True, help="No attribute; may be repeated.")
@click.option(
    "--top", default=5, show_default=True, type=click.IntRange(1, 100), help="Slices to list."
)
@click.option("--time-format", metavar="FORMAT", help="strptime format of the times.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for machines.")
def slices(
    file: Path,
    time: str,
    onset: str,
    value: str | None,
    count: str | None,
    until: str | None,
    ignore: tuple[str, ...],
    top: int,
    time_format: str | None,
    as_json: bool,
) -> None:
    """Say for whom a value in FILE rose or fell, or that no attribute explains it.

    FILE is a CSV with a header and one row per time and combination of attributes, or one row per
    event. Every column that no option names is an attribute. What is named is the combination of
    one to three attribute values that holds the change: not shorter, not longer.

    Rows before the onset say what is usual: the same hours of earlier days if there are two days
    of them, else what came just before. With --count the rate is compared, so that more users are
    no cause of more complaints.

    It abstains, with the reason and exit code 0, if nothing changed, if chance can explain the
    best slice, or if everything rose alike: then the cause is outside of the attributes.

    \b
    groundswell slices orders.csv --time minute --onset "2026-11-20 09:14" \\
        --value failed --count orders
    """
    import msgspec

    from streams.explanation import explain_file

    found = explain_file(
        file,
        time=time,
        onset=onset,
        value=value,
        count=count,
        until=until,
        ignore=ignore,
        top=top,
        time_format=time_format,
    )
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=1))
    else:
        _show(found)


def _show(found: Explanation) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False, soft_wrap=True)
    many = found.change == "rise"
    console.print(
        f"{found.start} to {found.end}: {found.observed:,.6g} observed, {found.expected:,.6g}"
        f" expected from {found.basis}.",
    )
    if found.abstained:
        console.print(f"[bold]No slice is named:[/] {escape(found.reason)}.")
    else:
        console.print(f"[bold]{'Rise' if many else 'Fall'}:[/] {escape(found.reason)}.")
    if found.candidates:
        rated = found.candidates[0].rate is not None
        table = Table("slice", f"of the {found.change}", "observed", "expected", box=None)
        if rated:
            table.add_column("rate")
            table.add_column("usual rate")
        table.add_column("score")
        for one in found.candidates:
            cells = [
                escape(", ".join(f"{name}={value}" for name, value in one.attributes.items())),
                f"{one.share:.0%}",
                f"{one.observed:,.6g}",
                f"{one.expected:,.6g}",
            ]
            if rated:
                cells += [f"{one.rate:.3%}", f"{one.usual_rate:.3%}"]
            table.add_row(*cells, f"{one.score:.1f}")
        console.print(table)
    for name, why in found.left_out.items():
        console.print(f"[dim]column {escape(name)} left out: {why}[/]")
    for why, rows in found.skipped.items():
        console.print(f"[dim]{rows:,} rows left out: {escape(why)}[/]")
