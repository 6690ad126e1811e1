"""`groundswell changes`: deploys, flags and configuration changes, in and listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from streams.cli.options import Span, cluster, connect

if TYPE_CHECKING:
    from streams.changes.log import ChangeLog
    from streams.settings import Settings


@click.group()
def changes() -> None:
    """Tell Groundswell what was changed, so that incidents can name it.

    \b
    groundswell changes add "checkout 7.2.0 rolled out" --product wallet \\
        --service checkout --attribute app_version=7.2.0
    groundswell changes list --since 24h
    groundswell changes serve
    """


def _settings(bootstrap: str | None, prefix: str | None, **other: object) -> Settings:
    from streams.settings import load

    return load(overrides={"bootstrap": bootstrap, "prefix": prefix, **other})


def _log(bootstrap: str | None, prefix: str | None) -> ChangeLog:
    from streams.changes.log import ChangeLog

    settings = _settings(bootstrap, prefix)
    return ChangeLog(connect(settings), settings.prefix)


class _Attribute(click.ParamType):
    name = "attribute"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Name and value."""
        name, equals, text = str(value).partition("=")
        if not (name and equals and text):
            self.fail(f"{value!r}: write NAME=VALUE", param, ctx)
        return name, text


class _Time(click.ParamType):
    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Epoch milliseconds."""
        from schemas.times import EARLIEST_MS, LATEST_MS, parse_ms

        try:
            moment = parse_ms(str(value))
        except ValueError:
            self.fail(f"{value!r}: write it like 2026-11-20T09:14:03Z", param, ctx)
        if not EARLIEST_MS <= moment <= LATEST_MS:
            self.fail(f"{value!r}: it is not within 2000 and 2100", param, ctx)
        return moment


@changes.command()
@cluster
@click.argument("summary")
@click.option("--product", default="", help="The product; without it any may be concerned.")
@click.option("--service", default="", help="The service, as events name it.")
@click.option(
    "--attribute",
    "attributes",
    type=_Attribute(),
    multiple=True,
    metavar="NAME=VALUE",
    help="What it concerns, as events name it, such as app_version=7.2.0; may be repeated.",
)
@click.option("--time", "time_ms", type=_Time(), metavar="RFC3339", help="When; by default now.")
@click.option("--id", "given", help="Its id; by default made of its content and time.")
@click.option("--link", "links", multiple=True, metavar="URL", help="Where to read more.")
def add(
    bootstrap: str | None,
    prefix: str | None,
    summary: str,
    product: str,
    service: str,
    attributes: tuple[tuple[str, str], ...],
    time_ms: int | None,
    given: str | None,
    links: tuple[str, ...],
) -> None:
    """Add one: a deploy, a flag, a configuration.

    An id that is on the log already is left alone, so a job may be repeated: give --id, or the
    same --time again.
    """
    import asyncio

    from schemas.changes import ChangeMessage, Link
    from sinks.clock import now_ms
    from streams.changes.errors import BadChanges, BadForm
    from streams.changes.form import digest

    if len(dict(attributes)) < len(attributes):
        raise click.BadParameter(
            "each name once; add a change for each value", param_hint="--attribute"
        )
    now = now_ms()
    moment = now if time_ms is None else time_ms
    if bad := [link for link in links if not link.startswith(("https://", "http://"))]:
        raise click.BadParameter(f"{bad[0]!r}: write https://...", param_hint="--link")
    try:
        said = (summary, product, service, *(f"{n}={v}" for n, v in sorted(attributes)))
        change_id = given or f"cli-{digest(*said, str(moment))}"
        log = _log(bootstrap, prefix)
        if any(change.id == change_id for change in log.all()):
            click.echo(f"{change_id} is on the log already")
            return
        message = ChangeMessage(
            id=change_id,
            time=moment,
            summary=summary,
            product=product or None,
            service=service or None,
            attributes=dict(attributes) or None,
            links=[Link(link) for link in links],
        )
        asyncio.run(log.add(message, now))
    except BadForm as error:
        raise BadChanges(f"this is no change: {error}") from None
    click.echo(f"{change_id} added")


@changes.command(name="list")
@cluster
@click.option("--since", type=Span(), default="24h", show_default=True, help="So far back.")
@click.option("--json", "as_json", is_flag=True, help="One JSON a line.")
def list_changes(bootstrap: str | None, prefix: str | None, since: int, as_json: bool) -> None:
    """List them, the latest first."""
    import msgspec
    from rich.console import Console

    from schemas.times import MINUTE_MS
    from sinks.clock import now_ms
    from streams.cli.words import change_table

    log = _log(bootstrap, prefix)
    oldest = now_ms() - since * MINUTE_MS
    found = sorted(
        (change for change in log.all() if change.time_ms >= oldest),
        key=lambda change: (-change.time_ms, change.id),
    )
    if as_json:
        for change in found:
            click.echo(msgspec.json.encode(change).decode())
    elif found:
        Console(highlight=False).print(change_table(found))
    else:
        click.echo("no change since then; see: groundswell changes list --help")


@changes.command()
@cluster
@click.option("--host", help="Where to listen (changes_host); elsewhere than here needs a secret.")
@click.option("--port", type=click.IntRange(0, 65535), help="changes_port; 0: any free one.")
@click.option("--rules", metavar="FILE", help="Which product a change concerns (changes_file).")
def serve(
    bootstrap: str | None, prefix: str | None, host: str | None, port: int | None, rules: str | None
) -> None:
    """Take changes over HTTP. A webhook for those who deploy, until SIGTERM or Ctrl-C.

    \b
    POST /v2/change/enqueue  PagerDuty change events (also /pagerduty)
    POST /github             GitHub: deployment_status, deployment
    POST /gitlab             GitLab: deployment events
    POST /changes            {"summary": ..., "product": ..., ...} with a bearer token

    Secrets and rules: docs/changes.md. Logs are JSON on standard error.
    """
    import asyncio

    from streams.changes.serve import serve as run
    from streams.logs import set_up

    given = {"changes_host": host, "changes_port": port, "changes_file": rules}
    settings = _settings(bootstrap, prefix, **given)
    set_up()
    asyncio.run(run(settings, connect(settings)))
