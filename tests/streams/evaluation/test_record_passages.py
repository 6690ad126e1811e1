"""Passages with marks: what is read of them, and what is refused."""

import pytest

from agents.records.parsed import Note
from schemas.records import Diagnosis, FamilyHistory, Item, Medication, Span
from streams.evaluation.record_files import own_passages, own_sets
from streams.evaluation.record_passages import LABELS, parse
from streams.evaluation.record_sets import BadNotes
from streams.evaluation.records import certainties, judge, told

FILE = "passages-us-tune.txt"
LINE = (
    "医：[高血压|own]？ / 患：嗯，我爸[脑梗死|kin]，怕[脑梗死|warn]；"
    "[痛风|no]、[肺炎|maybe]，邻居[肺炎|other]。\n"
)


def test_marks_become_facts_where_they_stand() -> None:
    (one,) = parse(LINE, FILE)
    assert (one.id, one.half, one.lang, one.whole) == ("us-tune-1", "tune", "zh", False)
    text = "医：高血压？\n患：嗯，我爸脑梗死，怕脑梗死；痛风、肺炎，邻居肺炎。"
    assert one.note == Note(text)
    assert [(fact.kind, fact.name, fact.certainty) for fact in one.facts] == [
        ("diagnosis", "高血压", "confirmed"),
        ("family", "脑梗死", "confirmed"),
        ("diagnosis", "脑梗死", "hypothetical"),
        ("diagnosis", "痛风", "refuted"),
        ("diagnosis", "肺炎", "uncertain"),
        ("other", "肺炎", "confirmed"),
    ]
    places = [text[place.start : place.end] for fact in one.facts for place in fact.places]
    assert places == [fact.name for fact in one.facts]
    assert len({fact.places for fact in one.facts}) == len(one.facts)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("没有记号。", "has a mark"),
        ("[高血压|his]。", "'his' is no label"),
        ("[|own]高血压。", r"\[ is no part"),
        ("[高血压]，[痛风|own]。", r"\[ is no part"),
        ("[高血压|own，[痛风|own]。", r"\[ is no part"),
        ("高血压|own]，[痛风|own]。", r"\| is no part"),
        ("[痛风|own]" + "长" * 200_000, "at most"),
        ("[痛风|own]，{戒烟", "never closed"),
        ("[痛风|own]，戒烟}", "none within another"),
        ("[痛风|own]，{戒{烟}}", "none within another"),
        ("[痛风|own]，{}", "none within another"),
    ],
)
def test_a_line_that_does_not_parse_is_named(line: str, why: str) -> None:
    with pytest.raises(BadNotes, match=rf"{FILE}, line 3: .*{why}"):
        list(parse(f"[痛风|own]\n\n{line}\n", FILE))


def test_a_file_says_its_half_in_its_name() -> None:
    assert next(parse(LINE, "aside/passages-us-test.txt")).half == "test"
    with pytest.raises(BadNotes, match=r"NAME-tune\.txt"):
        list(parse(LINE, "passages-us.txt"))


def test_our_own_parse_and_stand_apart_from_notes() -> None:
    tune = [one for one in own_passages() if one.half == "tune"]
    assert len(tune) == 9738
    assert sum(len(one.facts) for one in tune) == 63064
    assert all(one.whole for one in own_sets())
    assert not any(one.whole for one in own_passages())
    assert set(LABELS) == {"own", "maybe", "no", "warn", "kin", "other"}


def test_where_all_is_marked_braces_hold_advice() -> None:
    line = "[鱼|allergic]不吃，{[氯吡格雷|drug]别停}，{戒烟}。不肯[搭桥|notdone]。"
    (one,) = parse(line, "marked-us-tune.txt")
    text = one.note.text
    assert text == "鱼不吃，氯吡格雷别停，戒烟。不肯搭桥。"
    assert [
        (fact.kind, fact.certainty, text[fact.places[0].start : fact.places[0].end])
        for fact in one.facts
    ] == [
        ("allergy", "confirmed", "鱼"),
        ("medication", "confirmed", "氯吡格雷"),
        ("precaution", "confirmed", "氯吡格雷别停"),
        ("precaution", "confirmed", "戒烟"),
        ("procedure", "refuted", "搭桥"),
    ]


def test_only_what_is_marked_is_judged() -> None:
    (one,) = notes = list(parse("他爸[痛风|kin]，他[肺炎|own]，吃阿司匹林，咳嗽。", FILE))
    gout, lungs, drug = Span(2, 4), Span(6, 8), Span(10, 14)
    items: list[Item] = [
        FamilyHistory(span=gout, sentence=gout, name="痛风", certainty="refuted"),
        Diagnosis(span=lungs, sentence=lungs, name="肺炎", certainty="uncertain"),
        Medication(span=drug, sentence=drug, name="阿司匹林"),
    ]
    done = judge(notes, lambda _: items)
    assert certainties(done) == {("confirmed", "uncertain"): 1}
    assert list(told(done[0])) == [f"{one.id}: certainty: 肺炎, read uncertain"]
