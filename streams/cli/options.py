"""Options that commands share."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from pathlib import Path

    from sinks.cluster import Cluster
    from streams.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])
_SPAN = re.compile(r"(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?")


class Span(click.ParamType):
    """Minutes from a text such as 90m, 2h, 1d or 1h30m."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Whole minutes, at least one."""
        found = _SPAN.fullmatch(str(value).strip().lower())
        days, hours, minutes = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
        if not (span := (days * 24 + hours) * 60 + minutes):
            self.fail(f"{value!r}: write 90m, 2h, 1d or 1h30m", param, ctx)
        return span


def cluster(command: F) -> F:
    """`--bootstrap` and `--prefix`."""
    command = click.option(
        "--prefix",
        help="Put before every topic and group name (GROUNDSWELL_PREFIX).",
    )(command)
    return click.option(
        "--bootstrap",
        metavar="HOST:PORT",
        help="Kafka to use (GROUNDSWELL_BOOTSTRAP); without it the embedded broker.",
    )(command)


health_port = click.option(
    "--port", type=click.IntRange(0, 65535), help="Health and metrics; 0: any free one."
)
log_level = click.option(
    "--log-level",
    default="info",
    show_default=True,
    type=click.Choice(["debug", "info", "warning"]),
    help="Least level that is logged.",
)


def check_writable(option: str, file: "Path") -> None:
    """Better now than after the whole run. Raises OperatorError."""
    import tempfile

    from streams.errors import OperatorError

    try:
        tempfile.TemporaryFile(dir=file.parent).close()
    except OSError as error:
        raise OperatorError(
            f"{option} {file}: cannot write to {file.parent} ({error.strerror})"
        ) from None


def connect(settings: "Settings") -> "Cluster":
    """The Kafka to use: the one named, else the embedded broker, started if need be.

    Raises SettingsError, BrokerError.
    """
    from sinks.cluster import Cluster
    from streams.security import cluster_of
    from streams.settings import SettingsError

    if settings.bootstrap:
        return cluster_of(settings)
    if settings.security_protocol != "PLAINTEXT":
        # Whoever asks for it must not end up on another Kafka without it.
        raise SettingsError(
            f"setting bootstrap: security_protocol {settings.security_protocol} needs it; the"
            " embedded broker has PLAINTEXT only"
        )
    from streams.broker import EmbeddedBroker, default_home
    from streams.cli.progress import progress

    with progress() as report:
        return Cluster(EmbeddedBroker(default_home()).ensure(report))


def recorded(command: F) -> F:
    """PATH and how to read it."""
    from pathlib import Path

    for option in reversed(
        (
            click.argument("path", type=click.Path(path_type=Path)),
            click.option(
                "--channel", help="app, web, ticket, social, log, assistant (default app)."
            ),
            click.option("--product", help="Product of records that name none."),
            click.option(
                "--map",
                "columns",
                metavar="FIELD=COLUMN,...",
                help="text=..., time=..., id=, author=, rating=, service=, level=, lang=, product=,"
                " channel=, attributes.NAME=; COLUMN+COLUMN joins columns.",
            ),
            click.option("--time-format", help="strptime format of the time column."),
        )
    ):
        command = option(command)
    return command
