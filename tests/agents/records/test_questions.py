"""What a question asks for, and which lines of the page answer it."""

from __future__ import annotations

import pytest

from agents.records.errors import BadPack
from agents.records.pack import Pack
from agents.records.questions import Questions, classify
from streams.evaluation.record_questions import own_questions

PACK = Pack.load()


def test_questions_that_rules_were_chosen_on() -> None:
    asked = [one for one in own_questions() if one.half == "tune"]
    read = [classify(one.question, PACK) for one in asked]
    assert [one.scope for one in read] == [one.scope for one in asked]
    assert all(a.topic in r.topics for a, r in zip(asked, read, strict=True) if a.scope == "own")


@pytest.mark.parametrize(
    "question",
    ["他的华法林剂量一般是多少", "What is his creatinine?", "病历里二甲双胍的副作用有记录吗"],
)
def test_a_word_of_the_record_wins(question: str) -> None:
    assert classify(question, PACK).scope == "own"


@pytest.mark.parametrize("content", ["", "own = 3", 'own = ["("]', "[topics]\nnone = []"])
def test_bad_tables(content: str) -> None:
    with pytest.raises(BadPack):
        Questions.read(content, "questions.toml")
