import tomllib
from collections.abc import Sequence

import pytest

from agents.records.errors import BadPack
from agents.records.followup.due import due
from agents.records.followup.rules import Rules
from agents.records.pack import BUNDLED
from schemas.records import Reminder
from tests.support.patients import pack, person, read

TODAY = "2024-06-15"
DIABETES = "诊断：2型糖尿病。"


def found(
    *notes: tuple[str, str], today: str = TODAY, kept: Sequence[Reminder] = ()
) -> tuple[Reminder, ...]:
    return due(person(), read(*notes), today, pack(), kept=kept)


def of(rule: str, reminders: tuple[Reminder, ...]) -> Reminder | None:
    return next((one for one in reminders if one.rule == rule), None)


def test_there_are_sixty_rules_and_more_with_all_texts_and_known_tests() -> None:
    rules = pack().followups.rule
    assert len(rules) >= 60
    terms = {
        one["name"] for one in tomllib.loads((BUNDLED / "tests.toml").read_text("utf-8")).values()
    }
    asked = {name for one in rules for name in (*one.tests, *filter(None, [one.test]))}
    told = pack().relations
    related = {name for one in told.relation for name in one.tests}
    related |= {name for one in told.check for name in one.tests}
    assert asked - terms == set()
    assert (related | set(pack().relations.passing)) - terms == set()
    assert all(one.what_zh and one.what_en and one.why_zh and one.why_en for one in rules)


def test_done_five_months_ago_is_due_in_one() -> None:
    made = of("diabetes-hba1c", found(("2024-01-15", f"HbA1c 5.8%。{DIABETES}")))
    assert made is not None
    assert made.due == "2024-07-13"  # 180 days
    assert made.sources[0].document == "d0"
    assert made.every_days == 180


def test_never_done_is_due_soon_after_the_diagnosis() -> None:
    made = of("diabetes-eyes", found(("2024-06-01", DIABETES)))
    assert made is not None
    assert made.due == "2024-07-31"


def test_advice_to_do_it_is_not_that_it_was_done() -> None:
    made = of("diabetes-eyes", found(("2024-06-01", f"建议查眼底。{DIABETES}")))
    assert made is not None
    assert made.due == "2024-07-31"
    done = of("diabetes-eyes", found(("2024-06-01", f"眼底未见出血。{DIABETES}")))
    assert done is not None
    assert done.due == "2025-06-01"


def test_a_documents_own_order_goes_before_the_rule() -> None:
    made = found(("2024-06-01", f"{DIABETES}嘱：3个月后复查HbA1c。"))
    assert of("diabetes-hba1c", made) is None
    order = of("order", made)
    assert order is not None
    assert (order.due, order.what) == ("2024-08-30", "3个月后复查HbA1c")


def test_an_overdue_order_goes_before_the_rule_until_it_is_done() -> None:
    order = ("2023-06-01", "诊断：右肺结节。6个月后复查胸部CT。")
    other = ("2023-12-20", "诊断：白内障；右肺结节。")
    assert [(one.rule, one.due) for one in found(order, other)] == [("order", "2023-11-28")]
    done = ("2023-12-20", "胸部CT：右肺结节同前。")
    assert [(one.rule, one.due) for one in found(order, done)] == [("lung-nodule", "2024-12-19")]


def test_an_order_that_is_ticked_off_lets_the_rule_count_from_that_day() -> None:
    note = ("2024-01-15", f"{DIABETES}嘱：3个月后复查HbA1c。")
    order = of("order", found(note))
    assert order is not None
    done = Reminder(order.id, "p1", order.due, order.what, "", "order", done="2024-04-20")
    made = found(note, kept=[done])
    rule = of("diabetes-hba1c", made)
    assert of("order", made) is None
    assert rule is not None
    assert rule.due == "2024-10-17"  # 180 days


def test_uncertain_refuted_and_relatives_diseases_fire_nothing() -> None:
    assert found(("2024-06-01", "母亲糖尿病。否认高血压。诊断：2型糖尿病？")) == ()


def test_a_drug_fires_until_it_is_stopped() -> None:
    first = ("2024-05-01", "处理：华法林3mg qn。")
    assert of("warfarin-inr", found(first)) is not None
    assert of("warfarin-inr", found(first, ("2024-06-01", "停华法林（出血）。"))) is None


def test_a_result_fires_until_it_is_normal() -> None:
    first = ("2024-05-01", "血钾 5.9mmol/L(3.5-5.3)↑。")
    high = of("potassium-high", found(first))
    assert high is not None
    assert high.due == "2024-05-08"
    assert found(first, ("2024-05-06", "血钾 4.5mmol/L(3.5-5.3)。")) == ()


def test_same_check_is_asked_once_at_the_earliest_day() -> None:
    made = found(
        ("2024-06-01", "诊断：高血压病；慢性肾脏病4期。处理：螺内酯20mg qd；缬沙坦80mg qd。")
    )
    assert len([one for one in made if "血钾" in one.what]) == 1


@pytest.mark.parametrize(
    ("rule", "note"),
    [("hypertension-pressure", "诊断：高血压病。"), ("metformin-b12", "用药：二甲双胍 0.5g tid。")],
)
def test_a_document_without_a_date_takes_no_reminder_away(rule: str, note: str) -> None:
    before = of(rule, found(("2024-06-01", note)))
    after = of(rule, found(("2024-06-01", note), ("", note)))
    assert before is not None
    assert after is not None
    assert after.due == before.due


def test_what_a_person_changed_stays_and_what_is_done_comes_again() -> None:
    note = ("2024-01-15", f"HbA1c 5.8%。{DIABETES}")
    plain = of("diabetes-hba1c", found(note))
    assert plain is not None
    own = Reminder(plain.id, "p1", "2024-12-01", "查糖化", "病人要求", plain.rule, own=True)
    assert own in found(note, kept=[own])
    done = Reminder(plain.id, "p1", plain.due, plain.what, plain.why, plain.rule, done="2024-06-10")
    again = of("diabetes-hba1c", found(note, kept=[done]))
    assert again is not None
    assert again.due == "2024-12-07"
    free = Reminder("mine", "p1", "2024-07-01", "打电话", "", own=True)
    assert free in found(note, kept=[free])


def test_ids_tell_nothing_and_stay_the_same() -> None:
    first = found(("2024-01-15", DIABETES))
    assert {one.id for one in first} == {
        one.id for one in found(("2024-01-15", DIABETES), today="2025-01-01")
    }
    assert not any("p1" in one.id for one in first)


@pytest.mark.parametrize(
    "broken",
    [
        "x",
        "[[rule]]\nid = 'abc'",
        '[[rule]]\nid="abc"\nfirst_days=1\nwhat_zh="a"\nwhat_en="a"\nwhy_zh="a"\nwhy_en="a"\ntests=["x"]',
        '[[rule]]\nid="abc"\ndrugs=["A"]\nfirst_days=1\nwhat_zh="a"\nwhat_en="a"\nwhy_zh="a"\nwhy_en="a"',
    ],
)
def test_rules_that_cannot_be_used_are_refused(broken: str) -> None:
    with pytest.raises(BadPack, match=r"followups\.toml"):
        Rules.read(broken, "followups.toml")
