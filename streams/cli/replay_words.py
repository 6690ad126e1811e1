"""Plan, result and comparison of replays as people read them."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from agents.incidents.words import where
from schemas.times import format_ms
from streams.cli.words import show_counts, when
from streams.replay.account import Account
from streams.replay.diff import Diff
from streams.replay.plan import Plan, Stretch
from streams.replay.stories import Story
from windows.texts import clean

_WIDE = 1000
_MIB = 1024 * 1024


def console() -> Console:
    """For words that may be hostile, and names that must not be cut."""
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=True, width=_WIDE)


def show_plan(plan: Plan) -> None:
    """What will be read."""
    out, asked = console(), plan.range
    out.print(
        f"Replay of {asked.words}, cluster {plan.cluster_id}, as of {format_ms(plan.planned_ms)}"
    )
    if asked.warm_up:
        out.print(
            f"warm-up: records since {format_ms(asked.read_from_ms)} are read, nothing is told"
        )
    if asked.products:
        out.print(f"products: {', '.join(map(clean, asked.products))}")
    out.print(f"code {plan.code}, rules {plan.rules}")
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("partition", no_wrap=True)
    for name in ("start", "end", "records", "MiB"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("first record (UTC)", no_wrap=True)
    table.add_column("", no_wrap=True)
    for stretch in plan.stretches:
        name = f"{plan.prefix}{stretch.topic}-{stretch.partition}"
        table.add_row(
            name,
            str(stretch.start),
            str(stretch.end),
            f"{stretch.records:,}",
            f"{stretch.bytes / _MIB:,.1f}",
            when(format_ms(stretch.first_ms)) if stretch.first_ms is not None else "-",
            _remark(stretch),
        )
    for topic in plan.missing:
        table.add_row(plan.prefix + topic, "-", "-", "-", "-", "-", "no such topic")
    with out.capture() as lines:
        out.print(table)
    # Without what fills them up, which a narrow terminal would wrap.
    click.echo("\n".join(map(str.rstrip, lines.get().splitlines())))
    size = sum(stretch.bytes for stretch in plan.stretches) / _MIB
    out.print(f"at most {plan.records:,} records; about {size:,.1f} MiB, by a sample")
    if more := plan.size - plan.records:
        out.print(f"and {more:,} records after the range, to complete its last minutes")


def _remark(stretch: Stretch) -> str:
    if stretch.clipped:
        return f"clipped: offsets before {stretch.low} are deleted"
    return "" if stretch.size else "nothing in the range"


def show_account(account: Account, where: str) -> None:
    """What became of the records, and what was said."""
    rows = [
        ("incidents", f"{account.incidents} ({account.revisions} revisions, in {where})"),
        ("sha256", account.sha256),
        ("time", f"{account.seconds:.1f} s"),
    ]
    if account.unknown:
        rows.append(("unknown", f"no record is of product {', '.join(account.unknown)}"))
    if account.lost:
        rows.append(("lost", f"{account.lost:,} offsets, deleted by retention after the plan"))
    show_counts(console(), account.records, account.counters, rows)


def show_diff(diff: Diff) -> None:
    """What the second one has otherwise, in order of time."""
    out = console()
    if diff.span_ms is not None:
        out.print(f"compared from {format_ms(diff.span_ms[0])} to {format_ms(diff.span_ms[1])}")
    if diff.products is not None:
        out.print(f"products: {', '.join(sorted(map(clean, diff.products)))}")
    for name, stories in (("gained", diff.gained), ("lost", diff.lost)):
        for story in stories:
            out.print(f"{name:8} {_line(story)}")
    for name, pairs in (("earlier", diff.earlier), ("later", diff.later)):
        for pair in pairs:
            out.print(f"{name:8} {_line(pair.after)}: by {abs(pair.minutes)} min")
    for pair in diff.changed:
        before, after = pair.before, pair.after
        news = []
        if before.severity != after.severity:
            news.append(f"{before.severity} became {after.severity}")
        if before.slice != after.slice:
            news.append(f"for whom: {_whom(before)} became {_whom(after)}")
        out.print(f"{'changed':8} {_line(after)}: {'; '.join(news)}")
    out.print(
        f"{len(diff.gained)} gained, {len(diff.lost)} lost, {len(diff.earlier)} earlier,"
        f" {len(diff.later)} later, {len(diff.changed)} changed, {diff.same} the same"
        + (f" ({diff.worded} of them with other counts or words)" if diff.worded else "")
    )


def _line(story: Story) -> str:
    return f"{when(format_ms(story.seen_ms))} {story.severity:8} {clean(story.title)}"


def _whom(story: Story) -> str:
    return clean(where(story.slice)) or "everybody"
