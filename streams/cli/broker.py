"""`groundswell broker`: the embedded Kafka by hand."""

from __future__ import annotations

from pathlib import Path

import click

from streams.broker import EmbeddedBroker, default_home
from streams.cli.progress import progress

NOT_RUNNING = 3

_home = click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=default_home,
    help="The broker's directory: its data and its logs. By default `broker` in GROUNDSWELL_HOME,"
    " else in ~/.local/state/groundswell.",
)


@click.group()
def broker() -> None:
    """Run a real Apache Kafka of one node on this machine.

    Commands that are given no --bootstrap start it by themselves; it goes on running after
    them and keeps its data. The first start fetches Kafka (about 45 MB) into GROUNDSWELL_CACHE,
    by default ~/.cache/groundswell.
    """


@broker.command()
@_home
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="The only port to accept. By default the last one used, else 19092, else any free one.",
)
def start(home: Path, port: int | None) -> None:
    """Start the broker unless it runs, and print its bootstrap address."""
    with progress() as report:
        bootstrap = EmbeddedBroker(home, port=port).ensure(report)
    click.echo(bootstrap)


@broker.command()
@_home
def stop(home: Path) -> None:
    """Stop the broker; its data stays."""
    EmbeddedBroker(home).stop()


@broker.command()
@_home
@click.pass_context
def status(ctx: click.Context, home: Path) -> None:
    """Say what runs and what it takes. The exit code is 3 if nothing runs."""
    found = EmbeddedBroker(home).status()
    data = f"{found.disk_bytes / 1e6:.1f} MB in {found.data}"
    if not found.running:
        click.echo(f"Kafka {found.version} is not running; {data}")
        ctx.exit(NOT_RUNNING)
    memory = f", {found.resident_bytes / 1e6:.0f} MB of memory" if found.resident_bytes else ""
    click.echo(f"Kafka {found.version} at {found.bootstrap} (pid {found.pid}){memory}; {data}")


@broker.command()
@_home
def wipe(home: Path) -> None:
    """Stop the broker and delete its topics and logs; Kafka itself stays in the cache."""
    EmbeddedBroker(home).wipe()
