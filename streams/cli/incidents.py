"""`groundswell incidents`: see incidents and act on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, get_args

import click

from schemas.commands import LONGEST_SILENCE, Acknowledge, Feedback, Note, Resolve, Silence
from schemas.incidents import Incident, Severity, Status
from streams.cli.options import F, Span, cluster, connect

if TYPE_CHECKING:
    from streams.desk import Desk, Saying

_SEVERITIES = get_args(Severity)
_NAME = click.argument("name", metavar="ID")


@click.group()
def incidents() -> None:
    """See incidents, and act on them.

    ID is the id of an incident or the first characters of it, at least four; if an unresolved
    and resolved incidents begin like that, the unresolved one is meant.

    \b
    groundswell incidents list
    groundswell incidents show 0a1b
    groundswell incidents ack 0a1b
    groundswell incidents resolve 0a1b --text "rolled back 7.2.0"
    """


def _desk(bootstrap: str | None, prefix: str | None) -> Desk:
    from streams.desk import Desk
    from streams.settings import load

    settings = load(overrides={"bootstrap": bootstrap, "prefix": prefix})
    return Desk(connect(settings), settings.prefix)


@incidents.command(name="list")
@cluster
@click.option("--all", "everything", is_flag=True, help="The resolved ones as well.")
@click.option("--product", help="Only this product.")
@click.option("--severity", type=click.Choice(_SEVERITIES), help="Only this one or a worse one.")
@click.option("--status", type=click.Choice(get_args(Status)), help="Only this status.")
@click.option("--json", "as_json", is_flag=True, help="The contract's form, one JSON a line.")
def list_incidents(
    bootstrap: str | None,
    prefix: str | None,
    everything: bool,
    product: str | None,
    severity: Severity | None,
    status: Status | None,
    as_json: bool,
) -> None:
    """List them, the latest opened first. Without options those that are not resolved."""
    from rich.console import Console

    from schemas.incidents import encode_incident
    from streams.cli.words import incident_table
    from streams.ids import Ids

    with _desk(bootstrap, prefix) as desk:
        book = desk.read().book
    shown = book if everything or status == "resolved" else book.unresolved()
    worst = _SEVERITIES[: _SEVERITIES.index(severity) + 1] if severity else _SEVERITIES
    chosen = [
        incident
        for incident in shown
        if product in (None, incident.product)
        and status in (None, incident.status)
        and incident.severity in worst
    ]
    if as_json:
        for incident in chosen:
            click.echo(encode_incident(incident).decode())
    elif chosen:
        Console(highlight=False).print(incident_table(chosen, Ids(book).short))
    else:
        click.echo(f"none of {len(book)} incidents ({len(book.unresolved())} unresolved)")


@incidents.command()
@cluster
@_NAME
@click.option("--json", "as_json", is_flag=True, help="The contract's form.")
@click.option("--revisions", is_flag=True, help="With --json: every revision, one a line.")
@click.option(
    "--lang",
    type=click.Choice(["en", "zh"]),
    default="en",
    show_default=True,
    help="Language of causes and next steps, where both are at hand.",
)
def show(
    bootstrap: str | None, prefix: str | None, name: str, as_json: bool, revisions: bool, lang: str
) -> None:
    """Show everything about one. What, for whom, since when, why and what next, on one screen."""
    from rich.console import Console

    from schemas.incidents import encode_incident
    from streams.cli.card import show_card
    from streams.ids import Ids

    if revisions and not as_json:
        raise click.UsageError("--revisions goes with --json; without, the history is shown anyway")
    with _desk(bootstrap, prefix) as desk:
        every = list(desk.revisions())
        incident = Ids(desk.book).find(name)
    own = [one for one in every if one.incident_id == incident.incident_id]
    if as_json:
        for one in own if revisions else [incident]:
            click.echo(encode_incident(one).decode())
        return
    show_card(Console(highlight=False), incident, own, lang)


def _acts(command: F) -> F:
    """Options and the argument of every command that tells an incident something."""
    command = click.option(
        "--wait/--no-wait",
        default=True,
        show_default=True,
        help="Wait up to 30 s until it has been applied.",
    )(command)
    command = click.option("--by", help="Who says so; by default the login name.")(command)
    return cluster(_NAME(command))


def _tell(
    given: dict[str, Any],
    say: Callable[[str, str], Saying],
    done: Callable[[Incident], str | None] = lambda _: None,
) -> None:
    """Say it unless it is `done`, and print in a line what came of it."""
    from streams.cli.words import answer_line
    from streams.ids import Ids

    with _desk(given["bootstrap"], given["prefix"]) as desk:
        incident = Ids(desk.read().book).find(given["name"])
        if already := done(incident):
            click.echo(f"{incident.incident_id} {already}")
            return
        command = say(incident.incident_id, given["by"] or _login())
        desk.tell(command)
        if not given["wait"]:
            click.echo(f"{incident.incident_id}: written; see: groundswell incidents show")
            return
        click.echo(answer_line(desk.wait(command, incident)))


def _login() -> str:
    import getpass

    try:
        return getpass.getuser()[:64]
    except (KeyError, OSError):
        # A user without a name, as in a container.
        return "cli"


@incidents.command()
@_acts
@click.option("--again", is_flag=True, help="Renew an acknowledgement, or take it over.")
def ack(again: bool, **given: Any) -> None:
    """Say that somebody is on it. After a while it counts as open again, unless it is renewed."""
    from streams.cli.words import handled

    def done(incident: Incident) -> str | None:
        if incident.status == "resolved" or not again:
            return handled(incident)
        return None

    _tell(given, lambda i, by: Acknowledge(incident_id=i, by=by), done)


@incidents.command()
@_acts
@click.option("--text", default="", help="What ended it, for those who meet the next one like it.")
def resolve(text: str, **given: Any) -> None:
    """Say that it is over."""
    from streams.cli.words import resolved

    _tell(given, lambda i, by: Resolve(incident_id=i, by=by, text=text), resolved)


@incidents.command()
@_acts
@click.option(
    "--for", "minutes", type=Span(), metavar="SPAN", help="So long: 90m, 2h, 1d; at most 7d."
)
@click.option("--end", is_flag=True, help="End the silence now.")
def silence(minutes: int | None, end: bool, **given: Any) -> None:
    """Announce nothing of its theme for a while. A notice says when that ends."""
    if end == (minutes is not None):
        raise click.UsageError("give --for SPAN, or --end")
    if minutes and minutes > LONGEST_SILENCE:
        raise click.UsageError("--for: at most 7d; a theme that never matters is a mute, a setting")

    def done(incident: Incident) -> str | None:
        return "is not silenced" if end and incident.silence is None else None

    _tell(given, lambda i, by: Silence(incident_id=i, by=by, minutes=minutes or 0), done)


@incidents.command()
@_acts
@click.argument("text")
def note(text: str, **given: Any) -> None:
    """Leave TEXT for those who read it later."""
    _tell(given, lambda i, by: Note(incident_id=i, by=by, text=text))


@incidents.command()
@_acts
@click.option("--useful/--not-useful", default=None, help="Was it worth telling you?")
def feedback(useful: bool | None, **given: Any) -> None:
    """Say whether it was useful. Its theme is then told earlier, or needs more to be told."""
    if useful is None:
        raise click.UsageError("give --useful or --not-useful")
    say = bool(useful)
    _tell(given, lambda i, by: Feedback(incident_id=i, by=by, useful=say))
