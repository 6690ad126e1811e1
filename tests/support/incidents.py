"""An incident as it stands on the log, for the tests of those who read it."""

from typing import Any

import msgspec

from schemas.causes import Evidence, Hypothesis, NearChange, Rca
from schemas.incidents import (
    Course,
    Grouping,
    Impact,
    Incident,
    Observed,
    Onset,
    Scale,
    Slice,
    SliceCandidate,
    Threshold,
)

_ANDROID = {"app_version": "7.2.0", "os": "android"}
_LIKE = Incident(
    incident_id="0a1b2c3d4e5f6071-29400000",
    incident_key="0a1b2c3d4e5f6071",
    revision=1,
    status="open",
    severity="critical",
    title="wallet: 支付一直转圈 (182 in 15 min, app_version=7.2.0 os=android)",
    product="wallet",
    service="checkout",
    opened_at="2026-11-20T09:15:00.000Z",
    detected_at="2026-11-20T09:15:00.000Z",
    updated_at="2026-11-20T09:15:00.000Z",
    resolved_at=None,
    onset=Onset("2026-11-20T09:04:00.000Z", "2026-11-20T09:03:00.000Z"),
    observed=Observed(
        182, 6.1, 15, 29.8, 160, "nb-subset-scan/1", 11.2, "level x hour of week",
        (Scale(5, 90, 2.0, 80.0), Scale(15, 182, 6.1, 112.0)), Threshold(10.0, 3.0),
    ),
    slice=Slice(
        _ANDROID, 0.91, 14.2, False,
        (SliceCandidate(_ANDROID, 0.91, 14.2), SliceCandidate({"os": "android"}, 0.95, 1.9)), "",
    ),
    impact=Impact(160, 150, 170, "distinct authors; a report without one counts as its own"),
    channels={"app": 120, "log": 22, "ticket": 40},
    evidence=(
        Evidence("e1", "app", "2026-11-20T09:04:11.000Z", "支付一直转圈，付不了款",
                 "feedback.app-3@8812"),
        Evidence("e2", "ticket", "2026-11-20T09:06:00.000Z", "payment spins for ever",
                 "feedback.tickets-0@17"),
    ),
    changes=(
        NearChange("change-1", "checkout 7.2.0 rolled out", "2026-11-20T09:00:00.000Z", 4,
                   ("app_version", "service")),
    ),
    rca=Rca(
        "degraded", "rules",
        (Hypothesis("«checkout 7.2.0 rolled out» happened 4 min before the onset", "release",
                    "medium", ("change-1", "e1"), "起始前 4 分钟发生了变更"),),
        ("Review or roll back: checkout 7.2.0 rolled out",), "rules only: no language model asked",
        ("复查或回滚：checkout 7.2.0 rolled out",), "payment",
    ),
    grouping=Grouping("0a1b2c3d4e5f", ("支付", "转圈"), "texts share the terms 支付, 转圈", 0.12),
    related_incident_ids=(),
    previous_incident_id=None,
    labels={"product": "wallet", "service": "checkout", **_ANDROID},
    change_reason="opened",
    course=Course("2026-11-20T09:00:00.000Z", (1, 0, 0, 2, 14, 13), (0.5,) * 6),
)  # fmt: skip


def incident(**other: Any) -> Incident:
    """An open, critical one of `wallet`, but for what is said to be otherwise."""
    return msgspec.structs.replace(_LIKE, **other)
