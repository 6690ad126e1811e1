"""`groundswell tail`: follow the log as a person."""

import click

from streams.cli.options import cluster, connect


@click.group()
def tail() -> None:
    """Follow what Groundswell says."""


@tail.command()
@cluster
@click.option("--json", "as_json", is_flag=True, help="The contract's form, one JSON a line.")
@click.option("--once", is_flag=True, help="Stop at the end instead of waiting for more.")
def incidents(bootstrap: str | None, prefix: str | None, as_json: bool, once: bool) -> None:
    """Show every incident revision from the beginning, then each new one. Ctrl-C ends."""
    from rich.console import Console

    from schemas.errors import NotOurs
    from schemas.incidents import decode_incident, encode_incident
    from schemas.topics import INCIDENTS
    from streams.admin import TopicAdmin
    from streams.bounded import Tail
    from streams.cli.words import incident_line
    from streams.settings import load

    settings = load(overrides={"bootstrap": bootstrap, "prefix": prefix})
    broker = connect(settings)
    places = TopicAdmin(broker, settings.prefix).partitions(INCIDENTS)
    console = Console(highlight=False)
    reader = Tail(broker, settings.topic(INCIDENTS), places)
    seen: dict[str, int] = {}
    try:
        while True:
            for message in reader.rest() if once else reader.new(wait=1.0):
                try:
                    incident = decode_incident(message.value() or b"")
                except NotOurs as error:
                    click.echo(f"skipped: {error}", err=True)
                    continue
                if incident.revision <= seen.get(incident.incident_id, 0):
                    continue
                seen[incident.incident_id] = incident.revision
                if as_json:
                    click.echo(encode_incident(incident).decode())
                else:
                    console.print(incident_line(incident), soft_wrap=True)
            if once:
                return
    finally:
        reader.close()
