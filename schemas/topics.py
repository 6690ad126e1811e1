"""The one table of topics: key, partitions, retention, compaction and what travels on each."""

from collections.abc import Iterator
from dataclasses import dataclass

DAY_MS = 86_400_000
_LARGE = 11 * 1024 * 1024


@dataclass(frozen=True)
class Topic:
    """One topic; `name` is without prefix, `retention_ms` None means compacted and kept."""

    name: str
    key: str
    message: str
    partitions: int
    retention_ms: int | None
    purpose: str
    max_message_bytes: int = 1024 * 1024

    @property
    def config(self) -> dict[str, str]:
        """Kafka's settings of this topic."""
        settings = {"max.message.bytes": str(self.max_message_bytes)}
        if self.retention_ms is None:
            # Small segments and an early cleaner, so that a state topic stays near its live size.
            return settings | {
                "cleanup.policy": "compact",
                "segment.bytes": str(16 * 1024 * 1024),
                "min.cleanable.dirty.ratio": "0.2",
                "delete.retention.ms": "3600000",
            }
        return settings | {"cleanup.policy": "delete", "retention.ms": str(self.retention_ms)}


COLLECTED = ("feedback.app", "feedback.web", "feedback.tickets", "feedback.social", "logs.errors")
"""Inputs that others write to."""
INTERACTIONS = "assistant.interactions"
INPUTS = (*COLLECTED, INTERACTIONS)
CHANGES = "changes"
COMMANDS = "incidents.commands"
SIGNALS = "signals"
INCIDENTS = "incidents"
DEAD_LETTERS = "dead-letters"
INTAKE_STATE = "intake.state"
DETECT_STATE = "detect.state"
REVIEW_LABELS = "review_labels"
RISK_TICKETS = "risk_tickets"
REQUESTS = "assistant.requests"
REPLIES = "assistant.replies"
SESSIONS = "assistant.sessions"
AUDIT = "assistant.audit"
ACTIONS = "assistant.actions"
PACKAGES = "edge.packages"

CHANNELS = {
    "feedback.app": "app",
    "feedback.web": "web",
    "feedback.tickets": "ticket",
    "feedback.social": "social",
    "logs.errors": "log",
    INTERACTIONS: "assistant",
}
"""The channel of an event that names none."""


def is_log(topic: str) -> bool:
    """Whether machines write to the topic (its name without prefix), and not people."""
    return topic.startswith("logs.")


def _input(name: str, purpose: str) -> Topic:
    return Topic(name, "any", "Event", 4, 7 * DAY_MS, purpose, _LARGE)


TOPICS = (
    _input("feedback.app", "app reviews"),
    _input("feedback.web", "web forms and surveys"),
    _input("feedback.tickets", "support tickets"),
    _input("feedback.social", "social posts"),
    _input("logs.errors", "error log lines"),
    Topic(CHANGES, "any", "ChangeMessage", 1, 90 * DAY_MS, "deploys, flags, configuration", _LARGE),
    Topic(COMMANDS, "incident_id", "Command", 1, 30 * DAY_MS, "what people tell an incident"),
    Topic(SIGNALS, "product", "Signal", 4, 7 * DAY_MS, "partials between the two stages", _LARGE),
    Topic(INCIDENTS, "incident_key", "Incident", 4, 90 * DAY_MS, "incident revisions"),
    Topic(DEAD_LETTERS, "original", "DeadLetter", 1, 14 * DAY_MS, "refused records", 2 * _LARGE),
    Topic(INTAKE_STATE, "source partition", "IntakeHead", 4, None, "state of intake"),
    Topic(DETECT_STATE, "signals partition", "Snapshot", 4, None, "state of detect", _LARGE),
    Topic(REVIEW_LABELS, "source", "ReviewLabel", 4, 90 * DAY_MS, "what the night says of reviews"),
    Topic(RISK_TICKETS, "ticket_id", "RiskTicket", 1, None, "what the night asks people to do"),
    Topic(REQUESTS, "session", "Turn", 8, 3_600_000, "turns of conversations"),
    Topic(REPLIES, "correlation id", "Answered", 16, 60_000, "answers, a partition a gateway"),
    Topic(SESSIONS, "session and person", "Session", 8, None, "conversations as they stand"),
    Topic(AUDIT, "user", "AuditRecord", 4, 730 * DAY_MS, "every step of every write"),
    Topic(ACTIONS, "session", "ActionRecord", 4, 30 * DAY_MS, "instructions to other systems"),
    Topic(PACKAGES, "path", "Manifest", 1, None, "rules and models for devices", 2 * _LARGE),
    Topic(INTERACTIONS, "session", "Interaction", 4, 90 * DAY_MS, "turns, redacted"),
)
BY_NAME = {topic.name: topic for topic in TOPICS}


def with_prefix(prefix: str) -> Iterator[tuple[str, Topic]]:
    """Full name and declaration of every topic."""
    for topic in TOPICS:
        yield prefix + topic.name, topic
