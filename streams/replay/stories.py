"""Incidents of a file of revisions, each as one story."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from schemas.errors import NotOurs
from schemas.incidents import RANK, Incident, Severity, decode_incident
from schemas.times import parse_ms
from streams.replay.account import INCIDENTS, read_account
from streams.replay.errors import NoIncidents

OPEN = 1 << 62
"""The end of an incident that is not over."""


@dataclass
class Story:
    """One incident. `seen_ms`: when it was detected; `end_ms`: when it was over, or OPEN.

    `severity` is the highest, `terms`, `title` and `slice` the latest; `digest` is over all bytes.
    """

    incident_id: str
    key: str
    product: str
    seen_ms: int
    severity: Severity
    end_ms: int = OPEN
    title: str = ""
    slice: dict[str, str] = field(default_factory=dict)
    terms: frozenset[str] = frozenset()
    revision: int = 0
    digest: bytes = b""

    def add(self, incident: Incident, line: bytes) -> None:
        """One more revision, whatever the order they come in."""
        if RANK[incident.severity] > RANK[self.severity]:
            self.severity = incident.severity
        # No order of lines, and none said twice, makes a difference.
        each = sha256(line.rstrip()).digest()
        self.digest = bytes(a ^ b for a, b in zip(self.digest or bytes(32), each, strict=True))
        if incident.revision > self.revision:
            self.revision = incident.revision
            self.end_ms = parse_ms(incident.resolved_at) if incident.resolved_at else OPEN
            self.title = incident.title
            self.slice = incident.slice.attributes
            self.terms = frozenset(incident.grouping.terms)

    @property
    def is_of(self) -> tuple[int, str, str]:
        """Its place among others: by time, product and id."""
        return (self.seen_ms, self.product, self.incident_id)


@dataclass(frozen=True)
class Telling:
    """All stories of a file, in order of time.

    `span_ms`: what was looked at, if that is known; `products`: which ones, if not all.
    """

    path: Path
    stories: list[Story]
    span_ms: tuple[int, int] | None = None
    products: frozenset[str] | None = None


def read_telling(path: Path) -> Telling:
    """The incidents of a folder of a replay or of a JSONL file. Raises NoIncidents."""
    file = path / INCIDENTS if path.is_dir() else path
    stories: dict[str, Story] = {}
    seen: set[bytes] = set()
    try:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                _take(line, f"{file} line {number}", stories, seen)
    except OSError as error:
        raise NoIncidents(f"cannot read {file}: {error.strerror}") from None
    found = Telling(path, sorted(stories.values(), key=lambda s: s.is_of))
    # The account of a replay stands beside its incidents.
    account = read_account(file.parent) if file.name == INCIDENTS else None
    if account is None:
        return found
    span = (parse_ms(account.start), parse_ms(account.stop))
    return replace(found, span_ms=span, products=frozenset(account.products) or None)


def _take(line: bytes, where: str, stories: dict[str, Story], seen: set[bytes]) -> None:
    if not line.strip() or (known := sha256(line.rstrip()).digest()) in seen:
        return
    seen.add(known)
    try:
        incident = decode_incident(line)
        seen_ms = parse_ms(incident.detected_at)
    except (NotOurs, ValueError) as error:
        raise NoIncidents(f"{where} is no incident: {error}") from None
    story = stories.setdefault(
        incident.incident_id,
        Story(
            incident.incident_id,
            incident.incident_key,
            incident.product,
            seen_ms,
            incident.severity,
        ),
    )
    story.add(incident, line)
