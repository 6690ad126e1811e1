"""`groundswell reviews`: the nightly check, its schedule, its report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from streams.cli.options import cluster, connect

if TYPE_CHECKING:
    from datetime import date

    from rich.console import Console

    from streams.cli.night_bars import NightBars
    from streams.reviews.config import ReviewsConfig
    from streams.reviews.shop import Outcome, Shop
    from streams.settings import Settings

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

    config, settings = _read(file, bootstrap, prefix)
    if daemon:
        _daily(config, settings, processes, at, catch_up)
        return
    console = Console(highlight=False)
    nights = _nights(config, day, last)
    with _shop(config, settings, processes) as (shop, bars):
        for night in nights:
            _tell(_run(shop, bars, night), console)
    _summary(config, nights[-1], console)


@reviews.command()
@_config
@_date
@click.option("--open", "show", is_flag=True, help="Show the page in a browser.")
def report(file: Path, day: str, show: bool) -> None:
    """Write the morning's page of a night that was run, and sum it up."""
    from rich.console import Console

    from streams.reviews.asking.folder import told
    from streams.reviews.report import write_page

    config, _ = _read(file, None, None)
    (night,) = _nights(config, day, None)
    with told(config.out):
        path = write_page(config, str(night))
    _summary(config, night, Console(highlight=False))
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

    config, settings = _read(file, bootstrap, prefix)
    (night,) = _nights(config, day, None)
    console = Console(highlight=False)
    with _shop(config, settings, processes) as (shop, bars):
        taken = shop.take(night, files)
        new = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(taken.new.items()))
        console.print(
            f"{taken.lines:,} lines: {new or 'nothing new'}; {taken.known:,} known,"
            f" {taken.unknown:,} of no question of this night, {taken.unreadable:,} unreadable",
            soft_wrap=True,
        )
        _tell(_run(shop, bars, night), console)
    _summary(config, night, console)


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
        config, settings = _read(file, None, None)
        with _shop(config, settings, processes) as (shop, _):
            outcomes = [shop.run(night) for night in made.dates]
        _tell(outcomes[-1], console)
        _summary(config, made.last, console)
        if folder is None:
            console.print("It goes with the demo; groundswell reviews demo --out shop keeps it.")
        if show or (show is None and sys.stdout.isatty()):
            click.launch(page_of(config, str(made.last)).as_uri())
            if folder is None:
                click.pause("The report is open; any key ends the demo and removes it.")


def _read(file: Path, bootstrap: str | None, prefix: str | None) -> tuple[ReviewsConfig, Settings]:
    import os

    from streams.errors import OperatorError
    from streams.reviews.config import read_config
    from streams.settings import load

    if not file.exists():
        raise OperatorError(f"there is no {file}: groundswell reviews init writes an example")
    settings = load(overrides={"bootstrap": bootstrap, "prefix": prefix})
    return read_config(file, os.environ), settings


def _nights(config: ReviewsConfig, day: str, last: str | None) -> list[date]:
    from datetime import timedelta

    from sinks.clock import now_ms
    from streams.reviews.day import Day, parse_date
    from streams.reviews.errors import BadDate

    first = parse_date(day, now_ms(), config.zone)
    end = parse_date(last, now_ms(), config.zone) if last else first
    if end < first:
        raise BadDate(f"--to {end} is before --date {first}")
    if Day(end, config.zone).end_ms > now_ms():
        raise BadDate(f"{end} is not over yet in {config.zone.key}: run its night tomorrow")
    return [first + timedelta(days=n) for n in range((end - first).days + 1)]


@contextmanager
def _shop(
    config: ReviewsConfig, settings: Settings, processes: int | None
) -> Iterator[tuple[Shop, NightBars]]:
    import os

    from rich.console import Console

    from streams.cli.night_bars import NightBars
    from streams.reviews.shop import Shop

    with (
        NightBars(Console(stderr=True, highlight=False)) as bars,
        Shop(
            config,
            settings,
            lambda: connect(settings),
            bars,
            processes or os.cpu_count() or 1,
        ) as shop,
    ):
        yield shop, bars


def _run(shop: Shop, bars: NightBars, night: date) -> Outcome:
    outcome = shop.run(night)
    # Two who write to one terminal get into each other's lines.
    bars.rest()
    return outcome


def _daily(
    config: ReviewsConfig, settings: Settings, processes: int | None, at: str, catch_up: int
) -> None:
    from rich.console import Console

    from sinks.clock import now_ms
    from streams.cli.stop import Stop
    from streams.reviews.day import parse_at
    from streams.reviews.report import page_of
    from streams.reviews.schedule import Daily
    from streams.reviews.shop import is_settled

    console, time, stop = Console(highlight=False), parse_at(at), Stop()

    def one(night: date) -> None:
        # Between the nights nothing is held: neither memory nor processes.
        with stop.at_work(), _shop(config, settings, processes) as (shop, bars):
            _tell(_run(shop, bars, night), console)

    def failed(night: date, error: Exception, again_s: float) -> None:
        what = str(error) or type(error).__name__
        click.echo(f"{night} failed: {what}; again in {again_s / 60:.0f} min", err=True)

    def given_up(night: date) -> None:
        click.echo(
            f"{night} is given up: groundswell reviews run --date {night} makes up for it", err=True
        )

    click.echo(f"nights at {time:%H:%M} {config.zone.key} (Ctrl-C ends)")
    Daily(
        one,
        time,
        config.zone,
        # One that late reviews may still come to is looked at again in a minute.
        lambda night: page_of(config, str(night)).exists() or not is_settled(config, night),
        catch_up,
        now_ms,
        stop.wait,
        failed,
        given_up,
    ).forever()


def _tell(outcome: Outcome, console: Console) -> None:
    """One night in a line or two."""
    from streams.reviews.report.words import counted

    account = outcome.account
    seconds = sum(account.seconds.values())
    console.print(
        f"{account.date}: {counted(account.read, 'review')} in {seconds:,.1f} s;"
        f" {account.labelled:,} labelled, {account.open:,} open,"
        f" {sum(account.refused.values()):,} refused; {counted(account.tickets, 'ticket')},"
        f" {counted(account.campaigns, 'campaign')};"
        f" {'nothing new' if outcome.written.is_none else 'written'}",
        soft_wrap=True,
    )
    if account.asked:
        console.print(
            f"  model: {account.asked:,} asked, {account.answered:,} answered,"
            f" {account.calls:,} calls, cost {account.cost:,.2f}"
        )
    elif account.left_to_rules:
        console.print(f"  {account.left_to_rules:,} uncertain ones were left to rules: no model")
    if outcome.mended:
        console.print(f"  {outcome.mended:,} texts had broken characters (encoding?)")
    for file in outcome.files:
        console.print(f"  to be sent: {file}", soft_wrap=True, markup=False)
    if outcome.why:
        console.print(f"  the asking ended early: {outcome.why}", soft_wrap=True, markup=False)


def _summary(config: ReviewsConfig, night: date, console: Console) -> None:
    from streams.reviews.report import page_of, sum_up

    sum_up(config, str(night), console)
    console.print(f"report: {page_of(config, str(night))}", soft_wrap=True, markup=False)
