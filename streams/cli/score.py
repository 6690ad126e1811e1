"""`groundswell score`: reported incidents against the truth of a simulation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from streams.simulation.scoring import Score, Share


@click.command()
@click.option(
    "--incidents",
    "incidents_file",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Incident revisions, one JSON a line (the form on the topic incidents).",
)
@click.option(
    "--truth",
    "truth_file",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="truth.json of groundswell simulate.",
)
@click.option(
    "--json",
    "json_file",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="Write the same figures as JSON.",
)
def score(incidents_file: Path, truth_file: Path, json_file: Path | None) -> None:
    """Say how good reported incidents are.

    A reported incident finds an injected one if the product is the same, its onset estimate or
    opened_at lies between 5 minutes before the onset and 15 after the end, it was not detected
    before the onset, and at least half of its evidence texts hold a term of the theme. Slice,
    change and theme are read from its last revision published within 10 minutes after detection.
    A second incident for the same injected one is a duplicate, not a false one.

    Detection, delay, slice and change are figures about detectable incidents: an excess of at
    least 6 standard deviations of the theme's background and at least 15 authors.
    """
    import msgspec

    from streams.simulation import BadFile, read_truth
    from streams.simulation.matching import read_incidents
    from streams.simulation.scoring import score as figures_of

    figures = figures_of(read_incidents(incidents_file), read_truth(truth_file))
    show(figures)
    if json_file is not None:
        try:
            json_file.write_bytes(msgspec.json.format(msgspec.json.encode(figures), indent=1))
        except OSError as error:
            raise BadFile(f"cannot write {json_file}: {error.strerror}") from None


def show(figures: Score) -> None:
    """Print the table."""
    from rich.console import Console
    from rich.table import Table

    table = Table("figure", "value", "count", box=None)
    for name, share in _shares(figures):
        percent = share.percent
        shown = "-" if percent is None else f"{percent:.1f} %"
        table.add_row(name, shown, f"{share.right} of {share.of}")
    delays = (
        ("delay from onset, median", figures.delay_median),
        ("delay from onset, p95", figures.delay_p95),
        ("delay after detectable, median", figures.delay_median_after_detectable),
        ("delay after detectable, p95", figures.delay_p95_after_detectable),
    )
    for name, minutes in delays:
        table.add_row(name, "-" if minutes is None else f"{minutes:.1f} min", "")
    table.add_row(
        "false incidents per product and week",
        f"{figures.false_per_product_week:.2f}",
        f"{figures.false_incidents} in {figures.product_weeks:.2f} product-weeks",
    )
    counts = (
        ("duplicates (not false)", figures.duplicates),
        ("first night of a recurring burst (not false)", figures.first_bursts),
        ("false in the history (not scored)", figures.in_history),
    )
    for name, count in counts:
        table.add_row(name, str(count), "")
    Console().print(table)


def _shares(figures: Score) -> list[tuple[str, Share]]:
    return [
        ("detectable incidents found", figures.detected),
        *((f"  all of wanted size {size} sd", share) for size, share in figures.by_size.items()),
        *((f"  all of {length} minutes", share) for length, share in figures.by_duration.items()),
        ("slice, top 1", figures.slice_top1),
        ("slice, top 3", figures.slice_top3),
        ("abstained where there is no slice", figures.abstained),
        ("right change named first", figures.change_named),
        ("traffic surges wrongly alarmed", figures.surges_alarmed),
        ("later nights of a recurring burst alarmed", figures.later_bursts),
    ]
