"""What the tag model says is removed beside what rules find, or shown as perhaps an identifier."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from agents.models.tags import GROUPS, LABELS, Tagged, Tags
from agents.records.pack import redaction_tables
from agents.records.redaction import Redacted, Redactor
from agents.records.redaction.cutter import cutter_of
from agents.records.redaction.removal import Place
from agents.records.redaction.tagged import TaggedText
from agents.records.redaction.terms import Terms
from schemas.records import Patient

TABLES = redaction_tables()
TEXT = "叫糖豆来，17号靠窗，号牌z9"


def tags(said: Mapping[str, str], probable: float = 0.9) -> Tags:
    """A model that says of these words, wherever they stand, what they are."""

    def read(text: str) -> Tagged:
        told = np.zeros((len(text), len(LABELS)))
        told[:, [LABELS.index(f"{group}: ") for group in GROUPS]] = 1
        for words, label in said.items():
            place = slice(text.index(words), text.index(words) + len(words))
            told[place, LABELS.index("identity: ")] = 1 - probable
            told[place, LABELS.index(f"identity: {label}")] = probable
        return Tagged(text, told)

    return cast(
        Tags,
        SimpleNamespace(
            card=SimpleNamespace(taken={"identity": 0.5}, left={"identity": 0.05}), read=read
        ),
    )


def redacted(text: str, said: Mapping[str, str], probable: float = 0.9) -> Redacted:
    return Redactor(TABLES, tags(said, probable)).redact(text, days=-40)


def test_what_it_is_sure_of_is_removed_by_its_kind() -> None:
    made = TaggedText(
        TEXT,
        tags({"糖豆": "name", "17号靠窗": "ward", "z9": "number"}),
        TABLES,
        Terms(TABLES, cutter_of(TABLES.medical)),
    )
    assert set(made.sure()) == {
        Place(1, 3, "name"), Place(5, 10, "ward"), Place(13, 15, "record"),
    }  # fmt: skip


@pytest.mark.parametrize(("probable", "left"), [(0.9, "叫[姓名]来。糖豆说好"), (0.3, None)])
def test_who_is_named_is_named_again(probable: float, left: str | None) -> None:
    text = "叫糖豆来。糖豆说好"
    made = redacted(text, {"糖豆": "name"}, probable)
    if left is None:
        assert made.text == text
        assert [(one.span.start, one.kind) for one in made.perhaps] == [(1, "name")]
    else:
        assert made.text == "叫[姓名]来。[姓名]说好"


def test_one_sign_is_a_name_if_it_is_sure() -> None:
    assert not redacted("说卉来过", {"卉": "name"}, 0.3).perhaps
    assert redacted("说卉来过", {"卉": "name"}).text == "说[姓名]来过"


def test_what_is_in_nobodys_name_is_left_around_it() -> None:
    assert "的" in TABLES.never_first
    assert redacted("我家的糖豆来", {"的糖豆": "name"}).text == "我家的[姓名]来"
    never = min(TABLES.never)
    assert redacted(f"说{never}来", {never: "name"}).text == f"说{never}来"


def test_a_name_in_old_signs_is_named_again() -> None:
    made = redacted("陳曉燕到。曉燕說好", {"陈晓燕": "name"})
    assert made.text == "[姓名]到。[姓名]說好"


def test_a_name_is_one_across_a_space() -> None:
    assert redacted("说糖 豆来", {"糖": "name", "豆": "name"}).text == "说[姓名]来"


def test_a_date_that_rules_move_is_moved() -> None:
    text = "2024年3月5日住院，3月8日出院"
    said = {"2024年3月5日": "date", "3月8日出": "date"}
    assert redacted(text, said).text.startswith("2024年1月25日住院，1月28日")
    assert redacted("麦收头一天住院", {"麦收头一天": "date"}).text == "[日期]住院"


def test_a_number_of_known_form_keeps_its_kind() -> None:
    made = redacted("联系13800138000转2", {"13800138000转2": "number"})
    assert made.text.startswith("联系[电话]")


def test_what_a_rule_found_and_the_model_knows_for_none_stays() -> None:
    text = "戴耳塞有用吗"
    rules = Redactor(TABLES).redact(text, days=-40)
    assert rules.removed
    assert redacted(text, {}).text == text
    assert redacted("联系人 wang fang", {}).text != "联系人 wang fang"


def test_a_licence_of_a_drug_is_no_number() -> None:
    assert redacted("国药准字Z20051234", {"z20051234": "number"}).text == "国药准字Z20051234"


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("幼儿园", "employer"),
        ("口", "address"),
        ("ffl", "name"),
        ("氨", "name"),
        ("地平", "address"),
    ],
)
def test_words_that_are_nobodys_stay(words: str, label: str) -> None:
    text = "说幼儿园有手足口病，氨氯地平shuffle一下"
    assert redacted(text, {words: label}).text == text


def test_a_part_of_a_place_is_removed_with_it() -> None:
    said = {"河东粮站": "employer", "口": "address"}
    assert "口" not in redacted("住河东粮站口那家", said).text


def test_the_patient_is_removed_whatever_the_model_says() -> None:
    made = Redactor(TABLES, tags({})).redact("糖豆头晕", Patient("p", "糖豆"), days=-40)
    assert made.text == "[姓名]头晕"


def test_english_is_read_by_rules_alone() -> None:
    def fails(text: str) -> Tagged:
        raise AssertionError(text)

    blind = cast(Tags, SimpleNamespace(read=fails))
    assert Redactor(TABLES, blind).redact("Dr. John Smith", days=-40).removed
