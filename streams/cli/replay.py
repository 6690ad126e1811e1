"""`groundswell replay`: a stretch of history again, and what two of them differ in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from streams.cli.options import Span, cluster, connect

if TYPE_CHECKING:
    from streams.replay.job import Job
    from streams.replay.plan import Range


@click.group(invoke_without_command=True)
@click.option("--from", "start", metavar="T0", help="First moment, UTC unless it says otherwise.")
@click.option("--to", "stop", metavar="T1", help="The moment before which it ends.")
@click.option(
    "--topics",
    metavar="NAME,...",
    multiple=True,
    help="Inputs to read (default all), such as feedback.app,changes.",
)
@click.option("--product", "products", metavar="NAME", multiple=True, help="Only of this product.")
@click.option(
    "--warm-up",
    type=Span(),
    metavar="SPAN",
    default=None,
    help="Read as much before T0 to learn what is usual, such as 7d; nothing is told of it.",
)
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Put incidents.jsonl, replay.json and the work here.",
)
@click.option("--to-topic", metavar="NAME", help="Publish the revisions on a topic of their own.")
@click.option("--dry-run", is_flag=True, help="Print the plan and stop.")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=None,
    help="Work in so many processes (default: one a processor).",
)
@click.option(
    "--chunk",
    type=click.IntRange(min=100),
    default=20_000,
    show_default=True,
    help="Records of a partition after which work is kept on disk.",
)
@cluster
@click.pass_context
def replay(
    context: click.Context,
    start: str | None,
    stop: str | None,
    topics: tuple[str, ...],
    products: tuple[str, ...],
    warm_up: int | None,
    out: Path | None,
    to_topic: str | None,
    dry_run: bool,
    processes: int | None,
    chunk: int,
    bootstrap: str | None,
    prefix: str | None,
) -> None:
    """Run the agents over a stretch of history, without touching the live group or its topics.

    The plan comes first: what will be read, by the times of the records, and where it ends. The
    same command goes on where it was interrupted, also after a kill. Use the settings of the
    worker: then it says what a live worker says over these records.

    \b
    groundswell replay --from 2026-11-20T00:00Z --to 2026-11-21T00:00Z --warm-up 7d --out before
    groundswell replay diff before after
    """
    if context.invoked_subcommand is not None:
        return
    if start is None or stop is None:
        raise click.UsageError("give --from and --to")
    if out is None and to_topic is None and not dry_run:
        raise click.UsageError("give --out, --to-topic or both")
    from streams.replay.planning import names_of
    from streams.replay.publishing import check_name, check_topic
    from streams.replay.replay import Request, prepare
    from streams.settings import load

    settings = load(overrides={"bootstrap": bootstrap, "prefix": prefix})
    if to_topic is not None:
        check_name(to_topic, settings.prefix)
    names = names_of([n.strip() for given in topics for n in given.split(",")], settings.prefix)
    asked = _asked(start, stop, warm_up, names, products)
    request = Request(connect(settings), settings, asked, _work(out), chunk)
    if to_topic is not None:
        check_topic(request.cluster, to_topic)
    job = prepare(request, begin=not dry_run)
    _replay(job, out, to_topic, processes or os.cpu_count() or 1, dry_run=dry_run)


def _asked(
    start: str, stop: str, warm_up: int | None, names: tuple[str, ...], products: tuple[str, ...]
) -> Range:
    from streams.replay.plan import Range

    return Range(
        start_ms=_moment("--from", start),
        stop_ms=_moment("--to", stop),
        warm_up=warm_up or 0,
        topics=names,
        products=tuple(sorted({_product(given) for given in products})),
    )


def _product(given: str) -> str:
    """As intake knows it."""
    from agents.intake.readings import name
    from streams.replay.errors import CannotReplay

    if not (found := name(given)):
        raise CannotReplay(f"--product {given!r}: no name")
    return found


def _moment(option: str, text: str) -> int:
    from streams.moments import Moments
    from streams.replay.errors import CannotReplay

    try:
        return Moments().ms(text)
    except ValueError:
        raise CannotReplay(f"{option} {text}: no time; write 2026-11-20T09:14Z") from None


def _work(out: Path | None) -> Path:
    """Where work folders are; without --out beside the data of the embedded broker."""
    from streams.broker import default_home

    return out / "work" if out is not None else default_home().parent / "replay"


def _replay(
    job: Job, out: Path | None, to_topic: str | None, processes: int, *, dry_run: bool
) -> None:
    import time

    from streams.cli.replay_bars import replay_bars
    from streams.cli.replay_words import console, show_account, show_plan
    from streams.replay.account import INCIDENTS, is_of, read_account, write_result
    from streams.replay.publishing import publish
    from streams.replay.replay import alone, is_complete, run
    from streams.replay.said import said

    show_plan(job.plan)
    if dry_run:
        console().print("that is the plan; nothing was done")
        return
    folder = job.folder if out is None else out
    account = read_account(folder)
    if account is not None and to_topic is not None and not is_complete(job):
        # What is published stands in the work folder, which may have been deleted.
        account = None
    if account is None or not is_of(account, job.plan):
        began = time.monotonic()
        try:
            with replay_bars() as show:
                run(job, processes, show)
        except KeyboardInterrupt:
            click.echo("stopped; what is done is kept: the same command goes on", err=True)
            raise
        account = write_result(job, folder, time.monotonic() - began)
    else:
        console().print("it was done before")
    show_account(account, str(folder / INCIDENTS))
    if to_topic is not None:
        # Two at a time would both find that nothing is there.
        with alone(job):
            written, there = publish(job.cluster, to_topic, lambda: said(job))
        console().print(f"{'topic':11} {to_topic}: {written} revisions written, {there} were there")


@replay.command()
@click.argument("before", metavar="A", type=click.Path(exists=True, path_type=Path))
@click.argument("after", metavar="B", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for machines.")
@click.pass_context
def diff(context: click.Context, before: Path, after: Path, as_json: bool) -> None:
    """Say what B has otherwise than A: incidents gained, lost, detected earlier or later.

    A and B are folders of replays, or files of revisions, one JSON a line, such as that of
    `groundswell tail incidents --json --once`. Exit code 0: they are the same, 1: they differ,
    2: one of them holds no incidents.
    """
    import msgspec

    from streams.cli.replay_words import show_diff
    from streams.replay.diff import compare
    from streams.replay.stories import read_telling

    found = compare(read_telling(before), read_telling(after))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found.plain()), indent=1))
    else:
        show_diff(found)
    context.exit(0 if found.is_empty else 1)
