import pytest

from agents.records.summary import summarise
from schemas.records import Summary
from tests.support.patients import pack, page, person, read, said


def test_allergy_and_its_denial_are_both_marked() -> None:
    made = page(
        ("2023-01-02", "过敏史：青霉素（皮疹）。诊断：高血压病。"),
        ("2024-01-02", "否认药物过敏史。诊断：高血压病。"),
    )
    assert [one.mark for one in made.allergies] == ["contradiction", "contradiction"]
    assert "青霉素" in made.allergies[0].text
    assert "皮疹" in made.allergies[0].detail
    assert {one.document for one in made.allergies[0].sources} == {"d0", "d1"}
    assert "青霉素" in said(made.contradictions)


def test_denial_before_the_first_reaction_is_no_contradiction() -> None:
    made = page(
        ("2022-01-02", "否认药物过敏史。诊断：高血压病。"),
        ("2024-01-02", "过敏史：青霉素（皮疹）。"),
    )
    assert [one.mark for one in made.allergies] == [""]
    assert made.contradictions == ()


def test_no_allergy_known_only_if_said() -> None:
    silent, told = (
        page(("2024-01-02", "诊断：高血压病。")),
        page(("2024-01-02", "否认药物过敏史。")),
    )
    assert silent.allergies == ()
    assert [one.text for one in told.allergies] == ["记载无已知过敏"]
    assert told.allergies[0].sources[0].document == "d0"


def test_dose_raised_is_told_with_before_after_and_why() -> None:
    made = page(
        ("2024-01-02", "诊断：高血压病。处理：缬沙坦80mg qd。"),
        ("2024-03-02", "处理：缬沙坦加至160mg qd（血压未达标）。"),
    )
    change = next(one for one in made.changes if "缬沙坦" in one.text)
    assert "80mg qd → 160mg qd" in change.detail
    assert "血压未达标" in change.detail
    assert [one.text for one in made.medication] == ["缬沙坦 160mg qd"]
    assert made.since == "2024-01-02"


def test_stopped_drug_is_under_changes_only() -> None:
    made = page(
        ("2024-01-02", "处理：依那普利10mg bid。"),
        ("2024-02-02", "处理：因干咳停用依那普利，改缬沙坦80mg qd。"),
    )
    assert "依那普利" in said(made.changes)
    assert "干咳" in said(made.changes)
    assert "依那普利" not in "".join(one.text for one in made.medication)


def test_a_change_is_dated_by_its_own_clause_and_told_once() -> None:
    stop = "2025年12月因消化道出血停用阿司匹林。"
    first = ("2025-11-02", "处理：阿司匹林100mg qd。")
    new = page(first, ("2026-03-01", stop))
    assert [one.date for one in new.changes if "阿司匹林" in one.text] == ["2025-12"]
    again = page(first, ("2026-01-02", stop), ("2026-03-01", stop))
    assert not [one for one in again.changes if "阿司匹林" in one.text]


def test_what_is_injected_is_no_result() -> None:
    made = page(("2026-03-01", "处理：胰岛素 8U 餐前。"))
    assert [one.text for one in made.medication] == ["胰岛素 8U"]
    assert made.results == ()


@pytest.mark.parametrize("later", [False, True])
def test_stopped_then_listed_is_a_contradiction(later: bool) -> None:
    notes = [
        ("2024-01-02", "处理：二甲双胍0.5g tid。"),
        ("2024-02-02", "处理：停二甲双胍（腹泻）。"),
        ("2024-03-02", "目前用药：二甲双胍0.5g tid。"),
        ("2024-04-02", "诊断：2型糖尿病。"),
    ]
    made = page(*notes[: 4 if later else 3])
    assert "二甲双胍" in said(made.contradictions)
    assert [one.mark for one in made.medication] == ([] if later else ["contradiction"])


def test_restart_is_none() -> None:
    made = page(
        ("2024-01-02", "处理：二甲双胍0.5g tid。"),
        ("2024-02-02", "处理：停二甲双胍（腹泻）。"),
        ("2024-03-02", "处理：加用二甲双胍0.5g bid。"),
    )
    assert made.contradictions == ()
    assert [one.text for one in made.medication] == ["二甲双胍 0.5g bid"]


def test_course_that_is_over_is_not_taken_now() -> None:
    made = page(
        ("2024-01-02", "处理：左氧氟沙星0.5g qd 口服5天；缬沙坦80mg qd。"),
        ("2024-03-02", "诊断：高血压病。"),
    )
    assert [one.text for one in made.medication] == ["缬沙坦 80mg qd"]


def test_ruled_out_diagnosis_is_no_problem_but_told() -> None:
    made = page(
        ("2024-01-02", "诊断：肺癌？"),
        ("2024-02-02", "病理未见癌细胞，排除肺癌。"),
    )
    assert made.problems == ()
    assert "已排除：肺癌" in said(made.changes)


def test_confirmed_then_refuted_is_a_contradiction() -> None:
    made = page(("2024-01-02", "诊断：癫痫。"), ("2024-02-02", "诊断：癫痫已排除。"))
    assert made.problems == ()
    assert "癫痫" in said(made.contradictions)


def test_relatives_diseases_stand_apart() -> None:
    made = page(("2024-01-02", "父亲患肺癌，母亲高血压。诊断：胃炎。"))
    assert "肺癌" in said(made.family)
    assert "父亲" in said(made.family)
    assert not any("肺癌" in one.name or "高血压" in one.name for one in made.problems)


