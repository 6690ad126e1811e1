"""`groundswell bank`: the demo bank behind the assistant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    from streams.settings import Settings


@click.group()
def bank() -> None:
    """The bank behind the assistant: look at the demo's customers, begin anew, serve it by HTTP.

    \b
    groundswell bank show                   everybody, a line each
    groundswell bank show c-0001            what one customer has
    groundswell bank reset                  as on the first day
    groundswell bank serve --faults         by docs/assistant-bank.md, with switches for trouble
    """


_file = click.option("--file", "path", metavar="FILE", help="The bank's SQLite file (bank_file).")


def _settings(path: str | None, **other: object) -> Settings:
    from streams.settings import load

    return load(overrides={"bank_file": path, **other})


def _opened(settings: Settings) -> Path:
    """The file, with the demo's customers in it."""
    from sinks.clock import now_ms
    from streams.bank.embedded import prepare
    from streams.bank.opening import file_of

    path = file_of(settings)
    prepare(path, now_ms())
    return path


@bank.command()
@_file
@click.option("--tenant", default="demo", show_default=True)
@click.option("--state", "as_state", is_flag=True, help="What writes have changed, as JSON.")
@click.argument("customer", required=False)
def show(path: str | None, tenant: str, as_state: bool, customer: str | None) -> None:
    """Show the customers, or what one of them has, as the assistant reads it: one JSON a line."""
    import asyncio

    import msgspec

    from streams.bank.inside import customers, state

    file = _opened(_settings(path))
    if as_state:
        click.echo(msgspec.json.encode(state(file)).decode())
    elif customer:
        for line in asyncio.run(_everything(file, tenant, customer)):
            click.echo(line)
    else:
        for whose, found, name in customers(file):
            if whose == tenant:
                click.echo(f"{found}  {name}")


async def _everything(file: Path, tenant: str, customer: str) -> list[str]:
    import msgspec

    from agents.assistant.errors import BankRefused
    from schemas.tools import (
        Card,
        ListAccounts,
        ListCards,
        ListTransactions,
        ReadCall,
        ReadLimits,
        ReadProfile,
    )
    from sinks.clock import now_ms
    from streams.bank.embedded import EmbeddedBank
    from streams.bank.errors import BadBank

    place = EmbeddedBank(file, now_ms)
    calls: list[ReadCall] = [
        ReadProfile(),
        ListAccounts(),
        ListCards(),
        ListTransactions(days=730, most=50),
    ]
    lines = []
    try:
        for call in calls:
            found = await place.read(tenant, customer, call)
            for one in found if isinstance(found, tuple) else (found,):
                lines.append(f"{type(one).__name__:<12}{msgspec.json.encode(one).decode()}")
                if isinstance(one, Card):
                    calls.append(ReadLimits(card=one.id))
    except BankRefused:
        raise BadBank(
            f"tenant {tenant} has no customer {customer}: groundswell bank show"
        ) from None
    finally:
        await place.close()
    return lines


@bank.command()
@_file
def reset(path: str | None) -> None:
    """Forget everything and write the demo's customers anew, with today's dates.

    A worker or a server that has the bank open goes on with the new ones.
    """
    from sinks.clock import now_ms
    from streams.bank.embedded import prepare
    from streams.bank.opening import file_of

    file = file_of(_settings(path))
    prepare(file, now_ms(), anew=True)
    click.echo(f"{file} is as on the first day")


@bank.command()
@_file
@click.option("--host", help="Where to listen (bank_host); elsewhere than here needs bank_token.")
@click.option("--port", type=click.IntRange(0, 65535), help="bank_port; 0: any free one.")
@click.option("--faults", is_flag=True, help="PUT /faults may make it slow, wrong or dead.")
def serve(path: str | None, host: str | None, port: int | None, faults: bool) -> None:
    """Serve the embedded bank over HTTP, as a real bank would be, until SIGTERM or Ctrl-C.

    Paths, headers and answers: docs/assistant-bank.md. Logs are JSON on standard error.
    """
    import asyncio

    from streams.bank.serving import serve as run
    from streams.logs import set_up

    settings = _settings(path, bank_host=host, bank_port=port)
    set_up()
    asyncio.run(run(settings, _opened(settings), faults=faults))
