"""Everything about one incident on one screen; times are UTC."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from agents.incidents.words import where
from schemas.causes import Hypothesis, Rca
from schemas.incidents import Incident
from streams.cli.words import severity_style, when
from windows.texts import clean

Row = Sequence[str | Text]
_BARS = "·▁▂▃▄▅▆▇█"


def show_card(
    console: Console, incident: Incident, revisions: Sequence[Incident], lang: str
) -> None:
    """The latest revision as people read it, in the end the history; `lang` is zh or en."""
    head = Text.assemble(
        (incident.severity, severity_style(incident.severity)),
        f"  {incident.status}  {incident.incident_id}  revision {incident.revision}",
    )
    console.print(head, soft_wrap=True)
    console.print(Text(clean(incident.title), "bold"))
    _print(console, "", _facts(incident))
    _print(console, _of_causes(incident.rca), _causes(incident.rca, lang))
    steps = incident.rca.next_steps_zh if lang == "zh" else ()
    _print(console, "Check first", _numbered(steps or incident.rca.next_steps))
    for title, rows in _sections(incident):
        _print(console, title, rows)
    _print(console, "History", _history(revisions))


def _print(console: Console, title: str, rows: Iterable[Row]) -> None:
    # No control or invisible character of a text may reach the terminal.
    shown = [[Text(clean(c)) if isinstance(c, str) else c for c in row] for row in rows]
    if not shown:
        return
    grid = Table.grid(padding=(0, 2))
    for place in range(last := len(shown[0]) - 1):
        grid.add_column(no_wrap=place < last)
    grid.add_column(overflow="fold")
    for row in shown:
        grid.add_row(*row)
    console.print()
    if title:
        console.print(Text(clean(title), "bold"))
    console.print(grid)


def _facts(incident: Incident) -> Iterator[Row]:
    seen, impact, onset = incident.observed, incident.impact, incident.onset
    yield (
        "severity",
        incident.severity_reason or f"{impact.users} people, {seen.lift} times the usual",
    )
    earliest = f" (earliest {when(onset.earliest)})" * (onset.earliest != onset.estimate)
    ended = f", resolved {when(incident.resolved_at)}" if incident.resolved_at else ""
    yield "since", f"{when(onset.estimate)}{earliest}, opened {when(incident.opened_at)}{ended}"
    count = f"{seen.count} in {seen.window_minutes} min, {seen.expected:g} expected"
    yield "observed", f"{count} ({seen.lift:g} times)"
    if course := incident.course:
        yield "per minute", f"{_bars(course.observed)} from {when(course.start)}"
    yield "impact", f"{impact.users} people ({impact.low} to {impact.high}): {impact.basis}"
    yield "channels", ", ".join(f"{name} {n}" for name, n in sorted(incident.channels.items()))
    yield from _whom(incident)
    if incident.service:
        yield "service", incident.service
    yield from _handling(incident)


def _bars(counts: Sequence[int]) -> str:
    """Counts as a line of bars, the highest full."""
    most = max(counts, default=0) or 1
    return "".join(_BARS[-(-count * (len(_BARS) - 1) // most)] for count in counts)


def _whom(incident: Incident) -> Iterator[Row]:
    place = incident.slice
    if place.abstained:
        yield "for whom", f"not clear: {place.reason}"
    else:
        yield "for whom", _share(place.attributes, place.share, place.lift)
    for other in place.candidates:
        if other.attributes != place.attributes:
            yield "or", _share(other.attributes, other.share, other.lift)
    for one in incident.unaffected:
        share = f"{one.share:.0%} of the excess, usually {one.usual_share:.0%}"
        yield "not for", f"{one.attribute}={one.value}: {share}"


def _share(attributes: dict[str, str], share: float, lift: float) -> str:
    return f"{where(attributes)}: {share:.0%} of the excess, {lift:g} times its usual share"


def _handling(incident: Incident) -> Iterator[Row]:
    if ack := incident.acknowledgement:
        yield "handled by", f"{ack.by} since {when(ack.at)}, until {when(ack.until)}"
    elif incident.status != "resolved":
        yield "handled by", "nobody yet"
    if silence := incident.silence:
        yield "silenced by", f"{silence.by} until {when(silence.until)}"
    if said := incident.opinions:
        votes = f"useful {said.useful}, not useful {said.not_useful}"
        yield "feedback", f"{votes}: its theme's threshold is {said.factor:g} times the product's"
    if incident.previous_incident_id:
        yield "before", incident.previous_incident_id


def _of_causes(rca: Rca) -> str:
    reason = f": {rca.reason}" if rca.reason else ""
    return f"Possible causes ({rca.source}, {rca.status}{reason})"


def _causes(rca: Rca, lang: str) -> Iterator[Row]:
    for number, guess in enumerate(rca.hypotheses, 1):
        cited = ", ".join(guess.evidence_ids)
        yield f"{number}", guess.confidence, f"{_cause(guess, lang)} [{cited}]"
    if not rca.hypotheses:
        yield "", "none", "that anything here would bear out"


def _cause(guess: Hypothesis, lang: str) -> str:
    return (guess.cause_zh if lang == "zh" else "") or guess.cause


def _numbered(steps: Iterable[str]) -> Iterator[Row]:
    for number, step in enumerate(steps, 1):
        yield f"{number}", step


def _sections(incident: Incident) -> Iterator[tuple[str, Iterable[Row]]]:
    head = " (this one is likely the head)" * (incident.head_incident_id == incident.incident_id)
    yield "Changes near the onset", _changes(incident)
    yield "What was said", ((e.id, e.channel, when(e.time), e.text) for e in incident.evidence)
    yield "Log lines that rose", _risen(incident)
    yield "Like it in the past", _past(incident)
    yield f"Perhaps the same trouble{head}", _related(incident)
    yield "Notes", ((when(note.at), note.by, note.text) for note in incident.notes)


def _changes(incident: Incident) -> Iterator[Row]:
    for one in incident.changes:
        fits = _minutes(one.minutes_before_onset, one.fits)
        yield one.id, when(one.time), f"{one.summary} ({fits})"


def _risen(incident: Incident) -> Iterator[Row]:
    for one in incident.risen:
        count = f"{one.count} ({one.expected:g} expected)"
        yield one.id, count, f"{one.lead_minutes} min before", one.template


def _past(incident: Incident) -> Iterator[Row]:
    for one in incident.past:
        ended = one.resolution or "not said"
        yield one.id, f"{one.similarity:.0%} alike", f"{one.title}; ended by: {ended}"


def _related(incident: Incident) -> Iterator[Row]:
    for one in incident.related:
        head = "likely the head: " * (one.incident_id == incident.head_incident_id)
        yield one.incident_id, f"{head}{one.title} (shares {', '.join(one.shares)})"
    named = {one.incident_id for one in incident.related}
    for other in incident.related_incident_ids:
        if other not in named:
            yield other, ""


def _minutes(before: int, fits: Sequence[str]) -> str:
    distance = f"{before} min before" if before >= 0 else f"{-before} min after"
    return distance + (f", fits {', '.join(fits)}" if fits else "")


def _history(revisions: Sequence[Incident]) -> list[Row]:
    return [
        (f"r{one.revision}", when(one.updated_at), one.status, one.change_reason)
        for one in revisions
    ]
