"""`groundswell simulate`: feedback, logs and changes with incidents in them, and the truth."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import click


class _Moment(click.ParamType):
    """An RFC 3339 time with offset; converts to epoch milliseconds."""

    name = "RFC3339"

    def convert(
        self, value: str | int, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        from schemas.times import parse_ms

        try:
            return value if isinstance(value, int) else parse_ms(value)
        except ValueError:
            self.fail(f"{value!r} is no time like 2026-01-05T00:00:00Z", param, ctx)


@click.command()
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where to write; created if missing.",
)
@click.option("--seed", default=1, show_default=True, help="Same arguments, same bytes.")
@click.option("--hours", default=3.0, show_default=True, help="Hours with incidents.")
@click.option(
    "--products",
    default=3,
    show_default=True,
    metavar="K",
    help="wallet, video, shop, then recombined ones.",
)
@click.option(
    "--rate",
    default=600.0,
    show_default=True,
    metavar="EVENTS_PER_MINUTE",
    help="All products together, mean over a week without incidents.",
)
@click.option(
    "--start",
    "start_ms",
    default="2026-01-05T00:00:00Z",
    show_default=True,
    type=_Moment(),
    help="First minute.",
)
@click.option(
    "--history-days",
    default=0,
    show_default=True,
    metavar="D",
    help="Days without incidents before the hours, so that there is a baseline.",
)
@click.option(
    "--incidents",
    type=int,
    metavar="N",
    help="How many to inject; default one per product and 2.5 hours.",
)
@click.option("--force", is_flag=True, help="Write into DIR even if it is not empty.")
def simulate(
    folder: Path,
    seed: int,
    hours: float,
    products: int,
    rate: float,
    start_ms: int,
    history_days: int,
    incidents: int | None,
    force: bool,
) -> None:
    """Write simulated input, one JSONL file per topic, and the truth about it.

    Each line of feedback.app, feedback.web, feedback.tickets, feedback.social, logs.errors and
    changes is one message as a producer sends it, in order of arrival: Chinese and English,
    with duplicates, spam, late, out-of-order and broken records, traffic surges and a job that
    fails every night.

    truth.json says what was put in: every incident with onset, size, slice, cause and change,
    whether it can be found at all, and how many records of each sort every file holds.

    Without --history-days the first 75 minutes (or the first third of a short run) are quiet.
    Memory: about 150 bytes an event, so 5 million events need 1 GB.

    \b
    Example: groundswell simulate --seed 7 --hours 6 --out /tmp/run
             groundswell analyse /tmp/run --incidents found.jsonl
             groundswell score --incidents found.jsonl --truth /tmp/run/truth.json
    """
    from streams.simulation import BadFile, Scenario
    from streams.simulation import simulate as run

    scenario = Scenario(
        seed=seed,
        hours=hours,
        products=products,
        rate=rate,
        start_ms=start_ms,
        history_days=history_days,
        incidents=incidents,
    )
    if not force and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadFile(f"{folder} is not an empty folder; name another one or add --force")
    simulation = run(scenario)
    with _bar(simulation.total) as advance:
        simulation.write(folder, advance)
    truth = simulation.truth
    detectable = sum(incident.detectable for incident in truth.incidents)
    click.echo(
        f"{simulation.total} messages on {len(truth.topics)} topics, {len(truth.incidents)} "
        f"incidents ({detectable} detectable), {len(truth.surges)} surges: {folder}"
    )


@contextlib.contextmanager
def _bar(total: int) -> Iterator[Callable[[int], None]]:
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("writing", total=total)
        yield lambda count: bar.advance(task, count)
