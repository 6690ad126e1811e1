"""`groundswell-edge update`: the newest rules and models, from the topic, a mirror or a stick."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edge.cli.opening import HOST, home_option

if TYPE_CHECKING:
    from edge.settings import Home
    from edge.updates.client import Outcome, Progress
    from edge.updates.source import Source

WAITING = 10
"""Exit code of --check if there is something to install."""
_TOPIC = "topic"
_MOST_SETTINGS = 1 << 16


@click.command()
@home_option
@click.option(
    "--from",
    "source",
    metavar="topic|URL|FOLDER",
    help="Where to look; without it, where device.json says, else the topic.",
)
@click.option("--check", is_flag=True, help="Only look: exit code 10 if there is an update.")
@click.option("--status", is_flag=True, help="What runs, and what was found last; reads no source.")
@click.option("--again", is_flag=True, help="Also a version that has failed on this device before.")
@click.option(
    "--bootstrap", envvar="GROUNDSWELL_BOOTSTRAP", metavar="HOST:PORT", help="Brokers of the topic."
)
@click.option("--prefix", envvar="GROUNDSWELL_PREFIX", default="", help="Of the topic's name.")
@click.option(
    "--kafka-config",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Login of the topic: lines name=value as librdkafka has them.",
)
def update(
    home: Path | None,
    source: str | None,
    check: bool,
    status: bool,
    again: bool,
    bootstrap: str | None,
    prefix: str,
    kafka_config: Path | None,
) -> None:
    """Fetch, verify and install the newest rules and models, if they are for this device.

    Nothing about the device or its records is sent. Stop it whenever you like and run it again: it
    goes on where it was, and what runs is always a whole version, the old one or the new one. A
    new version that fails its own test, or two starts, goes back by itself.

    Exit codes: 3 the source is away or incomplete, 4 it is not what the publisher signed, 5 it is
    too old, 6 the new version failed its test; what ran runs on.
    """
    from edge.settings import Home

    place = Home.of(os.environ, home)
    if status:
        _show_status(place)
        return
    from agents.models import fingerprint
    from edge.updates import selftest
    from edge.updates.client import Client
    from edge.updates.deciding import Verdict
    from edge.updates.device import read_device
    from edge.updates.slot import Marking

    device = read_device(place.device)
    chosen = source or device.source or _TOPIC
    opened = _open(chosen, bootstrap, prefix, kafka_config)
    try:
        with _shown() as progress:
            outcome = Client(
                place,
                device,
                app=version("groundswell"),
                now_ms=HOST.now_ms(),
                self_test=selftest.run,
                marking=Marking(fingerprint, device.key),
                progress=progress,
            ).update(opened, check=check, again=again)
    finally:
        opened.close()
    if outcome.behind_ms:
        hours = outcome.behind_ms / 3_600_000
        click.echo(
            f"ALARM: the clock of this device is at least {hours:.1f} hours behind: set it"
            " · 警告：本机时钟落后，请校正",
            err=True,
        )
    click.echo(said(outcome, check=check))
    if check and outcome.verdict is Verdict.INSTALL:
        raise click.exceptions.Exit(WAITING)


def said(outcome: Outcome, *, check: bool = False) -> str:
    """What happened, in one line."""
    from edge.updates.deciding import Verdict

    share = f"{outcome.fetched / 1e3:,.1f} kB of {outcome.whole / 1e3:,.1f} kB"
    away = ""
    if outcome.back:
        away = f"{outcome.before} was withdrawn and no longer runs · 版本已撤回；"
    runs = f"{outcome.after} runs"
    match outcome.verdict:
        case Verdict.INSTALL if check:
            told = f"{outcome.release} is waiting, {share} to fetch; {runs} · 有可用更新"
        case Verdict.INSTALL:
            told = f"updated {outcome.before} → {outcome.after}, {share} fetched · 已更新"
        case Verdict.CURRENT:
            told = f"up to date: {runs} · 已是最新"
        case Verdict.LATER:
            told = f"{outcome.release} has not reached this device yet: {runs} · 尚未推送到本机"
        case Verdict.TOO_OLD:
            told = (
                f"{outcome.release} needs application {outcome.least_app} or later: {runs}"
                " · 请先升级应用"
            )
        case Verdict.FAILED:
            told = (
                f"{outcome.release} failed here before: {runs}; --again tries it"
                " · 该版本曾在本机失败"
            )
        case Verdict.WITHDRAWN:
            told = f"{outcome.release} is withdrawn: {runs} · 该版本已撤回"
    return away + told


def _open(chosen: str, bootstrap: str | None, prefix: str, config: Path | None) -> Source:
    if chosen == _TOPIC:
        from edge.errors import Unreachable

        options = _settings(config) if config else {}
        if bootstrap:
            options["bootstrap.servers"] = bootstrap
        if not options.get("bootstrap.servers"):
            raise Unreachable("name the brokers: --bootstrap HOST:PORT, or --from a URL or folder")
        try:
            from edge.updates.topic import Topic
        except ModuleNotFoundError as error:
            raise Unreachable(
                f"the topic needs {error.name}: pip install 'groundswell[edge-topic]'"
            ) from None
        return Topic(options, prefix)
    if "://" in chosen:
        from edge.updates.mirror import Mirror

        return Mirror(chosen)
    from edge.updates.folder import Folder

    return Folder(Path(chosen))


def _settings(file: Path) -> dict[str, str]:
    from edge.errors import Unreachable

    options = {}
    try:
        with file.open(encoding="utf-8") as opened:
            lines = opened.read(_MOST_SETTINGS).splitlines()
    except UnicodeDecodeError:
        raise Unreachable(f"{file}: no text in UTF-8") from None
    for number, line in enumerate(lines, 1):
        name, equals, value = line.partition("=")
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not equals:
            # The line may hold a password: only its number is told.
            raise Unreachable(f"{file}, line {number}: no name=value")
        options[name.strip()] = value.strip()
    return options


@contextmanager
def _shown() -> Iterator[Progress]:
    """A bar on a terminal, else nothing."""
    from rich.console import Console
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    with Bar(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=1)

        def progress(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=max(total, 1))

        yield progress


def _show_status(home: Home) -> None:
    from edge.updates.checks import last_check
    from edge.updates.slots import Slots

    slots = Slots.of(home)
    state = slots.state()
    trial = "" if state.confirmed else f" (on trial, {state.starts} starts not confirmed)"
    click.echo(f"runs       {slots.version(state)}{trial}")
    if state.current:
        click.echo(f"before     {state.previous or slots.bundled_version}")
    click.echo(f"bundled    {slots.bundled_version}")
    if state.note:
        click.echo(f"last       {state.note}")
    for one in state.failed:
        click.echo(f"failed     {one.version}: {one.why}")
    if state.withdrawn:
        click.echo(f"withdrawn  {', '.join(map(str, state.withdrawn))}")
    last = last_check(home.updates)
    if not last.at_ms:
        click.echo("checked    never")
        return
    click.echo(f"checked    {_time(last.at_ms)} from {last.source}")
    valid = f"valid      until {_time(last.valid_ms)}"
    now_ms = HOST.now_ms()
    if max(now_ms, last.released_ms) >= last.valid_ms:
        valid += ": over, so look again before anything is installed; what runs goes on"
    click.echo(valid)
    if now_ms < last.released_ms:
        click.echo("ALARM      the clock of this device is behind · 本机时钟落后")


def _time(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
