"""`groundswell detect`: what detect decided, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from streams.cli.options import check_writable, cluster, connect

if TYPE_CHECKING:
    from streams.hindsight.account import Account
    from streams.hindsight.answer import Step
    from streams.hindsight.question import Question
    from streams.hindsight.spool import Spool
    from streams.hindsight.survey import Survey
    from streams.play.reading import Reader
    from streams.settings import Settings


@click.group()
def detect() -> None:
    """Look into what detect decided."""


@detect.command()
@click.argument("incident", metavar="[INCIDENT_ID]", required=False)
@click.option("--theme", metavar="CLUSTER_ID", help="A theme: `grouping.cluster_id` of incidents.")
@click.option("--about", metavar="WORDS", help="The theme that fits these words best.")
@click.option("--product", help="Product to look at; needed if there are several.")
@click.option("--from", "start", metavar="T", help="First minute to show, UTC unless it says so.")
@click.option("--to", "stop", metavar="T", help="Last minute to show.")
@click.option(
    "--file",
    "files",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Instead of Kafka: a file or folder as `groundswell analyse` takes it; may be repeated.",
)
@click.option(
    "--channel", help="Of the files: app, web, ticket, social, log, assistant (default app)."
)
@click.option(
    "--default-product", help="Of the files: product of records that name none (`default`)."
)
@click.option("--map", "columns", metavar="FIELD=COLUMN,...", help="Of the files: as in analyse.")
@click.option("--time-format", help="Of the files: strptime format of the time column.")
@click.option(
    "--out",
    metavar="PICTURE.svg",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Draw it too.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, every minute, for machines.")
@cluster
def explain(
    incident: str | None,
    theme: str | None,
    about: str | None,
    product: str | None,
    start: str | None,
    stop: str | None,
    files: tuple[Path, ...],
    channel: str | None,
    default_product: str | None,
    columns: str | None,
    time_format: str | None,
    out: Path | None,
    as_json: bool,
    bootstrap: str | None,
    prefix: str | None,
) -> None:
    """Say why a theme did or did not open an incident, minute by minute.

    Name an incident, a theme or some words; without any of them the loudest themes and the latest
    incidents are listed, with their ids.

    Everything that the topic `signals` still holds is read again, up to now, through the classes
    that decide in production, with the settings of this command: use those of the worker. What
    detect learned before the topic begins is not known, so its first day may read differently.

    \b
    groundswell detect explain --product wallet
    groundswell detect explain --product wallet --about "payment stuck" --out why.svg
    """
    from streams.hindsight.account import Account
    from streams.hindsight.answer import answer
    from streams.hindsight.errors import Unclear
    from streams.hindsight.question import Question, minute_of
    from streams.play.reading import Reader
    from streams.settings import load

    if sum(part is not None for part in (incident, theme, about)) > 1:
        raise Unclear("name one: an incident, --theme or --about")
    question = Question(
        incident, theme, about, product, minute_of("--from", start), minute_of("--to", stop)
    )
    if out is not None:
        _check_picture(out, question)
    settings = load(overrides={"bootstrap": bootstrap, "prefix": prefix})
    readers = [
        Reader(
            path,
            channel=channel,
            product=default_product,
            columns=columns,
            time_format=time_format,
        )
        for path in files
    ]
    with _steps() as step, _spools(readers, settings, question, step) as spools:
        found = answer(spools, question, settings.detect_rules(), step)
    if isinstance(found, Account):
        if out is not None:
            _draw(out, found)
        _print_account(found, as_json=as_json)
    else:
        _print_survey(found, as_json=as_json)


@contextmanager
def _steps() -> Iterator[Step]:
    """A bar a step on a terminal, silence elsewhere."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:

        def step(name: str) -> Callable[[int, int], None]:
            task = bars.add_task(name, total=None)
            return lambda done, total: bars.update(task, completed=done, total=max(1, total))

        yield step


@contextmanager
def _spools(
    readers: list[Reader], settings: Settings, question: Question, step: Step
) -> Iterator[list[Spool]]:
    from streams.hindsight.reading import of_files, of_log

    if readers:
        source = of_files(readers, settings, step("reading the files"))
    else:
        broker = connect(settings)
        source = of_log(broker, settings, question.product, step("reading the log"))
    with source as spools:
        yield spools


def _check_picture(out: Path, question: Question) -> None:
    from streams.hindsight.errors import Unclear

    if not question.names_one:
        raise Unclear("--out draws one theme: name an incident, --theme or --about")
    check_writable("--out", out)


def _draw(out: Path, account: Account) -> None:
    from streams.errors import OperatorError
    from streams.hindsight.picture import picture

    try:
        out.write_bytes(picture(account))
    except OSError as error:
        raise OperatorError(f"cannot write {out}: {error.strerror}") from None


def _print_account(account: Account, *, as_json: bool) -> None:
    from streams.cli.hindsight import show_account

    if as_json:
        _print_json(account.plain())
    else:
        show_account(account)


def _print_survey(survey: Survey, *, as_json: bool) -> None:
    from streams.cli.hindsight import show_survey

    if as_json:
        _print_json(survey.plain())
    else:
        show_survey(survey)


def _print_json(plain: object) -> None:
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(plain), indent=1))
