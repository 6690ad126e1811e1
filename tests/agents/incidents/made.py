"""Facts made by hand: an outbreak of payment complaints on one version, minute by minute."""

from dataclasses import replace
from typing import Any

from xxhash import xxh3_64_intdigest

from agents.incidents.evidence import Voice
from agents.incidents.facts import Facts
from agents.incidents.lifecycle import Incidents, Revision
from agents.incidents.rules import IncidentRules
from schemas.commands import Command
from schemas.incidents import Incident, Scale, Slice, SliceCandidate, Threshold
from schemas.signals import Sample
from schemas.times import MINUTE_MS
from windows.authors import AuthorSketch

NOON = 29_000_000
RULES = IncidentRules()
VERSION = Slice(
    {"app_version": "7.2.0"},
    0.91,
    14.2,
    False,
    (SliceCandidate({"app_version": "7.2.0"}, 0.91, 14.2),),
    "app_version=7.2.0 holds 91% of the excess, 6% expected",
)
NO_SLICE = Slice({}, 0.0, 0.0, True, (), "chance can explain the best slice")


def people(count: int) -> AuthorSketch:
    """That many distinct authors."""
    return AuthorSketch.from_list(xxh3_64_intdigest(str(n).encode()) >> 12 for n in range(count))


def sample(n: int, *, channel: str = "app", text: str | None = None) -> Sample:
    """A text of its own unless one is given."""
    said = f"支付失败 pay failed {n}" if text is None else text
    return Sample(said, NOON * MINUTE_MS + n, channel, f"feedback.{channel}-0@{n}")


OUTBREAK = Facts(
    product="wallet",
    minute=NOON,
    cluster_id="abcdef",
    terms=("支付", "付失", "失败", "pay", "failed"),
    distance=0.1234,
    alarm=True,
    quiet=False,
    score=2.345,
    window=5,
    count=40.0,
    expected=2.0,
    onset_minute=NOON - 4,
    earliest_minute=NOON - 6,
    authors=people(30),
    channels={"ticket": 10, "app": 30},
    services={"": 5, "checkout": 35},
    voices=[Voice(1.0, [sample(n) for n in range(8)])],
    slice=VERSION,
    changes=(),
    threshold=Threshold(13.0, 3.0),
    scales=(Scale(2, 17, 0.81, 21.4), Scale(5, 40, 2.0, 30.49)),
)


def outbreak(after: int = 0, **different: Any) -> Facts:
    """The outbreak `after` minutes later, with what is different."""
    return replace(OUTBREAK, minute=NOON + after, **different)


def opened(rules: IncidentRules = RULES, **different: Any) -> tuple[Incidents, Incident]:
    """A lifecycle in which the outbreak has just opened an incident."""
    incidents = Incidents(rules)
    revision = incidents.step(outbreak(**different))
    assert revision is not None
    return incidents, revision.incident


def last(incidents: Incidents, *minutes: Facts) -> Revision | None:
    """What the last of these minutes brings."""
    revision = None
    for facts in minutes:
        revision = incidents.step(facts)
    return revision


def quiet_until(incidents: Incidents, after: int, first: int = 1) -> Incident:
    """Quiet minutes that end with a resolve in the last one."""
    end = last(incidents, *(calm(n) for n in range(first, after + 1)))
    assert end is not None
    assert end.stage == "resolved"
    return end.incident


def told(incidents: Incidents, command: Command, after: int = 0) -> Incident:
    """The revision that a command makes, `after` minutes after the opening."""
    revision = incidents.tell(command, NOON + after)
    assert revision is not None
    return revision.incident


def calm(after: int, **different: Any) -> Facts:
    """A quiet minute of the same theme."""
    return outbreak(after, alarm=False, quiet=True, score=0.1, **different)
