import pytest

from agents.records.followup.letters import is_over, letter, spoken
from schemas.records import Reminder

TODAY = "2024-06-15"
REMINDERS = (
    Reminder("a", "p1", "2024-06-01", "复查血钾", "血钾高会影响心跳"),
    Reminder("b", "p1", "2024-07-13", "复查糖化血红蛋白", "看血糖控制", "diabetes-hba1c"),
    Reminder("c", "p1", "2024-06-20", "复查肌酐", "门诊病历", "order"),
    Reminder("d", "p1", "2024-06-20", "已做的", "", done="2024-06-10"),
)


def test_a_letter_has_what_is_late_first_and_no_name() -> None:
    text = letter(REMINDERS, TODAY)
    assert (
        text.index("已过期（原定 2024-06-01）：复查血钾")
        < text.index("复查肌酐")
        < text.index("糖化")
    )
    assert "已做的" not in text
    assert "不是诊断" in text
    assert "您好" not in text
    assert "程晚秋，您好" in letter(REMINDERS, TODAY, name="程晚秋")


def test_what_is_said_has_no_dates() -> None:
    text = spoken(REMINDERS, TODAY)
    assert "5天后请复查肌酐，这是医生交代的" in text
    assert "大约4周后请复查糖化血红蛋白" in text
    assert "2024" not in text


def test_both_in_english() -> None:
    assert "Overdue (was 2024-06-01)" in letter(REMINDERS, TODAY, "en")
    assert "In 5 days" in spoken(REMINDERS, TODAY, "en")


def test_nothing_to_do_is_said() -> None:
    assert "没有安排" in letter((), TODAY)
    assert "No check" in spoken((), TODAY, "en")


@pytest.mark.parametrize(
    ("due", "over"),
    [("2026-05-14", True), ("2026-05-15", False), ("2026-05", False), ("2026-04", True),
     ("2026", False), ("2025", True)],
)  # fmt: skip
def test_a_month_is_over_when_it_has_passed(due: str, over: bool) -> None:
    assert is_over(due, "2026-05-15") is over
