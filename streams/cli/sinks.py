"""`groundswell sinks`: incidents carried to where people look."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from streams.cli.options import cluster, connect, log_level

if TYPE_CHECKING:
    from sinks.config import Receiver
    from streams.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])
HEALTH_PORT = 9466


@click.group()
def sinks() -> None:
    """Carry incidents to Alertmanager, PagerDuty, webhooks, chats and tables.

    The receivers stand in one TOML file, a table each; docs/alerting.md has an example of every
    type.
    """


def config(command: F) -> F:
    """`--config`."""
    return click.option(
        "--config",
        "file",
        metavar="FILE",
        help="TOML file of the receivers (GROUNDSWELL_SINKS_FILE).",
    )(command)


def _read(settings: Settings) -> list[Receiver]:
    import os
    from pathlib import Path

    from sinks.config import read_receivers
    from streams.settings import SettingsError

    if not settings.sinks_file:
        raise SettingsError("name the file of the receivers: --config FILE, or set sinks_file")
    return read_receivers(Path(settings.sinks_file), os.environ)


def _load(file: str | None, **others: Any) -> Settings:
    from streams.settings import load

    return load(overrides={"sinks_file": file, **others})


@sinks.command()
@cluster
@config
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=HEALTH_PORT,
    show_default=True,
    help="Health and metrics; 0: any free one.",
)
@log_level
def run(
    bootstrap: str | None, prefix: str | None, file: str | None, port: int, log_level: str
) -> None:
    """Carry every incident to every receiver, until SIGTERM or Ctrl-C.

    Each receiver has its own place on the topic: one that is away is caught up with when it is
    back, and holds up nothing else. Run one process per file. Logs are JSON on standard error,
    metrics on /metrics of the port.
    """
    import asyncio

    from schemas.topics import INCIDENTS
    from streams.admin import TopicAdmin
    from streams.logs import set_up
    from streams.receivers import carry

    settings = _load(file, bootstrap=bootstrap, prefix=prefix, port=port)
    receivers = _read(settings)
    set_up(log_level)
    broker = connect(settings)
    TopicAdmin(broker, settings.prefix).partitions(INCIDENTS)
    asyncio.run(carry(receivers, settings, broker))


@sinks.command(name="list")
@config
def list_receivers(file: str | None) -> None:
    """A line a receiver: its name, its type, and what it is told."""
    for receiver in _read(_load(file)):
        common = receiver.common
        words = [receiver.name, receiver.type, f"{common.min_severity} and above"]
        words.append(", ".join(common.products) or "all products")
        words.append(f"{receiver.per_minute} a minute" if receiver.per_minute else "no limit")
        click.echo("  ".join(words))


@sinks.command()
@config
def check(file: str | None) -> None:
    """Read the file and send nothing; exit code 1 and one line if something is wrong."""
    settings = _load(file)
    found = len(_read(settings))
    click.echo(f"{settings.sinks_file}: {found} receiver{'s' * (found != 1)}, all well described")


@sinks.command()
@config
@click.argument("name")
def test(file: str | None, name: str) -> None:
    """Send a test incident to the receiver NAME, then its end; print what it answered.

    The incident has severity info and says that it is a test. It goes to the receiver whatever
    min_severity and products say. Exit code 1 if it was not taken.
    """
    import asyncio

    from streams.errors import OperatorError
    from streams.receivers import try_out

    receivers = {receiver.name: receiver for receiver in _read(_load(file))}
    if name not in receivers:
        raise OperatorError(f"there is no receiver {name}; there are: {', '.join(receivers)}")
    asyncio.run(try_out(receivers[name], click.echo))
