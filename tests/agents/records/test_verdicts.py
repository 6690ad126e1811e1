from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import msgspec
import pytest

from agents.models.tags import Tags
from agents.records.pack import Pack
from agents.records.verdicts import certainty, reread
from schemas.records import Certainty, Diagnosis, FamilyHistory, Span
from tests.agents.records.reading import pack, said_to_be

TEXT = "他有痛风。"
GOUT = Span(2, 4)


def judging() -> Pack:
    """Ours, whose model doubts and is sure from these shares on."""
    tags = pack().tags
    assert tags
    card = msgspec.structs.replace(tags.card, known=0.3, sure=0.8)
    return replace(pack(), tags=cast("Tags", SimpleNamespace(card=card)))


def read(
    label: str, one: Diagnosis | FamilyHistory, sure: float = 0.9, text: str = TEXT
) -> Diagnosis | FamilyHistory:
    return reread(said_to_be(text, {"痛风": label}, sure), judging(), one)


def gout(said: Certainty = "confirmed") -> Diagnosis:
    return Diagnosis(span=GOUT, sentence=Span(0, 5), name="痛风", code="M10", certainty=said)


FAMILY = FamilyHistory(span=GOUT, sentence=Span(0, 5), name="痛风", code="M10", relative="爸")


@pytest.mark.parametrize("label", ["own", "maybe"])
def test_what_may_be_the_patients_stays(label: str) -> None:
    assert read(label, gout(), sure=0.99) == gout()


@pytest.mark.parametrize("sure", [0.6, 0.99])
@pytest.mark.parametrize("label", ["no", "warn", "other"])
def test_what_it_doubts_is_uncertain_and_not_hidden(label: str, sure: float) -> None:
    one = read(label, gout(), sure)
    assert isinstance(one, Diagnosis)
    assert (one.certainty, one.code) == ("uncertain", "M10")


def test_what_it_is_sure_of_is_the_familys() -> None:
    one = read("kin", gout())
    assert isinstance(one, FamilyHistory)
    assert one.code == "M10"
    doubted = read("kin", gout(), sure=0.6)
    assert isinstance(doubted, Diagnosis)
    assert doubted.certainty == "uncertain"


@pytest.mark.parametrize("said", ["refuted", "hypothetical"])
@pytest.mark.parametrize("label", ["own", "maybe", "kin", "other"])
def test_it_confirms_nothing_that_rules_deny(said: Certainty, label: str) -> None:
    assert read(label, gout(said), sure=0.99) == gout(said)


def test_what_is_uncertain_is_not_confirmed() -> None:
    assert read("own", gout("uncertain"), sure=0.99) == gout("uncertain")


def test_a_relatives_disease_may_be_the_patients() -> None:
    one = read("own", FAMILY)
    assert isinstance(one, Diagnosis)
    assert one.certainty == "uncertain"
    assert read("own", FAMILY, sure=0.55) == FAMILY
    assert read("kin", FAMILY) == FAMILY


def test_words_that_name_no_disease_for_it_are_left_to_the_rules() -> None:
    assert reread(said_to_be(TEXT, {}), judging(), FAMILY) == FAMILY


def test_ticks_are_left_to_the_rules() -> None:
    span = Span(1, 3)
    one = Diagnosis(span=span, sentence=Span(0, 3), name="痛风")
    parsed = said_to_be("☑痛风 □高血压", {"痛风": "no"}, 0.99)
    assert reread(parsed, judging(), one) == one


def test_where_a_relative_writes_rules_say_who_is_meant() -> None:
    text = "我是病人的女儿。我爸有痛风,十年了。"
    parsed = said_to_be(text, {"痛风": "kin"}, 0.99)
    span = Span(text.index("痛风"), text.index("痛风") + 2)
    one = Diagnosis(span=span, sentence=parsed.sentence(span.start), name="痛风")
    assert reread(parsed, judging(), one) == one


def test_what_the_next_clause_denies_is_something_else() -> None:
    assert read("no", gout(), text="他有痛风,否认高血压。") == gout()
    denied = read("no", gout(), text="他有痛风,否认过的。")
    assert isinstance(denied, Diagnosis)
    assert denied.certainty == "uncertain"


def test_its_word_alone_confirms_only_where_it_is_very_sure() -> None:
    assert [certainty("own", share) for share in (0.9, 0.96)] == ["uncertain", "confirmed"]
    assert certainty("no", 0.9) == "refuted"
