"""`groundswell console`: incidents and the health of the stream in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from streams.cli.options import cluster, connect

if TYPE_CHECKING:
    from sinks.console import Console


@click.command()
@cluster
@click.option("--host", help="Address to listen at (default 127.0.0.1); others need a token.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port (default 8765); 0: any free one.")
@click.option("--open/--no-open", "opens", default=False, help="Open it in this machine's browser.")
def console(
    bootstrap: str | None, prefix: str | None, host: str | None, port: int | None, opens: bool
) -> None:
    """Show incidents, live, on a local web page; acknowledge, resolve and silence them there.

    It reads Kafka and writes commands to it, nothing else: run as many as you like, anywhere. On
    an address that others can reach it asks for console_token (docs/console.md). Ctrl-C ends.
    """
    import asyncio
    import signal

    # Python loses a Ctrl-C that comes while it imports; nothing has to be put in order yet.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from sinks.console import Console, Guard
    from streams.logs import set_up
    from streams.security import secret_of
    from streams.settings import load

    settings = load(
        overrides={
            "bootstrap": bootstrap,
            "prefix": prefix,
            "console_host": host,
            "console_port": port,
        }
    )
    guard = Guard(settings.console_host, secret_of(settings, "console_token"))
    broker = connect(settings)
    set_up("warning")
    page = Console(broker, settings.prefix, settings.group_id, guard)
    asyncio.run(_serve(page, settings.console_host, settings.console_port, opens))


async def _serve(page: Console, host: str, port: int, opens: bool) -> None:
    from streams.until import until_signal

    try:
        await until_signal(_show(page, host, port, opens))
    finally:
        await page.stop()


async def _show(page: Console, host: str, port: int, opens: bool) -> None:
    import webbrowser

    taken = await page.start(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{taken}/"
    click.echo(f"console at {address} (Ctrl-C ends)")
    if opens:
        webbrowser.open(address)
    await page.failed()
