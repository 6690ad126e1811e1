"""`groundswell-edge search`: documents that have words in them."""

from __future__ import annotations

import sys

import click

from edge.cli.lines import shown
from edge.cli.opening import Access, access

NOTHING = 1
"""Exit code if no document has the words."""


@click.command()
@click.argument("words", nargs=-1, required=True)
@access
@click.option("--patient", default="", metavar="ID", help="Only this one's documents.")
@click.option("--limit", default=20, type=click.IntRange(1, 50), show_default=True)
def search(access: Access, words: tuple[str, ...], patient: str, limit: int) -> None:
    """Documents that have all WORDS, the newest first: id, patient, date, title, excerpt.

    Parted by tabs. Other programs of this machine can see what a command was given: with - the
    words are read from standard input instead, after the passphrase if that is read there too.
    Exit code 1 if there are none.
    """
    with access.open(reader=True) as vault:
        if patient:
            vault.patients.get(patient)
        asked = sys.stdin.readline() if words == ("-",) else " ".join(words)
        hits = vault.search(asked, patient=patient, limit=limit)
    for hit in hits:
        row = (hit.document, hit.patient, hit.date, hit.title, hit.excerpt)
        click.echo("\t".join(shown(cell) for cell in row))
    if not hits:
        raise click.exceptions.Exit(NOTHING)
