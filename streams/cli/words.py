"""Incidents and summaries as people read them."""

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

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
    """The summary table: what became of the records, then `rows`."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_row("records", f"{written:,}")
    table.add_row("accepted", f"{counters.accepted:,} (late {counters.late:,})")
    table.add_row("duplicates", f"{counters.duplicates:,}")
    refused = ", ".join(f"{reason} {n:,}" for reason, n in counters.refused.items())
    table.add_row("refused", f"{sum(counters.refused.values()):,} {f'({refused})' * bool(refused)}")
    for name, value in rows:
        table.add_row(name, value)
    console.print(table)
