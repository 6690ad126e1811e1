"""Every rule by which notes are counted, on a small note and readers that are told the answer."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from agents.records.parsed import Note
from schemas.records import (
    Allergy,
    Diagnosis,
    FamilyHistory,
    Item,
    Medication,
    Precaution,
    Result,
    Span,
)
from streams.evaluation.record_fields import FIELDS
from streams.evaluation.record_files import own_passages, own_sets
from streams.evaluation.record_sets import BadNotes, Fact, GoldNote, parse
from streams.evaluation.records import (
    Counts,
    Read,
    certainties,
    count,
    evaluate,
    family_scope,
    field_counts,
    judge,
    told,
)

TEXT = (
    "父亲有高血压，同病房病人患肺结核。患者否认糖尿病，警惕低血糖。高血压病3级，肺炎待排。\n"
    "血压168/102mmHg，血钾4.1，肌酐132μmol/L。阿司匹林0.1g qd因黑便停用。青霉素皮疹。一周后复查。"
)
FACTS = """\
diagnosis | 高血压病3级 | course=chronic | time=2015
diagnosis | 肺炎 | certainty=uncertain
diagnosis | 糖尿病 | certainty=refuted
diagnosis | 低血糖 | certainty=hypothetical
result | 血压#3 | value=168 | interpretation=H
result | 血压#3 | value=102 | interpretation=H
result | 血钾 | value=4.1 | interpretation=N
result | 肌酐 | value=132 | interpretation=H
medication | 阿司匹林 | dose=0.1g | frequency=qd | change=stop | reason=黑便
allergy | 青霉素 | reaction=皮疹
precaution | 一周后复查 | due_days=7
family | 高血压 | relative=父亲
other | 肺结核
"""
HEAD = "=== n-1 | split=test | date=2025-03-02 | sex=male | birth=1961\n"


def gold(facts: str = FACTS, text: str = TEXT) -> GoldNote:
    (one,) = parse(f"{HEAD}{text}\n---\n{facts}", "small.txt")
    return one


def read(items: Sequence[Item], facts: str = FACTS, text: str = TEXT) -> list[Read]:
    return judge([gold(facts, text)], lambda _: items)


def at(words: str, text: str = TEXT) -> dict[str, Any]:
    start = text.index(words)
    span = Span(start, start + len(words))
    return {"span": span, "sentence": span}


def disease(words: str, name: str = "", **more: Any) -> Diagnosis:
    return Diagnosis(name=name or words, **at(words), **more)


def measured(words: str, value: float, interpretation: Any) -> Result:
    return Result(
        name=words,
        value=value,
        interpretation=interpretation,
        **at(words),
    )


def lines(items: Sequence[Item], facts: str = FACTS) -> list[str]:
    (one,) = read(items, facts)
    return list(told(one))


def field(items: Sequence[Item], kind: str, key: str, facts: str = FACTS) -> tuple[int, int]:
    (one,) = [some for some in FIELDS if (some.kind, some.key) == (kind, key)]
    return field_counts(read(items, facts), one)


def test_places_that_overlap_are_the_same_fact() -> None:
    assert count(read([disease("高血压病3级，", "高血压")]), "diagnosis") == Counts(1, 3, 0)


def test_the_same_words_elsewhere_are_the_same_fact() -> None:
    item = disease("患者", "肺炎", certainty="uncertain")
    assert count(read([item]), "diagnosis") == Counts(1, 3, 0)


def test_the_same_term_of_the_tables_is_the_same_fact() -> None:
    here = disease("肺炎", term="肺部感染", certainty="uncertain")
    again = disease("患者", "肺感染", term="肺部感染", certainty="uncertain")
    assert count(read([here, again]), "diagnosis") == Counts(1, 3, 0)
    assert count(read([disease("患者", "肺感染", term="别的")]), "diagnosis") == Counts(0, 4, 1)


def test_another_kind_is_another_fact() -> None:
    done = read([Allergy(name="肺炎", **at("肺炎"))])
    assert count(done, "diagnosis") == Counts(0, 4, 0)
    assert count(done, "allergy") == Counts(0, 1, 1)


def test_one_item_is_one_fact() -> None:
    done = read([disease("否认糖尿病，警惕低血糖", "糖尿病", certainty="refuted")])
    assert count(done, "diagnosis") == Counts(1, 3, 0)
    assert certainties(done) == {("refuted", "refuted"): 1}


def test_further_mentions_cost_nothing() -> None:
    items = [disease("高血压病3级"), disease("患者", "高血压病3级")]
    assert count(read(items), "diagnosis") == Counts(1, 3, 0)


def test_further_words_of_a_fact_are_the_fact() -> None:
    facts = "diagnosis | 高血压病3级 | also=肌酐、患者"
    assert count(read([disease("患者", "甲")], facts), "diagnosis") == Counts(1, 0, 0)


def test_further_words_are_not_meant_where_they_are_anothers() -> None:
    facts = "diagnosis | 高血压病3级 | also=高血压\nfamily | 高血压 | relative=父亲\n"
    mine, theirs = gold(facts).facts
    assert theirs.places[0] not in mine.places
    (done,) = read([disease("父亲有高血压", "高血压")], facts)
    assert count([done], "diagnosis") == Counts(0, 1, 1)


def test_what_is_optional_is_neither_missed_nor_wrong() -> None:
    facts = "diagnosis | 肺炎 | certainty=refuted | optional=yes"
    assert count(read([], facts), "diagnosis") == Counts(0, 0, 0)
    (done,) = found = read([disease("肺炎")], facts)
    assert count(found, "diagnosis") == Counts(0, 0, 0)
    assert not certainties(found)
    assert not done.matched.unsafe


def test_what_is_no_fact_is_wrong() -> None:
    assert count(read([disease("黑便")]), "diagnosis") == Counts(0, 4, 1)


def test_values_tell_results_at_one_place_apart() -> None:
    items = [measured("血压168", value, "H") for value in (102, 168, 99)]
    assert count(read(items), "result") == Counts(2, 1, 1)


def test_normal_results_are_neither_right_nor_wrong() -> None:
    items = [measured("血钾", 4.1, "N"), measured("父亲", 7, "N"), measured("患者", 8, "")]
    assert count(read(items), "result") == Counts(0, 3, 0)
    assert field(items, "result", "interpretation") == (1, 1)


def test_a_normal_result_that_is_flagged_is_wrong() -> None:
    items = [measured("血钾", 4.1, "N"), measured("血钾", 4.1, "H")]
    for some in (items[1:], items):
        assert count(read(some), "result") == Counts(0, 3, 1)


def test_an_abnormal_result_that_is_not_flagged_is_missed() -> None:
    items = [measured("肌酐", 132, "N")]
    assert count(read(items), "result") == Counts(0, 3, 0)
    assert field(items, "result", "interpretation") == (0, 1)


def test_the_wrong_side_is_found_but_its_interpretation_is_wrong() -> None:
    items = [measured("肌酐", 132, "L")]
    assert count(read(items), "result") == Counts(1, 2, 0)
    assert field(items, "result", "interpretation") == (0, 1)


def test_certainty_is_counted_of_what_is_found() -> None:
    items = [disease("肺炎"), disease("糖尿病", certainty="refuted")]
    assert certainties(read(items)) == {("uncertain", "confirmed"): 1, ("refuted", "refuted"): 1}


@pytest.mark.parametrize("words", ["糖尿病", "低血糖", "高血压，", "肺结核"])
def test_what_the_patient_does_not_have_is_unsafe(words: str) -> None:
    (done,) = read([disease(words)])
    assert len(done.matched.unsafe) == 1
    (careful,) = read([disease(words, certainty="uncertain")])
    assert not careful.matched.unsafe


def test_elsewhere_it_is_unsafe_by_its_words() -> None:
    (done,) = read([disease("黑便", "糖尿病")])
    assert len(done.matched.unsafe) == 1
    (own,) = read([disease("黑便", "高血压病3级")])
    assert not own.matched.unsafe


def test_a_relatives_disease_by_its_words_is_unsafe_unless_the_patient_has_it() -> None:
    (done,) = read([disease("黑便", "高血压")])
    assert len(done.matched.unsafe) == 1
    facts = FACTS + "diagnosis | 高血压#2\n"
    (both,) = read([disease("黑便", "高血压")], facts)
    assert not both.matched.unsafe


def test_a_relatives_disease_is_no_mention_of_the_patients() -> None:
    items = [disease("高血压病3级"), disease("父亲有高血压", "高血压病3级")]
    (done,) = read(items)
    assert count([done], "diagnosis") == Counts(1, 3, 1)
    assert len(done.matched.unsafe) == 1


def test_anothers_disease_is_wrong_as_anything() -> None:
    for item in (disease("肺结核"), FamilyHistory(name="肺结核", **at("肺结核"))):
        (done,) = read([item])
        assert len(done.matched.wrong) == 1


def test_family_scope() -> None:
    theirs = FamilyHistory(name="高血压", relative="父亲", **at("高血压"))
    mine = FamilyHistory(name="高血压", **at("高血压病3级"))
    assert family_scope(read([theirs])) == (1, 1)
    assert family_scope(read([])) == (0, 0)
    assert family_scope(read([disease("父亲有高血压", certainty="refuted")])) == (0, 1)
    assert family_scope(read([theirs, disease("父亲有高血压")])) == (0, 1)
    assert family_scope(read([theirs, mine])) == (1, 2)
    assert count(read([theirs, mine]), "family") == Counts(1, 0, 1)


def test_two_relatives_are_two_facts() -> None:
    facts = "family | 高血压 | relative=父亲\nfamily | 高血压 | relative=患者\n"
    items = [FamilyHistory(name="高血压", relative=who, **at("高血压")) for who in ("患者", "父亲")]
    assert count(read(items, facts), "family") == Counts(2, 0, 0)
    assert field(items, "family", "relative", facts) == (2, 2)


def test_no_allergy_known_has_no_words() -> None:
    facts = "allergy | | certainty=refuted"
    none = Allergy(name="", certainty="refuted", **at("患者"))
    assert count(read([none], facts), "allergy") == Counts(1, 0, 0)
    some = Allergy(name="药物", certainty="refuted", **at("患者"))
    assert count(read([some], facts), "allergy") == Counts(0, 1, 1)


def test_fields_are_right_if_any_mention_says_them() -> None:
    items: list[Item] = [
        Medication(name="阿司匹林", dose="0.1 g", frequency="qd", **at("阿司匹林")),
        Medication(name="阿司匹林", change="stop", reason="因黑便", **at("停用")),
    ]
    for key in ("dose", "frequency", "change", "reason"):
        assert field(items, "medication", key) == (1, 1)
        said = key in ("change", "reason")
        assert field(items[1:], "medication", key) == (int(said), 1)
    assert field(items, "medication", "before") == (0, 0)


def test_fields_that_are_made_up_are_wrong() -> None:
    items = [Medication(name="阿司匹林", route="po", before="氯吡格雷", **at("阿司匹林"))]
    assert field(items, "medication", "route") == (0, 1)
    assert field(items, "medication", "before") == (0, 1)


def test_time_counts_only_where_it_is_written() -> None:
    items = [disease("肺炎", certainty="uncertain", time="2025-03-02")]
    assert field(items, "diagnosis", "time") == (0, 0)
    assert field([disease("高血压病3级", time="2015")], "diagnosis", "time") == (1, 1)
    assert field([disease("高血压病3级")], "diagnosis", "time") == (0, 1)


def test_course_is_whether_it_is_over() -> None:
    assert field([disease("高血压病3级")], "diagnosis", "course") == (1, 1)
    assert field([disease("高血压病3级", course="past")], "diagnosis", "course") == (0, 1)


def test_days_until_due() -> None:
    assert field([Precaution(name="复查", due_days=7, **at("复查"))], "precaution", "due_days") == (
        1,
        1,
    )
    assert field([Precaution(name="复查", **at("复查"))], "precaution", "due_days") == (0, 1)


@pytest.mark.parametrize(
    ("written", "given", "same"),
    [(30, 31, True), (365, 360, True), (90, 92, True), (90, 60, False), (7, 8, False)],
)
def test_months_and_years_have_no_exact_days(written: int, given: int, same: bool) -> None:
    item = Precaution(name="复查", due_days=given, **at("复查"))
    facts = f"precaution | 复查 | due_days={written}"
    assert field([item], "precaution", "due_days", facts) == (int(same), 1)


def test_shares() -> None:
    counts = Counts(right=3, missed=1, wrong=2)
    assert (counts.precision, counts.recall) == (0.6, 0.75)
    assert counts.f1 == pytest.approx(2 / 3)
    assert math.isnan(Counts(0, 0, 0).precision)


def test_misses_are_told_with_the_note() -> None:
    said = lines([disease("糖尿病"), disease("黑便"), measured("肌酐", 132, "HH")])
    assert any(line.startswith("n-1: UNSAFE: 糖尿病 (confirmed) in …") for line in said)
    assert "n-1: missed: family 高血压 | relative=父亲" in said
    assert any(line.startswith("n-1: wrong: diagnosis 黑便") for line in said)
    assert "n-1: certainty: 糖尿病 | certainty=refuted, read confirmed" in said
    assert "n-1: interpretation: 肌酐 | value=132 | interpretation=H, read HH" in said


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ("disease | 肺炎", "no kind of fact"),
        ("diagnosis | 肺癌", "the note has '肺癌' 0 times"),
        ("diagnosis | 高血压#3", "the note has '高血压' 2 times"),
        ("diagnosis | 肺炎 | dose=1g", "diagnosis has no field dose"),
        ("diagnosis | 肺炎 | certainty=maybe", "certainty=maybe: one of confirmed"),
        ("diagnosis | 肺炎 | time=5年前", "is no date"),
        ("diagnosis | 肺炎 | certainty", "is not key=value"),
        ("diagnosis | 肺炎 | time=2015 | time=2016", "or is there twice"),
        ("diagnosis | ", "has no words"),
        ("result | 血钾 | value=高", "a number; words go into text="),
        ("medication | 阿司匹林 | dose=0.2g", "dose=0.2g is not in the note"),
        ("medication | 阿司匹林 | frequency=一天一次", "a short code"),
        ("diagnosis | 肺炎 | also=肺癌", "also=肺癌 is not in the note"),
        ("diagnosis | 肺炎\ndiagnosis | 肺炎", "written twice"),
        ("diagnosis | 高血压\nfamily | 高血压", "which place, #2"),
        ("other | 肺结核\ndiagnosis | 肺结核", "which place, #2"),
    ],
)
def test_a_wrong_line_is_named(facts: str, reason: str) -> None:
    with pytest.raises(BadNotes, match=r"small\.txt, line [56], n-1: ") as refused:
        gold(facts)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("文字", "line 1: begins with no line ==="),
        ("=== a | split=both | date=2025\nx\n---", "split= is tune or test"),
        ("=== a | split=tune\nx\n---", "has no date="),
        ("=== a | split=tune | date=May\nx\n---", "date=May is no date"),
        ("=== a | split=tune | date=2025 | sex=m\nx\n---", "sex= is one of"),
        ("=== a | split=tune | date=2025 | age=3\nx\n---", "no field of a note: age"),
        ("=== a | split=tune | date=2025\nx", "no line ---"),
        ("=== a | split=tune | date=2025\n---", "a note has 1 to"),
    ],
)
def test_a_wrong_note_is_named(content: str, reason: str) -> None:
    with pytest.raises(BadNotes, match=r"small\.txt, line 1") as refused:
        list(parse(content, "small.txt"))
    assert reason in str(refused.value)


def test_a_disease_that_is_not_the_patients_but_a_relatives() -> None:
    assert len(gold("diagnosis | 高血压 | certainty=refuted\nfamily | 高血压").facts) == 2


def test_files_are_read_and_ids_are_unique(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{HEAD}{TEXT}\n---\n{FACTS}")
    (tmp_path / "GUIDE.md").write_text("no notes")
    rows = evaluate(tmp_path, reader=lambda _: [])
    assert {row.data for row in rows} == {f"{tmp_path.name} notes, Chinese, test half"}
    assert not evaluate(tmp_path / "a.txt", reader=lambda _: [], quick=True)
    (tmp_path / "b.txt").write_text(f"{HEAD}{TEXT}\n---\n")
    with pytest.raises(BadNotes, match=r"b\.txt: there is a n-1 already"):
        evaluate(tmp_path, reader=lambda _: [])
    with pytest.raises(BadNotes, match=r"cannot read .*gone\.txt"):
        evaluate(tmp_path / "gone.txt", reader=lambda _: [])
    (tmp_path / "none").mkdir()
    with pytest.raises(BadNotes, match="no notes"):
        evaluate(tmp_path / "none", reader=lambda _: [])


def _is_wanted(fact: Fact) -> bool:
    return not fact.optional and fact.kind != "other"


def test_goals_are_for_the_chinese_test_half() -> None:
    said: list[str] = []
    rows = evaluate(None, reader=lambda _: [], misses="tune", detail=said.append)
    for row in rows:
        if row.measure.endswith(("precision", "recall", "family scope")) or "unsafe" in row.measure:
            assert (row.goal is not None) == (row.data == "own notes, Chinese, test half")
    goals = {row.measure: row.goal for row in rows if row.goal is not None}
    assert goals["diagnosis: recall"] == 0.90
    assert goals["allergy: recall"] == goals["medication: recall"] == 0.97
    tune = {
        one.id
        for one in own_sets() + own_passages()
        if one.half == "tune" and any(map(_is_wanted, one.facts))
    }
    assert {line.split(":")[0] for line in said} == tune


def test_the_own_set_is_as_large_as_the_goal_asks_for() -> None:
    notes = own_sets()
    chinese = [one for one in notes if one.lang == "zh"]
    assert len(chinese) >= 80
    assert sum(one.half == "test" for one in chinese) >= 40
    assert len({one.note.text for one in notes}) == len(notes)
    facts = [fact for one in notes for fact in one.facts]
    assert sum(fact.optional for fact in facts) < 0.12 * len(facts)


def everything(notes: Sequence[GoldNote]) -> Callable[[Note], Sequence[Item]]:
    """A reader that knows the answers."""
    kinds: dict[str, type[Item]] = {
        "diagnosis": Diagnosis, "result": Result, "medication": Medication, "allergy": Allergy,
        "precaution": Precaution, "family": FamilyHistory,
    }  # fmt: skip
    made: dict[str, list[Item]] = {}
    for one in notes:
        for fact in one.facts:
            if fact.kind in kinds and not fact.optional:
                span = fact.places[0] if fact.places else Span(0, 0)
                more: dict[str, Any] = dict(fact.fields)
                if "value" in fact.fields:
                    more["value"] = float(fact.fields["value"])
                if "due_days" in fact.fields:
                    more["due_days"] = int(fact.fields["due_days"])
                item = kinds[fact.kind](span=span, sentence=span, name=fact.name, **more)
                made.setdefault(one.note.text, []).append(item)
    return lambda note: made.get(note.text, [])


def test_who_knows_the_answers_gets_full_marks() -> None:
    rows = evaluate(None, reader=everything(own_sets() + own_passages()))
    judged = [row for row in rows if "procedure" not in row.measure]
    assert all(row.value == (0.0 if "unsafe" in row.measure else 1.0) for row in judged)
