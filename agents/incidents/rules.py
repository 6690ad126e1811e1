"""What the incident lifecycle may be told."""

from dataclasses import dataclass


@dataclass(frozen=True)
class IncidentRules:
    """`min_count`, `min_authors`: an anomaly smaller than this opens nothing.

    `quiet_minutes`: this many quiet minutes in a row resolve. `update_minutes`: no two updates
    closer than this. `growth`: an update is due when the reports beyond the expected ones have
    grown by this factor, or when the severity rises.
    `slice_minutes`: so long after the opening the slice may still become clearer.
    `ack_minutes`: so long an acknowledgement holds. `cooldown_minutes`: so soon after an automatic
    resolve the same incident opens again, and so long after a person's resolve the theme opens
    nothing, unless it has been quiet.
    `model`: a language model is asked; it has `answer_minutes`.
    `changes_before`, `changes_after`: minutes around the onset in which a change is near.
    """

    min_count: int = 8
    min_authors: int = 5
    quiet_minutes: int = 15
    update_minutes: int = 5
    growth: float = 2.0
    slice_minutes: int = 10
    ack_minutes: int = 60
    cooldown_minutes: int = 10
    model: bool = False
    answer_minutes: int = 10
    evidence: int = 6
    changes_before: int = 120
    changes_after: int = 5
    max_changes: int = 5
