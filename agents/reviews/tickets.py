"""Tickets: what somebody has to look at, each matter once however many reviews show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from xxhash import xxh3_64_hexdigest

from agents.reviews.drafts import Versions
from schemas.reviews import Finding, ReviewLabel, RiskTicket, TicketKind, TicketSeverity
from schemas.times import format_ms

MAX_LISTED = 50
"""Sources and authors that a ticket names."""
MAX_QUOTES = 3
_HOUR_MS = 3_600_000
_FAKES = 3
"""Suspected fakes of one product that are worth a ticket; surer ones are so alone."""
_SURE = 0.9
_RANK: dict[TicketSeverity, int] = {"info": 0, "warning": 1, "error": 2, "critical": 3}
_CONTENT = 3.0
"""Stars above which somebody who writes well of it has no complaint."""
_LIKELY = 0.5
"""Least confidence that a person must see a review: what is only feared or supposed has less."""
_MANY = 100
"""Reviews from which a campaign is an error."""

DUE_HOURS: Mapping[TicketSeverity, float] = {
    "critical": 12.0,
    "error": 24.0,
    "warning": 72.0,
    "info": 168.0,
}
"""Hours from the end of the day until somebody should have looked."""


@dataclass(frozen=True)
class TicketRules:
    """`severities`: of a finding's reason; without one a ticket is a warning."""

    severities: Mapping[str, TicketSeverity] = field(default_factory=dict)
    due_hours: Mapping[TicketSeverity, float] = field(default_factory=lambda: DUE_HOURS)


class CampaignNote:
    """What is told of a campaign beside its reviews."""

    def __init__(self, kind: str, reasons: Sequence[str], confidence: float) -> None:
        self.kind = kind
        self.reasons = tuple(reasons)
        self.confidence = confidence


class _Matter:
    """The reviews of one ticket, as they come; the first ones are remembered."""

    def __init__(self, label: ReviewLabel, finding: Finding) -> None:
        self.product = label.product
        self.first = self.last = label.time
        self.evidence = finding
        self.reviews = 0
        self.sources: list[str] = []
        self._last = ""
        self.authors: dict[str, None] = {}
        self.quotes: dict[str, None] = {}
        self.products: set[str] = set()
        self.confidence = 0.0
        self.is_complaint = False

    def add(self, label: ReviewLabel, finding: Finding) -> None:
        """One more finding; all findings of a label come one after the other."""
        self.confidence = max(self.confidence, finding.confidence)
        if label.source == self._last:
            return
        self._last = label.source
        self.reviews += 1
        self.first, self.last = min(self.first, label.time), max(self.last, label.time)
        self.products.add(label.product)
        self.is_complaint |= label.sentiment != "positive" or (label.rating or 0.0) <= _CONTENT
        if len(self.sources) < MAX_LISTED:
            self.sources.append(label.source)
        if label.author and len(self.authors) < MAX_LISTED:
            self.authors.setdefault(label.author)
        if label.excerpt and len(self.quotes) < MAX_QUOTES:
            self.quotes.setdefault(label.excerpt)


