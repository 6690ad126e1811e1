"""`groundswell dead-letters`: what was refused, and why."""

import click

from streams.cli.options import cluster, connect


@click.group(name="dead-letters")
def dead_letters() -> None:
    """List, show and requeue refused records.

    A dead letter is named by where its record was read: topic-partition@offset.
    """


def _box(bootstrap: str | None, prefix: str | None):  # type: ignore[no-untyped-def]
    from streams.dead_letters import DeadLetterBox
    from streams.settings import load

    settings = load(overrides={"bootstrap": bootstrap, "prefix": prefix})
    return DeadLetterBox(connect(settings), settings.prefix)


@dead_letters.command(name="list")
@cluster
@click.option("--reason", help="Only this reason.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
def list_letters(bootstrap: str | None, prefix: str | None, reason: str | None, limit: int) -> None:
    """A line a dead letter, the newest last; then the counts by reason."""
    from collections import Counter

    from schemas.times import format_ms

    letters = [
        kept.letter
        for kept in _box(bootstrap, prefix).all()
        if reason is None or kept.letter.reason == reason
    ]
    for letter in letters[-limit:]:
        click.echo(f"{format_ms(letter.time_ms)}  {letter.id}  {letter.reason}  {letter.detail}")
    counts = Counter(letter.reason for letter in letters)
    reasons = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    click.echo(f"{len(letters)} dead letters{': ' + reasons if reasons else ''}")


@dead_letters.command()
@cluster
@click.argument("identity")
def show(bootstrap: str | None, prefix: str | None, identity: str) -> None:
    """The original bytes of one record, on standard output, and its story on standard error."""
    kept = _box(bootstrap, prefix).find(identity)
    click.echo(f"{kept.letter.reason}: {kept.letter.detail}", err=True)
    click.get_binary_stream("stdout").write(kept.value or b"")


@dead_letters.command()
@cluster
@click.argument("identities", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every dead letter.")
@click.option("--reason", help="Every dead letter with this reason.")
def requeue(
    bootstrap: str | None,
    prefix: str | None,
    identities: tuple[str, ...],
    everything: bool,
    reason: str | None,
) -> None:
    """Write records back to the topics they came from, as they were."""
    if bool(identities) + everything + (reason is not None) != 1:
        raise click.UsageError("name records, or give --reason, or --all")
    box = _box(bootstrap, prefix)
    if identities:
        letters = [box.find(identity) for identity in identities]
    else:
        letters = [kept for kept in box.all() if everything or kept.letter.reason == reason]
    box.requeue(letters)
    click.echo(f"{len(letters)} records requeued")
