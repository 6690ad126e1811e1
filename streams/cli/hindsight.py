"""What detect saw, as people read it at a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from agents.detect.trace import Trace
from streams.hindsight.account import (
    Account,
    Course,
    full_height,
    interesting,
    minutes_a_character,
    sparkline,
)
from streams.hindsight.question import clock
from streams.hindsight.survey import Found, Survey
from windows.scan import LENGTHS
from windows.texts import clean

_WIDE = 1_000


def _console() -> Console:
    # Feedback text is hostile, so no markup; and an id that is cut cannot be copied.
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=True, width=_WIDE)


def show_survey(survey: Survey) -> None:
    """The loudest themes and the latest incidents, with what to type to have one explained."""
    console = _console()
    first = max(survey.first, survey.start)
    console.print(f"{clean(survey.product)}, {clock(first)} to {clock(survey.last)} UTC")
    themes = Table("theme", "reports", "last", "about", box=None)
    for told in survey.loudest():
        themes.add_row(told.cluster_id, f"{told.reports:,}", clock(told.last), clean(told.words))
    console.print(themes)
    if not survey.incidents:
        console.print("No incident was opened.")
    else:
        table = Table("incident", "opened", "now", "title", box=None)
        for found in survey.latest():
            incident = found.incident
            row = (incident.incident_id, clock(found.opened), incident.status)
            table.add_row(*row, clean(incident.title))
        console.print(table)
    console.print("Add an incident's id, --theme with a theme's, or --about with some words.")


def show_account(account: Account) -> None:
    """Counts against what was expected, the scores, and what was decided."""
    console = _console()
    lead = account.courses[0]
    theme = lead.theme
    console.print(f"{clean(account.product)}: {clean(theme.words)} (theme {theme.cluster_id})")
    if account.incident is not None:
        found = account.incident
        now = found.incident
        console.print(
            f"incident {now.incident_id}, opened {clock(found.opened)}, now {now.status}:"
            f" {clean(now.title)}"
        )
    first, last = lead.traces[0].minute, lead.traces[-1].minute
    console.print(
        f"{clock(first)} to {clock(last)} UTC: {lead.reports:,} reports where"
        f" {lead.expected:,.1f} were expected"
    )
    _show_lines(console, lead)
    console.print(_table(lead, account.incident))
    _show_key(console, account)
    for course in account.courses[1:]:
        highest = max(trace.score for trace in course.traces)
        console.print(
            f"also part of it: {clean(course.theme.words)} (theme {course.theme.cluster_id}),"
            f" {course.reports:,} reports, {course.expected:,.1f} expected, highest score"
            f" {highest:.1f}"
        )


def _show_lines(console: Console, course: Course) -> None:
    counts = [trace.count for trace in course.traces]
    means = [trace.expected for trace in course.traces]
    most, step = full_height(counts, means), minutes_a_character(course.traces)
    each = "a sign a minute" if step == 1 else f"a sign for the highest of {step} minutes"
    console.print(f"reports   {sparkline(counts, step, most)}  at most {max(counts)} a minute")
    console.print(f"expected  {sparkline(means, step, most)}  {each}")


def _table(course: Course, named: Found | None) -> Table:
    known = named.incident.incident_id if named else None
    table = Table("time", box=None)
    for name in ("reports", "expected", "usual", *(f"{n} min" for n in LENGTHS)):
        table.add_column(name, justify="right")
    table.add_column("for whom")
    table.add_column("decided")
    for trace in interesting(course.traces):
        table.add_row(
            clock(trace.minute)[11:],
            str(trace.count),
            f"{trace.expected:.1f}",
            f"{trace.low}-{trace.high}",
            *_scores(trace),
            _whom(trace),
            trace.why
            if trace.incident_id in (None, known)
            else f"{trace.why} ({trace.incident_id})",
        )
    return table


def _whom(trace: Trace) -> str:
    if not trace.scales:
        return "-"
    return clean("=".join(trace.attribute)) if trace.attribute else "all"


def _scores(trace: Trace) -> list[str]:
    by_length = {scale.window_minutes: scale.score for scale in trace.scales}
    return [f"{by_length[n]:.1f}" if n in by_length else "-" for n in LENGTHS]


def _show_key(console: Console, account: Account) -> None:
    threshold = account.courses[0].telling.threshold
    often = (
        f", which errs about {threshold.false_per_week:g} times per product and week"
        if threshold.false_per_week is not None
        else ""
    )
    console.print(
        "usual: 95 of 100 minutes. The scores say how far reports are above what is expected over"
        f" the last {LENGTHS[0]} to {LENGTHS[-1]} minutes, together with what rises at once; at"
        f" sensitivity {account.sensitivity} {threshold.score:.1f} opens an incident{often}."
    )
