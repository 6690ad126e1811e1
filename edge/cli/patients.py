"""`groundswell-edge patients`: whose records there are."""

from __future__ import annotations

import click

from edge.cli.judged import opened
from edge.cli.lines import shown
from edge.cli.opening import Access, access


@click.group()
def patients() -> None:
    """List, show, add, join and delete patients."""


@patients.command(name="list")
@access
def list_patients(access: Access) -> None:
    """One a line: id, name, sex, birth, number, documents; parted by tabs."""
    with access.open(reader=True) as vault:
        for one in vault.patients.list():
            count = len(vault.documents.list(one.id))
            _tell(one.id, one.name, one.sex, one.birth, one.number, str(count))


@patients.command()
@click.argument("patient", metavar="ID")
@access
def show(access: Access, patient: str) -> None:
    """A patient, and the documents: id, date, format, department, title; parted by tabs."""
    with access.open(reader=True) as vault:
        one = vault.patients.get(patient)
        _tell(one.id, one.name, one.sex, one.birth, one.number)
        for each in vault.documents.list(patient):
            _tell(each.id, each.date, each.format, each.department, each.title)
        vault.audit.add("read", patient)


@patients.command()
@access
def add(access: Access) -> None:
    """Add a patient, asked for on the terminal or read line by line: name, sex, birth, number.

    Prints the id; who may be the same one is told before.
    """
    from typing import cast

    from schemas.records import Sex

    with access.open() as vault:
        name = click.prompt("name · 姓名", err=True)
        kinds = click.Choice(["female", "male", "unknown"])
        sex = click.prompt("sex · 性别", type=kinds, default="unknown", err=True)
        birth = click.prompt("birth, as 1960-05-31 · 出生日期", default="", err=True)
        number = click.prompt("number · 病历号", default="", err=True)
        for other in vault.patients.alike(name, birth=birth, number=number):
            click.echo(f"maybe the same: {other.id}; `patients merge` joins two", err=True)
        click.echo(vault.patients.add(name, sex=cast(Sex, sex), birth=birth, number=number).id)


@patients.command()
@click.argument("kept", metavar="ID")
@click.argument("gone", metavar="OTHER")
@access
def merge(access: Access, kept: str, gone: str) -> None:
    """Give all of OTHER to ID; there is no way back."""
    with opened(access) as device:
        device.merge(kept, gone, "zh")
        click.echo(f"{gone} is {kept} now")


@patients.command()
@click.argument("patient", metavar="ID")
@access
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(access: Access, patient: str, yes: bool) -> None:
    """Delete a patient with all documents, overwritten in the file.

    Encrypted blocks may outlive it on a flash disk, and backups made before still have the patient.
    """
    with access.open() as vault:
        vault.patients.get(patient)
        count = len(vault.documents.list(patient))
        if not yes:
            click.confirm(f"delete {patient} and {count} documents?", abort=True, err=True)
        vault.patients.delete(patient)
        click.echo(f"deleted {patient} and {count} documents")


def _tell(*cells: str) -> None:
    click.echo("\t".join(map(shown, cells)))
