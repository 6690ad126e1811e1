"""Clauses of advice of English notes and when they are due."""

import pytest

from agents.records import instructions
from agents.records.errors import BadPack
from agents.records.instructions import Instructions
from tests.agents.records.reading import pack, parsed

CASES = [
    (
        "Plan: recheck K in 1 week; daily weights",
        [("recheck K in 1 week", 7), ("daily weights", None)],
    ),
    ("- avoid NSAIDs; bloods in 2 weeks", [("avoid NSAIDs", None), ("bloods in 2 weeks", 14)]),
    (
        "He must call at once with chest pain, should avoid cold drinks.",
        [("call at once with chest pain", None), ("avoid cold drinks", None)],
    ),
    ("I will see him in 6 weeks.", [("see him in 6 weeks", 42)]),
    (
        "Plan: Rpt U&E tomorrow. Falls clinic 6/52.",
        [("Rpt U&E tomorrow", 1), ("Falls clinic 6/52", 42)],
    ),
    ("Plan: Review in 4 h. VFC within 72 h.", [("Review in 4 h", 0), ("VFC within 72 h", 3)]),
    ("Follow-up: PSA q6 months. RTC Thurs", [("PSA q6 months", 180), ("RTC Thurs", 4)]),
    # What tells when to come stays whole, and its times are no appointment.
    (
        "Come back if you vomit, get a worse headache, or have no urine in 12 hours.",
        [("Come back if you vomit, get a worse headache, or have no urine in 12 hours", None)],
    ),
    (
        "If you feel faint, call us right away.",
        [("If you feel faint, call us right away", None)],
    ),
    ("Plan: Keep wound dry for 5 days", [("Keep wound dry for 5 days", None)]),
    # No advice: orders, what was done, what is told of other things.
    ("Plan: start ramipril 5 mg od, continue metformin", []),
    ("Plan: Pelvic USS requested. Blood cultures sent. Surgery consult tomorrow.", []),
    ("He said two years ago that I don't have it. Foot care reviewed.", []),
    ("PMH: asthma. Return if worse", []),
    ("HPI: Quit smoking 2015. Denies chest pain. I do not have gout.", []),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_advice(text: str, expected: list[tuple[str, int | None]]) -> None:
    found = instructions.find(parsed(text), pack())
    assert [(one.name, one.due_days) for one in found] == expected


def test_bad_pattern() -> None:
    with pytest.raises(BadPack):
        Instructions.read('leads = ["("]', "instructions.toml")
