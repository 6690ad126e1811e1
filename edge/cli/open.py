"""`groundswell-edge open`: the page of the device."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edge.cli.opening import HOST, Place, gateway_options, home_option

if TYPE_CHECKING:
    from edge.consult import Gateway
    from edge.device import Device


@click.command(name="open")
@home_option
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="Else a free one.")
@click.option(
    "--idle",
    default=10,
    type=click.IntRange(1, 120),
    metavar="MINUTES",
    show_default=True,
    help="The page locks itself when nobody has used it for so long.",
)
@gateway_options
def open_(home: Path | None, port: int, idle: int, place: Place) -> None:
    """Serve the page to this machine's browser, until Ctrl-C.

    Prints a link that works once; the page asks for the passphrase. Only 127.0.0.1 is listened on,
    nothing is loaded from anywhere else, and nothing is sent anywhere but, with --gateway, a
    question of general knowledge, each after a yes to the very words shown.
    """
    import os

    from edge.device import Device
    from edge.judging import current
    from edge.settings import Home
    from edge.vault import Vault

    folder = Home.of(os.environ, home)
    gateway = place.gateway(folder)
    # It stays locked until the page has the passphrase.
    with Vault(folder, HOST, idle_ms=idle * 60_000) as vault:
        device = Device(vault, current(folder), HOST)
        with suppress(KeyboardInterrupt):
            asyncio.run(_serve(device, port, gateway))


async def _serve(device: Device, port: int, gateway: Gateway | None) -> None:
    from edge.page.server import Page

    page = Page(device, HOST.random, gateway)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    link = await page.start(port)
    try:
        click.echo(link)
        click.echo(
            "the link works once; Ctrl-C ends it · 链接仅可使用一次，按 Ctrl-C 结束", err=True
        )
        await ended.wait()
    finally:
        await page.stop()
