"""What the commands of `groundswell reviews` do with nights, and how they tell of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from streams.cli.options import connect

if TYPE_CHECKING:
    from datetime import date

    from rich.console import Console

    from streams.cli.night_bars import NightBars
    from streams.reviews.config import ReviewsConfig
    from streams.reviews.shop import Outcome, Shop
    from streams.settings import Settings


def read(file: Path, bootstrap: str | None, prefix: str | None) -> tuple[ReviewsConfig, Settings]:
    """The file of the reviews and the settings. Raises OperatorError, SinkError."""
    import os

    from streams.errors import OperatorError
    from streams.reviews.config import read_config
    from streams.settings import load

    if not file.exists():
        raise OperatorError(f"there is no {file}: groundswell reviews init writes an example")
    settings = load(overrides={"bootstrap": bootstrap, "prefix": prefix})
    return read_config(file, os.environ), settings


def nights_of(config: ReviewsConfig, day: str, last: str | None) -> list[date]:
    """Every day from one to another, all of them over. Raises BadDate."""
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
def shop_of(
    config: ReviewsConfig, settings: Settings, processes: int | None
) -> Iterator[tuple[Shop, NightBars]]:
    """The nights of a shop, and the bars that show them."""
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


def run_night(shop: Shop, bars: NightBars, night: date) -> Outcome:
    """One night; the terminal is free when it is over."""
    outcome = shop.run(night)
    # Two who write to one terminal get into each other's lines.
    bars.rest()
    return outcome


def run_daily(
    config: ReviewsConfig, settings: Settings, processes: int | None, at: str, catch_up: int
) -> None:
    """Every night at its time, until asked to stop."""
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
        with stop.at_work(), shop_of(config, settings, processes) as (shop, bars):
            tell(run_night(shop, bars, night), console)

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


def tell(outcome: Outcome, console: Console) -> None:
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


def summarise(config: ReviewsConfig, night: date, console: Console) -> None:
    """The morning in short, and where its page is."""
    from streams.reviews.report import page_of, sum_up

    sum_up(config, str(night), console)
    console.print(f"report: {page_of(config, str(night))}", soft_wrap=True, markup=False)
