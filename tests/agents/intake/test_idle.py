"""A worker that dies while it says that a partition is idle."""

import pytest

from agents.detect.partition import DetectPartition
from agents.detect.rules import DetectRules
from agents.intake.rules import IntakeRules
from schemas.signals import Signal
from tests.agents.intake.test_events import START, event, intake
from tests.support.undisturbed import Record

SOURCE = ("feedback.app", 0)
BEFORE = [Record(0, START, event("pay failed", 0))]
# What comes back after the silence is older than its record.
AFTER = [
    Record(1, START + 140_000, event("pay failed", 61_000)),
    Record(2, START + 200_000, event("pay failed", 200_000)),
    Record(3, START + 400_000, event("pay failed", 400_000)),
]


def counted(signals: list[Signal]) -> int:
    """Texts that detect has, late ones included."""
    detect = DetectPartition(DetectRules(), [SOURCE])
    for offset, signal in enumerate(signals):
        detect.take(signal, offset)
        list(detect.close_ready())
    states = [product.state() for product in detect.products.values()]
    late: int = sum(theme[5] for state in states for theme in state["themes"])
    return late + sum(
        int(each[4].sum()) for state in states for each in state["moments"]["minutes"]
    )


@pytest.mark.parametrize("silences", [[75_000], [75_000, 135_000], [75_000, 135_000, 195_000]])
@pytest.mark.parametrize("lost", ["plan", "signals", "head", "nothing"])
def test_nothing_is_lost_or_doubled(silences: list[int], lost: str) -> None:
    source = intake(IntakeRules())
    out = source.feed(BEFORE)
    written, head = [*out.signals], out.head
    for silence in silences:
        plan = source.plan_idle(silence)
        out = source.idle(silence)
        if silence < silences[-1] or lost != "plan":
            head = plan or head
        if silence < silences[-1] or lost not in ("plan", "signals"):
            written += out.signals
        if silence < silences[-1] or lost == "nothing":
            head = out.head
    again = intake(IntakeRules(), head=head)
    assert head is not None
    written += again.feed([*BEFORE, *AFTER][head.resume_offset :]).signals
    assert counted(written) == 3
