from collections.abc import Mapping

import pytest

from agents.records.extraction import Extractor
from agents.records.pack import Pack
from agents.records.parsed import Note
from agents.records.revision import revised
from schemas.records import (
    Allergy,
    Diagnosis,
    FamilyHistory,
    Item,
    Medication,
    Precaution,
    Procedure,
    Span,
)
from tests.agents.records.reading import judging, pack, rules, said_to_be

TEXT = "蟹棒一吃就起风团。前年通了一回鼻泪管,下月再通。太阳大莫出门。白片片也吃。干渴病,姨娘也是。"
SAID = {
    "蟹棒": "allergic",
    "通了一回鼻泪管": "done",
    "再通": "planned",
    "太阳大莫出门": "goes on",
    "白片片": "drug",
    "干渴病": "own",
}


def found(
    said: Mapping[str, str], by: Pack, items: tuple[Item, ...] = (), sure: float = 0.9, **of: float
) -> list[tuple[str, str]]:
    every = revised(said_to_be(TEXT, said, sure, **of), by, items)
    return [(one.name, str(getattr(one, "certainty", ""))) for one in every]


def item(kind: type[Item], words: str) -> Item:
    span = Span(TEXT.index(words), TEXT.index(words) + len(words))
    return kind(span=span, sentence=span, name=words)


def test_what_no_rule_finds_is_found() -> None:
    items = {one.name: one for one in revised(said_to_be(TEXT, SAID), judging(), ())}
    assert items.keys() == SAID.keys()
    assert all(TEXT[one.span.start : one.span.end] == name for name, one in items.items())
    assert {type(one) for one in items.values()} == {
        Allergy, Diagnosis, Medication, Precaution, Procedure,
    }  # fmt: skip
    crab, done, planned = items["蟹棒"], items["通了一回鼻泪管"], items["再通"]
    assert isinstance(crab, Allergy)
    assert (crab.certainty, crab.reaction) == ("confirmed", "起风团")
    assert isinstance(done, Procedure)
    assert (done.certainty, done.time) == ("confirmed", "2023")
    assert isinstance(planned, Procedure)
    assert (planned.certainty, planned.time) == ("hypothetical", "")


@pytest.mark.parametrize(
    ("label", "sure", "certainty"),
    [("own", 0.9, "uncertain"), ("own", 0.99, "confirmed"), ("maybe", 0.99, "uncertain")],
)
def test_a_disease_on_its_word_alone_is_uncertain_unless_it_is_very_sure(
    label: str, sure: float, certainty: str
) -> None:
    assert found({"干渴病": label}, judging(), sure=sure) == [("干渴病", certainty)]


def test_a_relatives_disease_is_the_familys() -> None:
    (one,) = revised(said_to_be(TEXT, {"干渴病": "kin"}), judging(), ())
    assert isinstance(one, FamilyHistory)


@pytest.mark.parametrize("label", ["notallergic", "notdone", "notdrug", "no", "warn", "other"])
def test_what_is_not_so_is_not_added(label: str) -> None:
    assert found({"干渴病": label}, judging()) == []


def test_what_is_less_probable_is_not_taken() -> None:
    assert found(SAID, judging(taken=0.7), inside=0.6) == []


def test_of_what_rules_found_there_is_one() -> None:
    crab = item(Allergy, "蟹棒一吃")
    assert found({"蟹棒": "allergic"}, judging(), (crab,)) == [("蟹棒一吃", "confirmed")]
    drug = item(Medication, "蟹棒")
    assert len(found({"蟹棒": "allergic"}, judging(), (drug,))) == 2
    family = item(FamilyHistory, "干渴病")
    assert len(found({"干渴病": "kin"}, judging(), (family,))) == 1


def test_what_rules_found_and_is_improbable_is_left_out() -> None:
    items = (item(Precaution, "太阳大莫出门"), item(Procedure, "再通"), item(Medication, "白片片"))
    said = {"再通": "planned"}
    assert found(said, judging(taken=2, left=0.2), items) == [("再通", "confirmed")]
    assert len(found(said, judging(taken=2), items)) == 3


def test_that_no_allergy_is_known_stays() -> None:
    span = Span(0, 2)
    none = Allergy(span=span, sentence=span, name="", certainty="refuted")
    assert found({}, judging(left=0.9), (none,)) == [("", "refuted")]


def test_what_is_too_long_for_a_name_or_a_clause_is_none() -> None:
    text = "好" * 200
    for label, most in (("allergic", 24), ("done", 24), ("goes on", 80)):
        for size, count in ((most, 1), (most + 1, 0)):
            parsed = said_to_be(text, {"好" * size: label})
            assert len(list(revised(parsed, judging(), ()))) == count


def test_without_a_second_reader_rules_say_all() -> None:
    text = "假牙取下来泡着,晚上腿底下垫个枕头。"
    assert Extractor(rules()).read(Note(text)) == ()
    assert Extractor(pack()).read(Note(text)) != ()


def test_english_is_read_by_rules() -> None:
    note = Note("Allergic to penicillin. History of hypertension. Follow up in 3 months.")
    assert Extractor(pack()).read(note) == Extractor(rules()).read(note)


def test_a_note_is_read_by_both() -> None:
    text = "出院后那几天,头孢曲松一挂就喘不上气。三个月后来查个肝功能,酒就别再沾了。"
    names = [one.name for one in Extractor(pack()).read(Note(text, "2025-03-02"))]
    assert "头孢曲松" in names
    assert "酒就别再沾了" in names
