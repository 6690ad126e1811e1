"""One pass over signals: which themes and incidents there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from agents.detect.partition import DetectPartition
from agents.detect.rules import DetectRules
from agents.detect.trace import Trace, View
from schemas.incidents import Incident
from schemas.times import MINUTE_MS, format_ms
from streams.hindsight.reading import Advance
from streams.hindsight.spool import Spool

_LISTED = 12


@dataclass
class Told:
    """A theme and what it is about: all its reports, and those of the minutes asked for.

    `last`: the epoch minute of the last one.
    """

    cluster_id: str
    heard: int = 0
    reports: int = 0
    last: int = 0
    words: str = ""
    terms: tuple[str, ...] = ()


@dataclass
class Found:
    """An incident: its latest revision, epoch minutes, and its themes, the leading one first."""

    incident: Incident
    opened: int
    last: int
    members: list[str] = field(default_factory=list)


@dataclass
class Survey:
    """A product: its themes and incidents by id, and the epoch minutes it was followed in.

    What was over before `start` is not listed.
    """

    product: str
    first: int
    last: int
    start: int = 0
    themes: dict[str, Told] = field(default_factory=dict)
    incidents: dict[str, Found] = field(default_factory=dict)

    def loudest(self) -> list[Told]:
        """The themes with most reports, a dozen at most, the lowest id first of equals."""
        heard = [told for told in self.themes.values() if told.reports]
        return sorted(heard, key=lambda told: (-told.reports, told.cluster_id))[:_LISTED]

    def latest(self) -> list[Found]:
        """The incidents opened last, a dozen at most, the newest first."""
        found = [each for each in self.incidents.values() if each.last >= self.start]
        return sorted(found, key=lambda each: (-each.opened, each.incident.incident_id))[:_LISTED]

    def plain(self) -> dict[str, Any]:
        """For machines: the loudest themes and the latest incidents, times in RFC 3339."""
        return {
            "product": self.product,
            "from": format_ms(max(self.first, self.start) * MINUTE_MS),
            "to": format_ms((self.last + 1) * MINUTE_MS),
            "themes": [
                {
                    "cluster_id": t.cluster_id,
                    "words": t.words,
                    "terms": t.terms,
                    "reports": t.reports,
                }
                for t in self.loudest()
            ],
            "incidents": [
                {
                    "incident_id": each.incident.incident_id,
                    "opened_at": each.incident.opened_at,
                    "status": each.incident.status,
                    "title": each.incident.title,
                    "cluster_ids": each.members,
                }
                for each in self.latest()
            ],
        }

    def note(self, view: View) -> None:
        """Take a closed minute."""
        self.last = view.minute
        for heard in view.heard():
            told = self.themes.setdefault(heard.cluster_id, Told(heard.cluster_id))
            before, told.last = told.heard, view.minute
            told.heard += heard.events
            if view.minute >= self.start:
                told.reports += heard.events
            # Words are looked for whenever a theme has doubled: it may be forgotten at the end.
            if told.heard.bit_length() > before.bit_length():
                told.words, told.terms = view.words(heard.key), tuple(view.terms(heard.key))
        for revision in view.judge.revisions:
            incident = revision.incident
            found = self.incidents.setdefault(
                incident.incident_id, Found(incident, view.minute, view.minute)
            )
            found.incident, found.last = incident, view.minute
        for incident_id, members in view.open_incidents():
            found = self.incidents[incident_id]
            found.last = view.minute
            found.members += [each for each in members if each not in found.members]


def survey(
    spool: Spool, rules: DetectRules, product: str | None, span: range, advance: Advance
) -> dict[str, Survey]:
    """Go through a spool once, to the end of `span` (epoch minutes); all products, or one."""
    found: dict[str, Survey] = {}
    for view in _views(spool, rules, product, advance):
        if view.minute >= span.stop:
            break
        if view.product in spool.products:
            begun = Survey(view.product, view.minute, view.minute, span.start)
            found.setdefault(view.product, begun).note(view)
    return found


def follow(
    spool: Spool,
    rules: DetectRules,
    product: str,
    themes: list[str],
    span: range,
    advance: Advance,
) -> dict[str, list[Trace]]:
    """Traces of themes by id, one an epoch minute of `span` in which they are remembered."""
    traces: dict[str, list[Trace]] = {theme: [] for theme in themes}
    keys = {}
    for view in _views(spool, rules, product, advance):
        if view.product != product:
            continue
        if view.minute >= span.stop:
            break
        # A theme is heard when it begins, and again if it had been forgotten.
        keys.update({h.cluster_id: h.key for h in view.heard() if h.cluster_id in traces})
        if view.minute in span:
            for cluster_id, key in keys.items():
                if trace := view.trace(key):
                    traces[cluster_id].append(trace)
    return traces


def _views(
    spool: Spool, rules: DetectRules, product: str | None, advance: Advance
) -> Iterator[View]:
    """Every closed minute of every product, as the very detector of production sees it."""
    detect = DetectPartition(rules, spool.sources)
    for taken, signal in enumerate(spool.signals(product)):
        detect.take(signal, taken)
        advance(taken + 1, spool.size)
        for minute, said in detect.close_ready():
            if not said:
                yield from (detect.products[name].view(minute) for name in sorted(detect.products))
