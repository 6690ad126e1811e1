"""`groundswell edge publish|rollout|refresh|status`: what reaches the devices."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from streams.cli.package_options import (
    Passphrases,
    desk,
    keys_option,
    now,
    repository_option,
    send,
    where,
)

if TYPE_CHECKING:
    from schemas.packages import Manifest, Stage
    from streams.edge.repository import Repository

_STAGE = re.compile(r"(?:([a-z0-9][a-z0-9_-]{0,40})=)?(\d{1,3})")
_channel = click.option("--channel", default="stable", show_default=True)


@click.command()
@click.argument("folder", metavar="[PACKDIR]", required=False, type=click.Path(path_type=Path))
@_channel
@click.option("--version", type=click.IntRange(min=1), help="It only grows.")
@click.option("--notes", default="", help="What a person at the device reads about it.")
@click.option(
    "--rollout",
    "stages",
    metavar="[GROUP=]PERCENT",
    multiple=True,
    help="So many of a group's devices, or of all, may install it (default: all).",
)
@click.option("--least-app", default="", help="Oldest version of the application it works with.")
@click.option(
    "--expires",
    type=click.IntRange(1, 3650),
    metavar="DAYS",
    help="After so many days no device installs it any more; what is installed goes on (180).",
)
@click.option(
    "--withdraw",
    type=click.IntRange(min=1),
    metavar="VERSION",
    help="Instead of PACKDIR: this one shall not run any more, the content before it comes back.",
)
@click.option(
    "--supported",
    type=click.IntRange(0, 50),
    default=5,
    show_default=True,
    help="Releases from which there are differences.",
)
@repository_option
@keys_option
@where
def publish(
    folder: Path | None,
    channel: str,
    version: int | None,
    notes: str,
    stages: tuple[str, ...],
    least_app: str,
    expires: int | None,
    withdraw: int | None,
    supported: int,
    place: Path,
    keys: Path,
    passphrases: tuple[Path, ...],
    out: Path | None,
    bootstrap: str | None,
    prefix: str | None,
) -> None:
    """Publish the pack in PACKDIR to the topic edge.packages, or with --folder for a stick.

    It is checked, its differences from older releases are made and proved, then it is signed. If
    other holders of keys must sign, the exit code is 3 and the line says how. The same command
    again goes on wherever it was interrupted, and does nothing if all is done.

    \b
    groundswell edge publish agents/records/data --version 1
    groundswell edge publish pack-2 --version 2 --rollout trial=100 --rollout 10
    groundswell edge publish --withdraw 2
    """
    from streams.cli.progress import progress
    from streams.edge.keys import KeyFolder
    from streams.edge.packing import check_name, read_pack
    from streams.edge.publisher import Publisher
    from streams.edge.releases import Plan
    from streams.edge.repository import Repository

    check_name(channel, "channel")
    if (folder is None) == (withdraw is None):
        raise click.UsageError("give PACKDIR or --withdraw")
    if folder is not None and version is None:
        raise click.UsageError("give --version")
    contents = read_pack(folder) if folder is not None else {}
    rollout = _stages(stages or ("100",))
    repository = Repository(place)
    days = {"targets": expires} if expires else {}
    with repository.alone(), progress() as report:
        made = desk(repository, KeyFolder(keys), Passphrases(passphrases).ask, days)
        publisher = Publisher(made, report)
        today = now().date().isoformat()
        if withdraw is not None:
            manifest = publisher.withdraw(channel, withdraw, today)
        else:
            plan = Plan(channel, version or 0, today, "records", rollout, (), least_app, notes)
            manifest = publisher.publish(plan._replace(supported=supported), contents)
        report(f"publishing {channel} {manifest.version}")
        told = send(repository, out, bootstrap, prefix)
    _show_release(repository, channel, manifest)
    click.echo(told)


@click.command()
@click.argument("stages", metavar="[GROUP=]PERCENT...", nargs=-1, required=True)
@_channel
@repository_option
@keys_option
@where
def rollout(
    stages: tuple[str, ...],
    channel: str,
    place: Path,
    keys: Path,
    passphrases: tuple[Path, ...],
    out: Path | None,
    bootstrap: str | None,
    prefix: str | None,
) -> None:
    """Let more devices install the release that is out; never fewer.

    \b
    groundswell edge rollout trial=100 50
    """
    from streams.edge.keys import KeyFolder
    from streams.edge.publisher import Publisher
    from streams.edge.repository import Repository

    repository = Repository(place)
    wanted = _stages(stages)
    with repository.alone():
        publisher = Publisher(
            desk(repository, KeyFolder(keys), Passphrases(passphrases).ask), click.echo
        )
        manifest = publisher.widen(channel, wanted)
        told = send(repository, out, bootstrap, prefix)
    click.echo(f"{channel} {manifest.version}: {_told(manifest.rollout)}")
    click.echo(told)


@click.command()
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice(["root", "targets"]),
    help="These too, which other holders may have to sign.",
)
@click.option(
    "--days",
    type=click.IntRange(1, 3650),
    help="How long snapshot and timestamp hold (30 and 14); more for sticks that travel.",
)
@repository_option
@keys_option
@where
def refresh(
    roles: tuple[str, ...],
    days: int | None,
    place: Path,
    keys: Path,
    passphrases: tuple[Path, ...],
    out: Path | None,
    bootstrap: str | None,
    prefix: str | None,
) -> None:
    """Sign again what expires soon, finish what waited for signatures, and publish.

    Run it once a day, with the keys of snapshot and timestamp at hand. Where metadata has expired a
    device installs nothing, and goes on running.
    """
    from streams.edge.keys import KeyFolder
    from streams.edge.publisher import Publisher
    from streams.edge.repository import Repository

    repository = Repository(place)
    longer = {"snapshot": days, "timestamp": days} if days else {}
    with repository.alone():
        ask = Passphrases(passphrases).ask
        made = desk(repository, KeyFolder(keys), ask, longer, root="root" in roles)
        waiting = Publisher(made, click.echo).refresh(roles)
        told = send(repository, out, bootstrap, prefix) if repository.targets() else ""
    _show_roles(repository, now())
    click.echo(told or "nothing is published yet")
    if waiting is not None:
        raise waiting


@click.command()
@repository_option
@where
def status(place: Path, out: Path | None, bootstrap: str | None, prefix: str | None) -> None:
    """Print what is out: releases, sizes, roll-out, what expires when and who must still sign.

    With --folder or a Kafka that is named, also whether that is what is there.
    """
    from streams.edge.repository import Repository

    repository = Repository(place)
    for channel, manifest in sorted(repository.manifests().items()):
        _show_release(repository, channel, manifest)
    _show_roles(repository, now())
    told = _compare(repository, out, bootstrap, prefix)
    if told:
        click.echo(told)


def _stages(given: tuple[str, ...]) -> tuple[Stage, ...]:
    from schemas.packages import Stage

    found: dict[str, int] = {}
    for word in given:
        parts = _STAGE.fullmatch(word)
        if parts is None or int(parts[2]) > 100 or (parts[1] or "") in found:
            raise click.UsageError(f"{word!r}: write PERCENT once, and GROUP=PERCENT once a group")
        found[parts[1] or ""] = int(parts[2])
    return tuple(Stage(group, percent) for group, percent in sorted(found.items()))


def _told(stages: tuple[Stage, ...]) -> str:
    named = [f"{one.group}: {one.percent} %" for one in stages if one.group]
    rest = [f"{'others' if named else 'all'}: {s.percent} %" for s in stages if not s.group]
    return ", ".join(named + rest)


def _show_release(repository: Repository, channel: str, manifest: Manifest) -> None:
    from rich.console import Console
    from rich.table import Table

    from streams.edge.releases import fetched, rows

    table = Table(box=None)
    for name in ("file", "from", "by", "bytes", "% of file"):
        right = name in ("bytes", "% of file")
        table.add_column(name, justify="right" if right else "left", no_wrap=True)
    for row in rows(repository, channel, manifest):
        versions = ", ".join(map(str, row.versions)) or "any"
        table.add_row(row.path, versions, row.algorithm, f"{row.size:,}", f"{row.share:.1%}"[:-1])
    withdrawn = "".join(f", {version} withdrawn" for version in manifest.withdrawn)
    click.echo(
        f"{channel} {manifest.version} of {manifest.released}, {_told(manifest.rollout)}{withdrawn}"
    )
    Console(width=max(80, Console().width)).print(table)
    for older in [m for m in repository.releases(channel) if m.version < manifest.version]:
        size, whole = fetched(manifest, older)
        click.echo(f"from {older.version}: {size:,} bytes, {size / whole:.1%} of {whole:,}")


def _show_roles(repository: Repository, moment: datetime) -> None:
    from streams.edge.signing import signatures

    for role, one in signatures(repository):
        left = one.expires - moment
        held = f"{left.days} days left" if left.total_seconds() > 0 else "EXPIRED"
        click.echo(
            f"{role} {one.version}: until {one.expires:%Y-%m-%d %H:%M} UTC, {held}{one.told}"
        )


def _compare(
    repository: Repository, out: Path | None, bootstrap: str | None, prefix: str | None
) -> str:
    from schemas.topics import PACKAGES
    from streams.edge import mirror, topic
    from streams.edge.tree import Tree
    from streams.settings import load

    if out is not None:
        ahead = mirror.ahead(Tree(repository, now()), out)
        place = str(out)
    else:
        settings = load(overrides={"bootstrap": bootstrap, "prefix": prefix})
        if not settings.bootstrap:
            return ""
        from streams.security import cluster_of

        place = f"topic {settings.topic(PACKAGES)}"
        ahead = topic.ahead(Tree(repository, now()), cluster_of(settings), settings.prefix)
    return f"{place}: as here" if not ahead else f"{place}: {ahead} files differ"
