"""`groundswell topics`: the table of topics and the cluster."""

import click

from streams.cli.options import cluster, connect


@click.group()
def topics() -> None:
    """Create, check and list the topics."""


@topics.command()
@cluster
@click.option(
    "--partitions",
    type=click.IntRange(1, 1000),
    help="This many where the table has more than one.",
)
def create(bootstrap: str | None, prefix: str | None, partitions: int | None) -> None:
    """Create the topics that are missing; those that exist stay as they are."""
    from streams.admin import TopicAdmin
    from streams.settings import load

    settings = load(overrides={"bootstrap": bootstrap, "prefix": prefix})
    created = TopicAdmin(connect(settings), settings.prefix).create(partitions)
    click.echo(f"created {len(created)} topics" + "".join(f"\n  {name}" for name in created))


@topics.command()
@cluster
def check(bootstrap: str | None, prefix: str | None) -> None:
    """Compare the cluster with the table; exit code 1 and a line for each difference."""
    from streams.admin import TopicAdmin, TopicsDiffer
    from streams.settings import load

    settings = load(overrides={"bootstrap": bootstrap, "prefix": prefix})
    lines = TopicAdmin(connect(settings), settings.prefix).differences()
    for line in lines:
        click.echo(line)
    if lines:
        raise TopicsDiffer(f"{len(lines)} differences; groundswell topics create adds what misses")
    click.echo("all topics are as the table says")


@topics.command(name="list")
def list_topics() -> None:
    """Print the table of topics."""
    from rich.console import Console
    from rich.table import Table

    from streams.admin import table

    shown = Table(box=None)
    for name in ("topic", "key", "message", "partitions", "kept", "purpose"):
        # Only words may be wrapped: a name that is cut cannot be copied.
        shown.add_column(name, no_wrap=name in ("topic", "message"), overflow="fold")
    for row in table():
        shown.add_row(*row)
    Console().print(shown)
