"""Incidents and summaries as people read them."""

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape

from schemas.incidents import Incident
from schemas.signals import Counters

_COLOUR = {"critical": "bold red", "error": "red", "warning": "yellow", "info": "blue"}


def incident_line(incident: Incident) -> str:
    """One revision in one line of rich markup."""
    clock = incident.updated_at[11:16]
    colour = "green" if incident.status == "resolved" else _COLOUR[incident.severity]
    word = incident.status if incident.status == "resolved" else incident.severity
    people = f"{incident.impact.users} authors"
    change = f" after «{incident.changes[0].summary}»" if incident.changes else ""
    mark = f"r{incident.revision}"
    return (
        f"{incident.updated_at[:10]} {clock} [{colour}]{word:8}[/] {mark:4}"
        f"{escape(incident.title)}, {people}, lift {incident.observed.lift}{escape(change)}"
    )


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
