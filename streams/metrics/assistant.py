"""Metrics of requests and replies, and of the assistant's worker."""

from streams.metrics.metric import Metric

_FAST = (
    0.0025, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.35, 0.5, 1.0, 2.0, 5.0,
)  # fmt: skip

METRICS = (
    Metric(
        "groundswell_requests_total",
        "counter",
        "requests",
        ("name", "outcome"),
        "questions over Kafka by outcome: answered, no_reply, overloaded, broker_away",
        "no_reply: no worker, or too slow; overloaded: more workers; broker_away: Kafka",
    ),
    Metric(
        "groundswell_request_seconds",
        "histogram",
        "seconds",
        ("name",),
        "from question to answer over Kafka and back",
        "rising: look at groundswell_turn_seconds of the workers; if that is low, at Kafka",
        _FAST,
    ),
    Metric(
        "groundswell_requests_in_flight",
        "gauge",
        "requests",
        ("name",),
        "questions that wait for their answer",
        "growing: workers are too few or stuck",
    ),
    Metric(
        "groundswell_replies_dropped_total",
        "counter",
        "replies",
        ("name", "why"),
        "replies to nobody who waits: late, duplicate, unknown, malformed, foreign (for another"
        " process)",
        "late: deadlines are too short; foreign for minutes: two processes share a reply partition;"
        " unknown, malformed: who writes to the reply topic?",
    ),
    Metric(
        "groundswell_replies_sent_total",
        "counter",
        "replies",
        ("outcome",),
        "replies of a worker, by whether Kafka took them: sent, failed",
        "failed: Kafka is away or the reply topic is missing",
    ),
    Metric(
        "groundswell_turns_total",
        "counter",
        "turns",
        ("outcome",),
        "turns by what became of them: answered, duplicate, busy, expired, refused, failed,"
        " handed_on (to the next owner of the partition)",
        "expired: the worker is behind, or clocks differ; busy: more workers; failed: see the log",
    ),
    Metric(
        "groundswell_turns_forged_total",
        "counter",
        "records",
        ("flaw",),
        "records on assistant.requests that no gateway writes, which are never answered",
        "any: who else may write there? See docs/security.md",
    ),
    Metric(
        "groundswell_turn_seconds",
        "histogram",
        "seconds",
        ("phase",),
        "of a turn: waited (log and queue), worked, saved",
        "waited: more workers; worked: see the tools; saved: Kafka is slow",
        _FAST,
    ),
    Metric(
        "groundswell_turns_in_flight",
        "gauge",
        "turns",
        ("state",),
        "turns in this worker that are being worked on, or wait",
        "waiting is high: more workers; scale on this, never on lag",
    ),
    Metric(
        "groundswell_sessions",
        "gauge",
        "sessions",
        ("partition",),
        "sessions in memory",
        "at assistant_sessions: raise it, or the oldest end early",
    ),
    Metric(
        "groundswell_sessions_ended_total",
        "counter",
        "sessions",
        ("why",),
        "sessions that are over: expired, or evicted to make room",
        "evicted: raise assistant_sessions, or look for who opens so many",
    ),
)