def test_problem_has_its_medication_and_results() -> None:
    made = page(
        ("2024-01-02", "HbA1c 8.6%。诊断：2型糖尿病。用药：二甲双胍0.5g tid；阿托伐他汀20mg。")
    )
    problem = next(one for one in made.problems if "糖尿病" in one.name)
    texts = [one.text for one in problem.lines]
    assert any("二甲双胍" in text for text in texts)
    assert any("HbA1c" in text for text in texts)
    assert not any("阿托伐他汀" in text for text in texts)


def test_result_with_trend_and_what_became_normal() -> None:
    made = page(
        ("2024-01-02", "血肌酐 92μmol/L(57-111)，血钾 5.9mmol/L(3.5-5.3)↑。"),
        ("2024-02-02", "血肌酐 128μmol/L(57-111)↑，血钾 4.5mmol/L(3.5-5.3)。"),
    )
    assert len(made.results) == 1
    assert "128" in made.results[0].text
    assert "92" in made.results[0].detail
    assert made.results[0].mark == "abnormal"
    assert "转为异常：血肌酐" in said(made.changes)
    assert "恢复正常：血钾" in said(made.changes)


def test_a_line_says_its_date_once() -> None:
    made = page(
        ("2024-01-02", "过敏史：青霉素（皮疹）。血肌酐 92μmol/L(57-111)。"),
        ("2024-02-02", "否认药物过敏史。血肌酐 128μmol/L(57-111)↑。二甲双胍 0.5g bid。"),
    )
    against = made.contradictions[0]
    assert ("2024-02-02" in against.detail, against.date) == (True, "")
    (result,) = made.results
    assert "2024-01-02" in result.detail
    assert ("2024-02-02" in result.detail, result.date) == (False, "2024-02-02")
    (drug,) = made.medication
    assert (drug.detail, drug.date) == ("", "2024-02-02")


def test_sides_and_sex() -> None:
    made = page(
        ("2024-01-02", "诊断：右股骨颈骨折。"),
        ("2024-01-05", "患者，男，63岁。诊断：左股骨颈骨折；前列腺增生。"),
    )
    told = said(made.contradictions)
    assert [one in told for one in ("左右不一致", "性别不符", "前列腺增生")] == [True] * 3


def test_another_persons_document_gives_nothing_but_a_warning() -> None:
    made = page(
        ("2024-01-02", "姓名：程晚秋 诊断：高血压病。"),
        ("2024-01-05", "姓名：赵四 诊断：胃癌。处理：紫杉醇。"),
    )
    assert "赵四" in said(made.contradictions)
    assert not any("胃癌" in one.name for one in made.problems)
    assert made.medication == ()


def test_allergic_and_given() -> None:
    made = page(
        ("2024-01-02", "过敏史：青霉素（皮疹）。"),
        ("2024-02-02", "处理：阿莫西林0.5g tid。"),
    )
    assert "阿莫西林" in said(made.contradictions)


def test_two_doses_on_one_date() -> None:
    made = page(
        ("2024-01-02", "目前用药：氨氯地平5mg qd。"), ("2024-01-02", "目前用药：氨氯地平10mg qd。")
    )
    assert "两种剂量" in said(made.contradictions)
    same = page(
        ("2024-01-02", "用药：二甲双胍0.5g tid。"), ("2024-01-02", "用药：二甲双胍500mg tid。")
    )
    assert same.contradictions == ()


def test_advice_without_a_day_is_shown_for_a_year() -> None:
    first = ("2024-01-02", "嘱：低盐饮食。")
    assert "低盐饮食" in said(page(first, ("2024-12-05", "诊断：感冒。")).precautions)
    assert page(first, ("2025-01-15", "诊断：高血压病。")).precautions == ()


def test_order_of_documents_does_not_matter() -> None:
    notes = read(
        ("2023-03-06", "过敏史：青霉素（皮疹）。诊断：高血压病3级。处理：依那普利10mg bid。"),
        ("2024-03-06", "否认药物过敏史。处理：停依那普利（干咳），改缬沙坦80mg qd。"),
        ("2025-03-06", "血肌酐 128μmol/L(57-111)↑。处理：缬沙坦加至160mg qd。"),
    )
    assert summarise(person(), notes, pack()) == summarise(person(), notes[::-1], pack())


def test_english_has_no_words_of_ours_in_chinese() -> None:
    notes = read(("2024-01-02", "Diagnosis: hypertension. Allergies: penicillin (rash)."))
    made: Summary = summarise(person(), notes, pack(), "en")
    assert "reaction: rash" in said(made.allergies)


def test_nothing_gives_an_empty_page() -> None:
    made = summarise(person(), [], pack())
    assert (made.last_visit, made.documents, made.problems) == ("", 0, ())


@pytest.mark.parametrize(
    "head",
    [
        "姓名：程晚秋",
        "姓名： 性别：女",
        "姓名：程某某",
        "联系人姓名：王五",
        "姓名：程晚秋之子",
        "Name: Cheng",
    ],
)
def test_a_document_that_names_nobody_else_is_theirs(head: str) -> None:
    made = page(("2024-01-05", f"{head} 诊断：胃癌。"))
    assert made.contradictions == ()
    assert [one.name for one in made.problems] == ["胃癌"]
