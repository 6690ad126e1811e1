"""`groundswell assistant`: a bank's assistant over request and reply topics."""

from collections.abc import Callable
from pathlib import Path

import click

from streams.cli.options import cluster, connect, health_port, log_level


@click.group()
def assistant() -> None:
    """Answer what customers of a bank ask."""


@assistant.command()
@cluster
@health_port
@log_level
def worker(bootstrap: str | None, prefix: str | None, port: int | None, log_level: str) -> None:
    """Answer turns from assistant.requests until SIGTERM or Ctrl-C.

    Run as many as there is load for, up to one a partition: sessions are kept on the log, and go
    over to another worker when one stops or dies. Scale on groundswell_turns_in_flight and
    groundswell_turn_seconds, never on lag.

    Exit code 0 after a graceful stop, 1 after a crash: start it again, it goes on from durable
    state. Logs are JSON on standard error.
    """
    import asyncio

    from streams.assistant.parts import serve
    from streams.logs import set_up
    from streams.settings import load

    settings = load(overrides={"bootstrap": bootstrap, "prefix": prefix, "assistant_port": port})
    set_up(log_level)
    raise SystemExit(asyncio.run(serve(settings, connect(settings))))


@assistant.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
def encoders(folder: Path | None) -> None:
    """Fetch two small sentence encoders, for what the assistant's own models are not sure of.

    all-MiniLM-L6-v2 (English, Apache-2.0) and bge-small-zh-v1.5 (Chinese, MIT), INT8, 40 MB to
    fetch: pinned, checked, unpacked into FOLDER (default: in ~/.cache/groundswell). With them fewer
    questions are asked back and more articles found; a message they read costs 2 ms more. What is
    there already is not fetched again.

    \b
    export GROUNDSWELL_ASSISTANT_ENCODERS="$(groundswell assistant encoders)"
    """
    from streams.encoders import default_folder, fetch_encoders

    place = folder or default_folder()
    fetch_encoders(place, lambda line: click.echo(line, err=True))
    click.echo(place)


@assistant.command()
@click.option("--bootstrap", metavar="HOST:PORT", help="Kafka to use; else the embedded broker.")
@click.option("--port", type=click.IntRange(0, 65535), help="Of the page (gateway_port); 0: any.")
@click.option("--open/--no-open", "opens", default=False, help="Open it in this machine's browser.")
def demo(bootstrap: str | None, port: int | None, opens: bool) -> None:
    """Talk to the assistant of a made-up bank on a local page, and break what stands behind it.

    It starts a worker, a gateway, a bank with 30 customers and, unless model_url is set, a stand-in
    for a language model; a real Kafka carries every turn. On the page you choose who you are, and
    switches make the bank or the model slow, hanging or dead, and kill the worker. Each answer says
    what it rests on, what it lacked and where its time went.

    Uses topics of its own and removes them at the end. Ctrl-C ends. If the embedded Kafka had
    to be started it runs on: groundswell broker stop.
    """
    import asyncio
    import tempfile

    from streams.assistant.demonstration import run_demo
    from streams.settings import load

    settings = load(overrides={"bootstrap": bootstrap, "gateway_port": port})
    cluster = connect(settings)
    with tempfile.TemporaryDirectory(prefix="groundswell-") as folder:
        asyncio.run(run_demo(settings, cluster, Path(folder), _told(opens)))


def _told(opens: bool) -> Callable[[str], None]:
    import webbrowser

    def told(address: str) -> None:
        click.echo(f"The assistant answers at {address} (Ctrl-C ends)")
        if opens:
            webbrowser.open(address)

    return told
