"""`groundswell-edge reminders`: what is to be checked, and by when."""

from __future__ import annotations

from pathlib import Path

import click

from edge.cli.day import DAY
from edge.cli.judged import opened
from edge.cli.lines import shown
from edge.cli.opening import Access, access

until_option = click.option(
    "--until", default="9999", metavar="DAY", type=DAY, help="Only those due by then."
)


@click.group()
def reminders() -> None:
    """List, finish and change reminders; make a calendar file."""


@reminders.command(name="list")
@access
@until_option
@click.option("--patient", default="", metavar="ID", help="Only this one's, also those done.")
def list_reminders(access: Access, until: str, patient: str) -> None:
    """One a line: id, due, done, patient, what, why; parted by tabs.

    They are worked out when a document is imported and when a patient is opened.
    """
    with access.open(reader=True) as vault:
        if patient:
            vault.patients.get(patient)
            found = [one for one in vault.reminders.of(patient) if one.due <= until]
        else:
            found = list(vault.reminders.due(until))
    for one in found:
        row = (one.id, one.due, one.done, one.patient, one.what, one.why)
        click.echo("\t".join(shown(cell) for cell in row))


@reminders.command()
@click.argument("reminder", metavar="ID")
@access
@click.option("--on", "day", default="", metavar="DAY", help="Else today.")
def done(access: Access, reminder: str, day: str) -> None:
    """It was done; what comes again is due again, counted from that day."""
    with opened(access) as device:
        kept = device.finish_reminder(reminder, day or device.today())
    click.echo(f"{reminder} done" if kept.done else f"{reminder} due again on {kept.due}")


@reminders.command()
@click.argument("reminder", metavar="ID")
@access
@click.option("--due", metavar="DAY", help="Such as 2026-03-02.")
@click.option("--every", type=click.IntRange(0, 3660), metavar="DAYS", help="0: not again.")
@click.option("--what", is_flag=True, help="Ask for the words, or read them as the next line.")
@click.option("--why", is_flag=True, help="Likewise.")
def edit(
    access: Access, reminder: str, due: str | None, every: int | None, what: bool, why: bool
) -> None:
    """Change it; from then on rules leave it as it is. What was done is open again."""
    with opened(access) as device:
        before = device.vault.reminders.get(reminder)
        device.change_reminder(
            reminder,
            before.due if due is None else due,
            click.prompt("what · 事项", err=True) if what else before.what,
            click.prompt("why · 原因", err=True, default="") if why else before.why,
            before.every_days if every is None else every or None,
        )
    click.echo(f"changed {reminder}")


@reminders.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@access
@until_option
@click.option("--patient", default="", metavar="ID", help="Only this one's.")
def calendar(access: Access, file: Path, until: str, patient: str) -> None:
    """Write what is due into FILE (.ics), without names; it is not encrypted."""
    from edge.files import save

    with opened(access, reader=True) as device:
        made = device.calendar(until, patient)
    save(file, [made])
    click.echo(f"{file}: {made.count(b'BEGIN:VEVENT')}")
