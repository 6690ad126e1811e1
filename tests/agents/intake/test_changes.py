from dataclasses import dataclass

import msgspec
import pytest

from agents.intake.changes import ChangeIntake
from agents.intake.rules import IntakeRules
from schemas.changes import Change
from schemas.events import MAX_NAME
from schemas.signals import Changed

NOW = 1_767_600_000_000


@dataclass
class Record:
    value: bytes
    offset: int = 7
    timestamp: int = NOW
    key: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()


def taken(**fields: object) -> Change:
    """The change that is handed on."""
    value = msgspec.json.encode({"summary": "checkout 7.2.0 rolled out", **fields})
    out = ChangeIntake("changes", 0, IntakeRules()).feed([Record(value)])
    (change,) = (s.change for s in out.signals if isinstance(s, Changed))
    return change


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("deploy-42", "deploy-42"),
        ("13812345678", "13812345678"),
        ("e1", "change-e1"),
        ("s1", "change-s1"),
        ("t\u200b12", "change-t12"),
        ("\u200b", "changes-0@7"),
        (None, "changes-0@7"),
        ("x" * 999, "x" * MAX_NAME),
    ],
)
def test_its_name_is_short_and_visible_and_no_other_fact_has_it(
    given: str | None, name: str
) -> None:
    assert taken(id=given).id == name


def test_its_words_are_without_personal_data() -> None:
    change = taken(summary="ask eve@example.com\u200b", attributes={"who": "138 1234 5678"})
    assert (change.summary, change.attributes) == ("ask [email]", {"who": "[phone]"})
