"""`groundswell play`: recorded data into the log."""

from pathlib import Path

import click

from streams.cli.options import cluster, connect, recorded


@click.command()
@recorded
@cluster
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    help="Times the recorded speed; without it as fast as the broker takes it.",
)
def play(
    path: Path,
    channel: str | None,
    product: str | None,
    columns: str | None,
    time_format: str | None,
    bootstrap: str | None,
    prefix: str | None,
    speed: float | None,
) -> None:
    """Feed PATH into the input topics: a CSV or JSONL file, or a folder with one JSONL per topic.

    The records get the recorded times; topics must exist (groundswell topics create), and must
    keep records that old.
    """
    from rich.console import Console

    from schemas.topics import CHANGES, INPUTS
    from sinks.clock import now_ms
    from streams.admin import TopicAdmin
    from streams.cli.bars import run_bars
    from streams.play.errors import PlayError
    from streams.play.player import Player
    from streams.play.reading import Reader
    from streams.settings import load

    settings = load(overrides={"bootstrap": bootstrap, "prefix": prefix})
    reader = Reader(
        path, channel=channel, product=product, columns=columns, time_format=time_format
    )
    messages = reader.messages(now_ms())
    broker = connect(settings)
    there = TopicAdmin(broker, settings.prefix).existing()
    places = {name: there.get(settings.topic(name), 0) for name in (*INPUTS, CHANGES)}
    if not all(places.values()):
        missing = settings.topic(next(name for name, n in places.items() if not n))
        raise PlayError(f"topic {missing} does not exist; run: groundswell topics create")
    player = Player(broker, settings.prefix, places)
    with run_bars(Console(stderr=True), reader.bytes_total()) as (played, _):
        player.play(messages, speed=speed, advance=lambda message: played(len(message.value)))
    left_out = "".join(f", {n} left out: {reason}" for reason, n in reader.skipped.items())
    ordered = "".join(f", {name} sorted by time" for name in reader.sorted)
    click.echo(f"{player.written} records written{left_out}{ordered}")
