"""`groundswell ask`: a turn with the assistant, for people and scripts."""

from typing import TYPE_CHECKING

import click

from streams.cli.options import cluster, connect

if TYPE_CHECKING:
    from schemas.turns import Reply

NOT_ANSWERED = 3
NO_ANSWER = 4


@click.command()
@click.argument("text")
@cluster
@click.option(
    "--session",
    default="last",
    show_default=True,
    help="new, last (the one before, of this user), or its id.",
)
@click.option("--user", default="c-0001", show_default=True, help="Whose accounts.")
@click.option("--tenant", default="demo", show_default=True, help="Of which bank.")
@click.option("--choice", is_flag=True, help="TEXT is the id of an offered choice.")
@click.option("--strong", is_flag=True, help="As if a second factor had just been shown.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="The language, if not that of TEXT.")
@click.option("--json", "as_json", is_flag=True, help="The reply as it is on the log.")
@click.option(
    "--timeout",
    default=2.0,
    show_default=True,
    type=click.FloatRange(0.1, 60),
    help="Seconds until nobody needs the answer any more.",
)
def ask(
    text: str,
    bootstrap: str | None,
    prefix: str | None,
    session: str,
    user: str,
    tenant: str,
    choice: bool,
    strong: bool,
    lang: str | None,
    as_json: bool,
    timeout: float,
) -> None:
    """Ask the assistant TEXT, and print what it answers; `-` reads TEXT from standard input.

    It writes to Kafka itself, past the gateway, and may pose as anybody: a tool for operators.
    Afterwards come the sources, the actions, the choices (send one back with --choice) and what was
    degraded. A worker must run: groundswell assistant worker.

    Exit code 0 with an answer, 3 if the assistant was busy, refused or failed, 4 without an answer
    in time, 1 for what is to be mended.
    """
    import asyncio
    import sys

    from streams.assistant.asking import Asked, ask_once
    from streams.requests.errors import NoReply
    from streams.settings import load

    said = sys.stdin.read().strip() if text == "-" else text
    settings = load(overrides={"bootstrap": bootstrap, "prefix": prefix})
    asked = Asked(said, session, tenant, user, lang or "", choice=choice, strong=strong)
    try:
        reply, raw = asyncio.run(ask_once(settings, connect(settings), asked, timeout))
    except NoReply as error:
        click.echo(f"groundswell: {error}", err=True)
        raise SystemExit(NO_ANSWER) from None
    if as_json:
        click.echo(raw.decode())
    else:
        _show(reply)
    raise SystemExit(0 if reply.status in ("answered", "duplicate") else NOT_ANSWERED)


def _show(reply: "Reply") -> None:
    from windows.texts import clean

    click.echo(clean(reply.text))
    for source in reply.sources:
        quote = f": {clean(source.quote)}" if source.quote else ""
        as_of = f" ({source.as_of})" if source.as_of else ""
        click.echo(f"  source   {source.kind} {clean(source.title)}{as_of}{quote}")
    for action in reply.actions:
        done = action.receipt.reference if action.receipt else ""
        words = (action.kind, action.label, done, action.link)
        click.echo(f"  action   {' '.join(clean(word) for word in words if word)}")
    for choice in reply.choices:
        click.echo(f"  choice   {clean(choice.id)}: {clean(choice.label)}")
    for what in reply.degraded:
        click.echo(f"  degraded {clean(what)}")
    timing = reply.timing
    click.echo(
        f"  {reply.status}, {reply.intent or 'no intent'} {reply.confidence:.2f},"
        f" waited {timing.waited:.0f} ms, worked {timing.worked:.0f} ms, session {reply.session}",
        err=True,
    )