class Tickets:
    """Gathers labels of a night in their order, and tells its tickets in the end.

    A review of a campaign belongs to the campaign's ticket alone, but for what a person must see:
    an injury is one also if it is copied.
    """

    def __init__(
        self,
        date: str,
        end_ms: int,
        campaigns: Mapping[str, CampaignNote],
        rules: TicketRules,
        versions: Versions,
    ) -> None:
        self._date = date
        self._end_ms = end_ms
        self._campaigns = campaigns
        self._rules = rules
        self._versions = versions
        self._matters: dict[tuple[TicketKind, str, str], _Matter] = {}

    def add(self, label: ReviewLabel) -> None:
        """One more label."""
        if label.campaign:
            note = self._campaigns[label.campaign]
            finding = Finding("fake", f"campaign.{note.kind}", confidence=note.confidence)
            self._gather("campaign", label.campaign, "", label, finding)
        for finding in self._telling(label):
            if finding.kind != "duplicate":
                reason = "fake" if finding.kind == "fake" else finding.reason
                self._gather(finding.kind, reason, label.product, label, finding)

    def _telling(self, label: ReviewLabel) -> list[Finding]:
        """Those of a review that are matters; of what a person must see the worst alone."""
        found = [one for one in label.findings if one.kind != "human" and not label.campaign]
        human = [f for f in label.findings if f.kind == "human" and f.confidence >= _LIKELY]
        if human:
            found.append(max(human, key=lambda one: (self._rank(one), one.confidence, one.reason)))
        return found

    def _rank(self, finding: Finding) -> int:
        return _RANK[self._rules.severities.get(finding.reason, "warning")]

    def _gather(
        self, kind: TicketKind, reason: str, product: str, label: ReviewLabel, finding: Finding
    ) -> None:
        key = kind, reason, product
        if key not in self._matters:
            self._matters[key] = _Matter(label, finding)
        self._matters[key].add(label, finding)

    def tickets(self) -> list[RiskTicket]:
        """Worst first, then the biggest, then by id."""
        found = [
            self._ticket(*key, matter)
            for key, matter in self._matters.items()
            if _is_worth_it(key[0], matter)
        ]
        return sorted(found, key=lambda t: (-_RANK[t.severity], -t.reviews, t.ticket_id))

    def _ticket(self, kind: TicketKind, reason: str, product: str, matter: _Matter) -> RiskTicket:
        severity = self._severity(kind, reason, matter)
        due = self._end_ms + round(self._rules.due_hours[severity] * _HOUR_MS)
        products = sorted(matter.products)
        of = product if kind != "campaign" else products[0] if len(products) == 1 else ""
        return RiskTicket(
            ticket_id=reason
            if kind == "campaign"
            else ticket_id(self._date, kind, reason, product),
            date=self._date,
            kind=kind,
            severity=severity,
            due=format_ms(due),
            title=self._title(kind, reason, of, products, matter),
            product=of,
            reason=self._reason(kind, reason, matter),
            confidence=round(matter.confidence, 3),
            reviews=matter.reviews,
            sources=tuple(matter.sources),
            authors=tuple(matter.authors),
            first=matter.first,
            last=matter.last,
            quotes=tuple(matter.quotes),
            rules=self._versions.rules,
            models=self._versions.models,
        )

    def _severity(self, kind: TicketKind, reason: str, matter: _Matter) -> TicketSeverity:
        if kind == "campaign":
            attack = self._campaigns[reason].kind == "attack"
            return "error" if attack or matter.reviews >= _MANY else "warning"
        if kind == "fake" or (kind == "human" and not matter.is_complaint):
            # A fan who mentions a hospital is no injury to be woken for.
            return "info"
        return self._rules.severities.get(reason, "warning")

    def _reason(self, kind: TicketKind, reason: str, matter: _Matter) -> str:
        if kind == "campaign":
            return "; ".join(self._campaigns[reason].reasons)
        evidence = matter.evidence
        return f"{evidence.reason}: {evidence.evidence}" if evidence.evidence else evidence.reason

    def _title(
        self, kind: TicketKind, reason: str, of: str, products: Sequence[str], matter: _Matter
    ) -> str:
        about = of or (f"{len(products)} products" if len(products) > 1 else "no product named")
        count = f"{matter.reviews} review{'s' if matter.reviews > 1 else ''}"
        what = reason.partition(".")[2].replace("_", " ")
        what = f"{kind} {what}" if kind in ("banned", "contact", "advert") else what
        if kind == "campaign":
            what = f"{self._campaigns[reason].kind} campaign"
        elif kind == "fake":
            what = "suspected fake"
        return f"{what[:1].upper()}{what[1:]}: {count} of {about}"


def ticket_id(date: str, kind: str, reason: str, product: str) -> str:
    """The same for the same matter of the same day, whoever runs the night and how often."""
    return f"{date}-{xxh3_64_hexdigest(chr(31).join((kind, reason, product)).encode())[:12]}"


def _is_worth_it(kind: TicketKind, matter: _Matter) -> bool:
    return kind != "fake" or matter.reviews >= _FAKES or matter.confidence >= _SURE
