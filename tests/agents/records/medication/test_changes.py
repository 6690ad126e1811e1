"""What a change is, and why."""

import pytest

from agents.records.medication import changes, reasons


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (("5mg", "qd"), ("10mg", "qd"), "increase"),
        (("0.5g", "bid"), ("500mg", "bid"), ""),
        (("0.5g", "bid"), ("0.5g", "tid"), "increase"),
        (("25mg", "bid"), ("47.5mg", "qd"), "decrease"),
        (("10mg", "qd"), ("10mg", "qod"), "decrease"),
        (("1片", "qd"), ("2片", ""), "increase"),
        (("", "qd"), ("2片", ""), ""),
    ],
)
def test_direction(before: tuple[str, str], after: tuple[str, str], expected: str) -> None:
    assert changes.direction(before, after) == expected


@pytest.mark.parametrize(
    ("stretch", "reason"),
    [
        ("因干咳", "干咳"),
        ("上月因干咳", "干咳"),
        ("出现下肢水肿后", "下肢水肿"),
        ("因恶心呕吐明显、QTc 492ms，今", "恶心呕吐明显、QTc 492ms"),
        ("患者一般情况可，", ""),
    ],
)
def test_reason_before(stretch: str, reason: str) -> None:
    found = reasons.before(stretch)
    assert (stretch[slice(*found)] if found else "") == reason


@pytest.mark.parametrize(
    ("stretch", "reason"), [("(黑便)", "黑便"), ("(共35天)", ""), ("(2片)", ""), ("，", "")]
)
def test_reason_in_brackets(stretch: str, reason: str) -> None:
    found = reasons.in_brackets(stretch)
    assert (stretch[slice(*found)] if found else "") == reason
