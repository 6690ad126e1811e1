"""`groundswell reviews`: the nightly check, its schedule, its report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from streams.cli.nights import nights_of, read, run_daily, run_night, shop_of, summarise, tell
from streams.cli.options import cluster

F = TypeVar("F", bound=Callable[..., Any])
FILE = "reviews.toml"


@click.group()
def reviews() -> None:
    """Check the reviews of a day: labels, tickets, campaigns, a morning report.

    One TOML file says where the reviews are and where the results go: begin with
    `groundswell reviews init`. docs/reviews.md is the way through a first night.
    """


def _config(command: F) -> F:
    return click.option(
        "--config",
        "file",
        type=click.Path(path_type=Path),
        default=FILE,
        show_default=True,
        help="The file of the reviews.",
    )(command)


_processes = click.option(
    "--processes",
    type=click.IntRange(1, 64),
    help="That check side by side; one for each processor if left out.",
)
_date = click.option(
    "--date",
    "day",
    default="yesterday",
    show_default=True,
    metavar="DATE",
    help="YYYY-MM-DD, or yesterday, in the shop's time zone.",
)


@reviews.command()
@click.argument("file", type=click.Path(path_type=Path), default=FILE)
def init(file: Path) -> None:
    """Write an example of the file of the reviews to FILE, every line explained."""
    from streams.errors import OperatorError
    from streams.reviews.config import example

    try:
        with file.open("x", encoding="utf-8") as made:
            made.write(example())
    except FileExistsError:
        raise OperatorError(f"{file} is there already: name another file") from None
    except OSError as error:
        raise OperatorError(f"cannot write {file}: {error.strerror}") from None
    click.echo(f"wrote {file}: name your reviews in it, then: groundswell reviews run")


@reviews.command()
@cluster
@_config
@_date
@click.option("--to", "last", metavar="DATE", help="Every night from --date to this one.")
@_processes
@click.option("--daemon", is_flag=True, help="Stay, and run every night; --date means nothing.")
@click.option("--at", default="02:00", show_default=True, help="With --daemon: when, HH:MM.")
@click.option(
    "--catch-up",
    type=click.IntRange(0, 366),
    default=7,
    show_default=True,
    help="With --daemon: nights before the last one that are run if they were missed.",
)
def run(
    bootstrap: str | None,
    prefix: str | None,
    file: Path,
    day: str,
    last: str | None,
    processes: int | None,
    daemon: bool,
    at: str,
    catch_up: int,
) -> None:
    """Run the night of a day: read its reviews, check, compare, label, write, report.

    The same night again changes nothing; one that was stopped goes on where it was.
    """
    from rich.console import Console

    config, settings = read(file, bootstrap, prefix)
    if daemon:
        run_daily(config, settings, processes, at, catch_up)
        return
    console = Console(highlight=False)
    nights = nights_of(config, day, last)
    with shop_of(config, settings, processes) as (shop, bars):
        for night in nights:
            tell(run_night(shop, bars, night), console)
    summarise(config, nights[-1], console)


@reviews.command()
@_config
@_date
@click.option("--open", "show", is_flag=True, help="Show the page in a browser.")
def report(file: Path, day: str, show: bool) -> None:
    """Write the morning's page of a night that was run, and sum it up."""
    from rich.console import Console

    from streams.reviews.asking.folder import told
    from streams.reviews.report import write_page

    config, _ = read(file, None, None)
    (night,) = nights_of(config, day, None)
    with told(config.out):
        path = write_page(config, str(night))
    summarise(config, night, Console(highlight=False))
    if show:
        click.launch(path.as_uri())


@reviews.command()
@cluster
@_config
@_date
@_processes
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def answers(
    bootstrap: str | None,
    prefix: str | None,
    file: Path,
    day: str,
    processes: int | None,
    files: tuple[Path, ...],
) -> None:
    """Take in the result and error FILES of a night's batch, and run that night again with them.

    In any order, as often as you like: what was taken before changes nothing.
    """
    from rich.console import Console

    config, settings = read(file, bootstrap, prefix)
    (night,) = nights_of(config, day, None)
    console = Console(highlight=False)
    with shop_of(config, settings, processes) as (shop, bars):
        taken = shop.take(night, files)
        new = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(taken.new.items()))
        console.print(
            f"{taken.lines:,} lines: {new or 'nothing new'}; {taken.known:,} known,"
            f" {taken.unknown:,} of no question of this night, {taken.unreadable:,} unreadable",
            soft_wrap=True,
        )
        tell(run_night(shop, bars, night), console)
    summarise(config, night, console)


@reviews.command()
@click.option("--seed", default=8, show_default=True, help="Another seed, another shop.")
@click.option(
    "--reviews",
    "count",
    default=2_000,
    show_default=True,
    type=click.IntRange(1, 5_000_000),
    help="Of each day.",
)
@click.option(
    "--nights",
    default=28,
    show_default=True,
    type=click.IntRange(0, 60),
    help="Before the last one.",
)
@_processes
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path),
    help="Folder of the shop; else one that goes when the demo ends.",
)
@click.option(
    "--open/--no-open",
    "show",
    default=None,
    help="Show the report in a browser; by default if this is a terminal.",
)
def demo(
    seed: int,
    count: int,
    nights: int,
    processes: int | None,
    folder: Path | None,
    show: bool | None,
) -> None:
    """Make up a shop, run its nights, and show the report of the last one.

    Campaigns, suspected fakes, banned words, adverts and broken texts are among the reviews; on the
    last day many customers complain of one bad batch. No language model is asked. With --out the
    folder stays: exports, reviews.toml, tables, reports; run its nights again, or change the rules
    and see what becomes of them.
    """
    import sys
    from contextlib import ExitStack
    from tempfile import TemporaryDirectory

    from rich.console import Console

    from sinks.clock import now_ms
    from streams.cli.progress import progress
    from streams.reviews.day import yesterday, zone_of
    from streams.reviews.demonstration import ZONE, Demonstration
    from streams.reviews.report import page_of

    console = Console(highlight=False)
    with ExitStack() as stack:
        place = folder or Path(stack.enter_context(TemporaryDirectory(prefix="groundswell-")))
        made = Demonstration(seed, count, nights, yesterday(now_ms(), zone_of(ZONE)))
        with progress() as report:
            file = made.write(place, lambda day: report(f"making up the reviews of {day}"))
        config, settings = read(file, None, None)
        with shop_of(config, settings, processes) as (shop, _):
            outcomes = [shop.run(night) for night in made.dates]
        tell(outcomes[-1], console)
        summarise(config, made.last, console)
        if folder is None:
            console.print("It goes with the demo; groundswell reviews demo --out shop keeps it.")
        if show or (show is None and sys.stdout.isatty()):
            click.launch(page_of(config, str(made.last)).as_uri())
            if folder is None:
                click.pause("The report is open; any key ends the demo and removes it.")
