"""Which reported incident is which injected one.

A reported incident is first seen at `detected_at` of its first revision and judged by its last
revision published within ten minutes after that. It fits an injected incident if

* the product is the same,
* its onset estimate or `opened_at` lies within 5 minutes before the onset and 15 after the end,
  and it was not detected before the onset,
* at least half of its evidence texts hold a term of the theme, in whatever language (if there is
  no evidence: the title or the grouping terms do).

If several fit, the one with most such texts wins, then the nearest onset. The first that fits an
injected incident finds it; every later one (the other language, the log line) is a duplicate.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from schemas.errors import NotOurs
from schemas.incidents import Incident, decode_incident
from schemas.times import MINUTE_MS, parse_ms
from streams.simulation.errors import BadFile
from streams.simulation.truth import InjectedIncident, Truth
from streams.simulation.vocabulary import Words

_JUDGED_WITHIN_MS = 10 * MINUTE_MS
BEFORE_MS = 5 * MINUTE_MS
AFTER_MS = 15 * MINUTE_MS
_MIN_SHARE = 0.5


@dataclass(frozen=True)
class Reported:
    """A reported incident; `judged` is the revision that slice, change and theme are read from."""

    judged: Incident
    detected_ms: int
    starts_ms: tuple[int, ...]

    def began_within(self, start_ms: int, end_ms: int) -> bool:
        """Is the onset estimate or the opening within these bounds?"""
        return any(start_ms <= start <= end_ms for start in self.starts_ms)


@dataclass(frozen=True)
class Matches:
    """`found` and `duplicates` by position of the injected incident; the rest fits none."""

    found: dict[int, Reported] = field(default_factory=dict)
    duplicates: list[tuple[int, Reported]] = field(default_factory=list)
    rest: list[Reported] = field(default_factory=list)


def read_incidents(path: Path) -> list[Incident]:
    """Incident revisions, one JSON a line. Raises BadFile."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise BadFile(f"cannot read {path}: {error.strerror}") from None
    revisions = []
    for number, line in enumerate(lines, start=1):
        try:
            if line.strip():
                revisions.append(decode_incident(line))
        except NotOurs as error:
            raise BadFile(f"{path}, line {number} is no incident revision: {error}") from None
    return revisions


def reported_incidents(revisions: Iterable[Incident]) -> list[Reported]:
    """One per incident id, in order of detection; what was suppressed all along alarmed nobody."""
    by_id: dict[str, dict[int, Incident]] = {}
    for revision in revisions:
        by_id.setdefault(revision.incident_id, {})[revision.revision] = revision
    reported = [
        _reported([known[number] for number in sorted(known)])
        for known in by_id.values()
        if any(revision.status != "suppressed" for revision in known.values())
    ]
    return sorted(reported, key=lambda r: (r.detected_ms, r.judged.incident_id))


def _reported(revisions: Sequence[Incident]) -> Reported:
    first = revisions[0]
    detected_ms = parse_ms(first.detected_at)
    in_time = [
        r for r in revisions[1:] if parse_ms(r.updated_at) <= detected_ms + _JUDGED_WITHIN_MS
    ]
    judged = in_time[-1] if in_time else first
    starts = (parse_ms(judged.onset.estimate), parse_ms(first.opened_at))
    return Reported(judged, detected_ms, starts)


def match(reported: Iterable[Reported], truth: Truth) -> Matches:
    """Match incidents, given in order of detection."""
    matches = Matches()
    for incident in reported:
        fitting = [
            (-share, abs(incident.starts_ms[0] - parse_ms(injected.onset)), index)
            for index, injected in enumerate(truth.incidents)
            if _is_at(incident, injected)
            and (share := theme_share(incident.judged, injected.terms)) >= _MIN_SHARE
        ]
        if not fitting:
            matches.rest.append(incident)
        elif (index := min(fitting)[2]) in matches.found:
            matches.duplicates.append((index, incident))
        else:
            matches.found[index] = incident
    return matches


def _is_at(incident: Reported, injected: InjectedIncident) -> bool:
    onset_ms, end_ms = parse_ms(injected.onset), parse_ms(injected.end)
    return (
        incident.judged.product == injected.product
        and incident.detected_ms >= onset_ms
        and incident.began_within(onset_ms - BEFORE_MS, end_ms + AFTER_MS)
    )


def theme_share(incident: Incident, terms: Words) -> float:
    """Share of the evidence texts that hold a term; without evidence, of title and terms as one."""
    wanted = [_plain(term) for term in (*terms.zh, *terms.en, *terms.log)]
    texts = [evidence.text for evidence in incident.evidence]
    texts = texts or [" ".join((incident.title, *incident.grouping.terms))]
    holding = sum(any(term in _plain(text) for term in wanted) for text in texts)
    return holding / len(texts)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
