"""Plans and jobs made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from agents.detect.rules import DetectRules
from agents.intake.rules import IntakeRules
from schemas.times import MINUTE_MS
from sinks.cluster import Cluster
from streams.replay.job import Job
from streams.replay.plan import Plan, Range, Stretch

START_MS = 1_767_600_000_000
"""2026-01-05T08:00:00Z."""
HOUR_MS = 60 * MINUTE_MS


def stretch(**different: Any) -> Stretch:
    """Ten records of a partition."""
    fields = {"topic": "feedback.app", "partition": 0, "low": 0, "start": 0, "end": 10, "stop": 10}
    return Stretch(**{**fields, **different})


def plan(**different: Any) -> Plan:
    """An hour of one partition."""
    fields = {
        "range": Range(start_ms=START_MS, stop_ms=START_MS + HOUR_MS),
        "cluster_id": "abc",
        "prefix": "acme-",
        "code": "0.1.0-123",
        "rules": "456",
        "shards": 2,
        "planned_ms": START_MS + 2 * HOUR_MS,
        "topic_ids": {"feedback.app": "t1"},
        "missing": (),
        "stretches": (stretch(),),
    }
    return Plan(**{**fields, **different})


def job(folder: Path, **different: Any) -> Job:
    """A job of which nothing is done."""
    fields = {
        "plan": plan(),
        "folder": folder,
        "cluster": Cluster("127.0.0.1:1"),
        "intake": IntakeRules(),
        "detect": DetectRules(),
        "save_seconds": 30.0,
    }
    return Job(**{**fields, **different})
