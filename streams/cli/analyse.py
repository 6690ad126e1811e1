"""`groundswell analyse`: the whole job once over anybody's data."""

from pathlib import Path

import click

from streams.cli.options import check_writable, connect, recorded


@click.command()
@recorded
@click.option(
    "--incidents",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Write every incident revision here, one JSON a line.",
)
@click.option("--bootstrap", metavar="HOST:PORT", help="Kafka to use; else the embedded broker.")
def analyse(
    path: Path,
    channel: str | None,
    product: str | None,
    columns: str | None,
    time_format: str | None,
    incidents: Path,
    bootstrap: str | None,
) -> None:
    """Find the incidents in PATH: a CSV or JSONL file, or a folder with one JSONL per topic.

    Runs a worker on topics of its own, waits until every record is accounted for, and cleans up.

    \b
    groundswell analyse reviews.csv --channel app --product shop \\
        --map text=body,time=created_at,rating=stars --incidents out.jsonl
    """
    from rich.console import Console

    from streams.analyse import Watcher, write_incidents
    from streams.analyse import analyse as run
    from streams.cli.bars import run_bars
    from streams.cli.words import incident_line, show_counts
    from streams.errors import OperatorError
    from streams.play.reading import Reader
    from streams.settings import load

    check_writable("--incidents", incidents)
    settings = load(overrides={"bootstrap": bootstrap})
    reader = Reader(
        path, channel=channel, product=product, columns=columns, time_format=time_format
    )
    console = Console(highlight=False, soft_wrap=True)
    with run_bars(console, reader.bytes_total()) as (played, accounted):
        watcher = Watcher(
            played, accounted, lambda revision: console.print(incident_line(revision))
        )
        found = run(connect(settings), reader, watcher, name="analyse")
    write_incidents(incidents, found.revisions)
    rows = [
        ("left out", ", ".join(f"{n:,} {reason}" for reason, n in found.skipped.items()) or "0"),
        *(("sorted", f"{name}, which was not in order of arrival") for name in reader.sorted),
        ("themes", f"{found.clusters:,}"),
        ("incidents", f"{found.incidents} ({len(found.revisions)} revisions, in {incidents})"),
        ("time", f"{found.seconds:.1f} s, {found.written / found.seconds:,.0f} events/s"),
    ]
    show_counts(console, found.written, found.counters, rows)
    if found.lost:
        raise OperatorError(f"{found.lost} records are not accounted for: please report this")
