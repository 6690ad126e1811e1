"""`groundswell-edge import` and `documents`: files into the vault, and what lies there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edge.cli.day import DAY
from edge.cli.judged import opened
from edge.cli.lines import shown
from edge.cli.opening import Access, access
from edge.errors import EdgeError

if TYPE_CHECKING:
    from edge.importing.imported import Imported
    from edge.importing.intake import Taken

_PASTED = Path("-")
SOME_REFUSED = 1
"""Exit code if a file was refused."""


@click.command(name="import")
@click.argument(
    "paths", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
@access
@click.option("--patient", default="", metavar="ID", help="Whose they are; else as they say.")
@click.option("--sure", is_flag=True, help="With --patient: also what names somebody else.")
@click.option("--date", metavar="DAY", type=DAY, help="Of the visit, if they do not say it.")
@click.option("--text-only", is_flag=True, help="Keep the text, not the file it came from.")
def import_(
    access: Access,
    paths: tuple[Path, ...],
    patient: str,
    sure: bool,
    date: str | None,
    text_only: bool,
) -> None:
    """Import files, folders, or - for text from standard input.

    Text (UTF-8, GB18030), PDF with text, Word (.docx), results (.csv) and FHIR R4 (.json). Each
    file by itself, whole or not at all; the files stay where they are. One line a file, parted by
    tabs: what became of it, document, patient, file, and why. Exit code 1 if any was refused.
    """
    if sure and not patient:
        raise click.UsageError("--sure needs --patient")
    from edge.importing.intake import Intake

    files = [file for path in paths for file in _files(path)]
    counts = {"imported": 0, "known": 0, "refused": 0}
    with opened(access) as device:
        intake = Intake(device.vault, device.rules.read, device.rules.version)
        touched = set()
        for file in _with_progress(files):
            try:
                imported, original = _read(file)
                taken = intake.take(
                    imported,
                    None if text_only else original,
                    patient=patient,
                    sure=sure,
                    date=date or "",
                )
            except EdgeError as error:
                became, row = "refused", ("", "", shown(str(file)), str(error))
            else:
                became = "known" if taken.known else "imported"
                row = (taken.document, taken.patient, shown(str(file)), _told(taken))
                touched.add(taken.patient)
            counts[became] += 1
            click.echo("\t".join((became, *row)))
        for one in sorted(touched):
            device.remind(one, "zh")
    click.echo(", ".join(f"{count} {name}" for name, count in counts.items()), err=True)
    if counts["refused"]:
        click.get_current_context().exit(SOME_REFUSED)


@click.group()
def documents() -> None:
    """List, show and delete documents."""


@documents.command(name="list")
@access
@click.option("--patient", default="", metavar="ID", help="Only those of this one.")
def list_documents(access: Access, patient: str) -> None:
    """One a line: id, patient, date, format, department, title; parted by tabs."""
    with access.open(reader=True) as vault:
        if patient:
            vault.patients.get(patient)
        for one in vault.documents.list(patient):
            row = (one.id, one.patient, one.date, one.format, one.department, one.title)
            click.echo("\t".join(shown(cell) for cell in row))


@documents.command()
@click.argument("document", metavar="ID")
@access
@click.option("--items", is_flag=True, help="What was read in it, as JSON, one a line.")
def show(access: Access, document: str, items: bool) -> None:
    """The text of a document, or what was read in it."""
    import msgspec

    with access.open(reader=True) as vault:
        if items:
            for item in vault.items.of(document):
                click.echo(msgspec.json.encode(item))
        else:
            text = vault.documents.get(document).text
            click.echo("\n".join(shown(line) for line in text.split("\n")))


@documents.command()
@click.argument("document", metavar="ID")
@access
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(access: Access, document: str, yes: bool) -> None:
    """Delete a document with its original, items and reminders, overwritten in the file."""
    with opened(access) as device:
        device.vault.items.of(document)
        if not yes:
            click.confirm(f"delete {document}?", abort=True, err=True)
        device.delete_document(document, "zh")
        click.echo(f"deleted {document}")


def _files(path: Path) -> Iterator[Path]:
    """The file, or those of a folder and the folders in it, hidden ones and links left out."""
    if path != _PASTED and _is_folder(path):
        yield from sorted(
            each
            for each in path.rglob("*")
            if not any(part.startswith(".") for part in each.relative_to(path).parts)
            and _is_file(each)
        )
    else:
        yield path


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        # A name too long, or in a folder that is closed to us: who reads it says so.
        return False


def _is_file(path: Path) -> bool:
    try:
        return path.is_file() and not path.is_symlink()
    except OSError:
        return True


def _read(file: Path) -> tuple[Imported, bytes | None]:
    """What it says, and its bytes if it is a file. Raises EdgeError."""
    from edge.importing import read, read_pasted
    from edge.importing.reading import content_of

    if file == _PASTED:
        return read_pasted(sys.stdin.read()), None
    content = content_of(file)
    return read(content, file.name), content


def _with_progress(files: list[Path]) -> Iterator[Path]:
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        yield from progress.track(files, description="importing · 导入")


def _told(taken: Taken) -> str:
    from edge.importing.imported import REMARKS

    told = ["new patient · 新患者"] if taken.new else []
    told += ["{} · {}".format(*REMARKS[remark]) for remark in taken.remarks]
    return "; ".join(told)
