"""Traces and accounts made by hand."""

from typing import Any

from agents.detect.trace import Decision, Trace
from schemas.incidents import Scale, Threshold
from streams.hindsight.account import Account, Course
from streams.hindsight.survey import Told

NOON = 29_460_000


def trace(after: int, **different: Any) -> Trace:
    """A quiet minute, `after` minutes past noon, with what is different."""
    fields = {
        "minute": NOON + after,
        "count": 1,
        "expected": 1.2,
        "low": 0,
        "high": 4,
        "attribute": None,
        "scales": (),
        "threshold": Threshold(13.0, 3.0),
        "decision": "quiet",
        "why": "nothing unusual",
        "incident_id": None,
    }
    return Trace(**{**fields, **different})


def scored(after: int, score: float, decision: Decision = "low", **different: Any) -> Trace:
    """A minute that scored over five minutes."""
    return trace(after, scales=(Scale(5, 9, 2.0, score),), decision=decision, **different)


def course(*traces: Trace, words: str = "payment stuck", cluster_id: str = "abc") -> Course:
    """A theme of which this is known."""
    return Course(Told(cluster_id, 9, 9, NOON, words, ("payment", "stuck")), traces)


def account(*courses: Course, product: str = "wallet") -> Account:
    """What is known of the themes of no named incident."""
    return Account(product, list(courses), None, "medium")
