"""A vault that is open together with the rules, for commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from edge.cli.opening import HOST, Access
from edge.device import Device

lang_option = click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    default="zh",
    show_default=True,
    help="Our own words.",
)


@contextmanager
def opened(access: Access, *, reader: bool = False) -> Iterator[Device]:
    """Until the end of the block. Raises EdgeError, RecordsError."""
    from edge.judging import current

    rules = current(access.home)
    with access.open(reader=reader) as vault:
        yield Device(vault, rules, HOST)
