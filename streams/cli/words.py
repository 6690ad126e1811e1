"""Incidents and summaries as people read them."""

from collections.abc import Callable, Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from agents.incidents.words import where
from schemas.changes import Change
from schemas.commands import Acknowledge, Resolve
from schemas.incidents import Incident, Severity
from schemas.signals import Counters
from schemas.times import format_ms
from windows.texts import clean

_COLOUR = {"critical": "bold red", "error": "red", "warning": "yellow", "info": "blue"}


def severity_style(severity: Severity) -> str:
    """Rich's name of the colour; the word itself is always there as well."""
    return _COLOUR[severity]


def when(time: str) -> str:
    """A time of the wire to the minute, UTC.

    >>> when("2026-11-20T09:14:03.120Z")
    '2026-11-20 09:14'
    """
    return f"{time[:10]} {time[11:16]}"


def incident_line(incident: Incident) -> str:
    """One revision in one line of rich markup: at first the facts, later what has changed."""
    clock = incident.updated_at[11:16]
    colour = "green" if incident.status == "resolved" else _COLOUR[incident.severity]
    word = incident.status if incident.status == "resolved" else incident.severity
    news = f" after «{clean(incident.changes[0].summary)}»" if incident.changes else ""
    if incident.revision > 1:
        news = f": {clean(incident.change_reason)}"
    mark = f"r{incident.revision}"
    return (
        f"{incident.updated_at[:10]} {clock} [{colour}]{word:8}[/] {mark:4}"
        f"{escape(clean(incident.title))}, {incident.impact.users} authors, "
        f"lift {incident.observed.lift}{escape(news)}"
    )


def deed_line(command: Acknowledge | Resolve, title: str) -> Text:
    """What somebody who is simulated does, in one line."""
    match command:
        case Resolve():
            deed = f"resolves, “{command.text}”"
        case Acknowledge():
            deed = "acknowledges"
    return Text(clean(f"{command.by} {deed}: {title}"))


def incident_table(incidents: Iterable[Incident], short: Callable[[str], str]) -> Table:
    """A row an incident; `short` gives the beginning of its id that is enough."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("id", "severity", "status", "opened (UTC)"):
        # An id that is cut cannot be copied.
        table.add_column(name, no_wrap=True)
    table.add_column("incident", overflow="fold")
    for one in incidents:
        style = "green" if one.status == "resolved" else severity_style(one.severity)
        table.add_row(
            short(one.incident_id),
            Text(one.severity, style),
            one.status,
            when(one.opened_at),
            Text(clean(one.title)),
        )
    return table


def change_table(changes: Iterable[Change]) -> Table:
    """A row a change."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("time (UTC)", no_wrap=True)
    table.add_column("product", no_wrap=True)
    table.add_column("change", overflow="fold")
    table.add_column("id", overflow="fold")
    for one in changes:
        place = where(one.attributes | ({"service": one.service} if one.service else {}))
        words = f"{one.summary} ({place})" if place else one.summary
        moment = when(format_ms(one.time_ms))
        table.add_row(moment, *(Text(clean(t)) for t in (one.product or "any", words, one.id)))
    return table


def answer_line(incident: Incident) -> str:
    """What became of a command."""
    reason = f": {clean(incident.change_reason)}" if incident.change_reason else ""
    return f"{incident.incident_id} r{incident.revision} {incident.status}{reason}"


def handled(incident: Incident) -> str | None:
    """In words why nobody needs to acknowledge it; None if somebody should."""
    ack = incident.acknowledgement
    if ack and incident.status != "resolved":
        return f"is acknowledged by {clean(ack.by)} until {when(ack.until)} UTC; renew: --again"
    return resolved(incident)


def resolved(incident: Incident) -> str | None:
    """In words that it is over; None if it is not."""
    return f"is resolved since {when(incident.resolved_at)} UTC" if incident.resolved_at else None


def show_counts(
    console: Console, written: int, counters: Counters, rows: Iterable[tuple[str, str]]
) -> None:
    """The summary: what became of the records, then `rows`; a line each, however long."""
    refused = ", ".join(f"{reason} {n:,}" for reason, n in counters.refused.items())
    summary = (
        ("records", f"{written:,}"),
        ("accepted", f"{counters.accepted:,} (late {counters.late:,})"),
        ("duplicates", f"{counters.duplicates:,}"),
        ("refused", f"{sum(counters.refused.values()):,}{f' ({refused})' * bool(refused)}"),
        *rows,
    )
    for name, value in summary:
        console.print(f"{name:11} {value}", markup=False, soft_wrap=True)
