import json
from typing import Any

import pytest

from agents.llm.errors import AnswerLeaks, AnswerMalformed
from agents.reviews.asking.answer import Answer, answer_of
from schemas.reviews import MAX_EVIDENCE
from tests.agents.reviews.asking.labels import FRAME, label, marks, question, reply, said


def _answer(content: object, **other: Any) -> Answer:
    asked = question(label(**other))
    return answer_of(reply(content), asked, FRAME, marks(asked))


def _aspect(**other: Any) -> dict[str, Any]:
    return {"attribute": "quality", "polarity": "negative", "words": "开线", **other}


def test_a_good_answer() -> None:
    answer = _answer(said())
    assert answer.sentiment == "negative"
    assert [(one.attribute, one.polarity, one.words) for one in answer.aspects] == [
        ("quality", "negative", "收到就开线了"),
        ("logistics", "negative", "快递也等了一个星期才到"),
    ]
    assert {one.by for one in answer.aspects} == {"model"}
    assert answer.cause == "衣服开线,物流慢"
    assert not answer.dropped


@pytest.mark.parametrize(
    "aspect",
    [
        _aspect(words="质量很差"),
        _aspect(words=""),
        _aspect(words="，。！"),
        _aspect(words=" "),
        _aspect(attribute="severity"),
        _aspect(attribute="Quality"),
        _aspect(polarity="critical"),
        {},
    ],
)
def test_what_the_review_or_the_taxonomy_does_not_have_is_dropped(aspect: dict[str, Any]) -> None:
    answer = _answer(said(aspects=[aspect, _aspect()]))
    assert [one.words for one in answer.aspects] == ["开线"]
    assert answer.dropped == 1


def test_words_are_found_as_they_stand_in_the_review() -> None:
    excerpt = "The Zipper broke, twice!"
    joint = marks(question(label(excerpt=excerpt, lang="en"))).joint
    for words in ("zipper broke", "ZIPPER  BROKE", f"Zipper{joint}broke", "“zipper broke”."):
        answer = _answer(said(aspects=[_aspect(words=words)]), excerpt=excerpt, lang="en")
        assert [one.words for one in answer.aspects] == ["Zipper broke"]


def test_words_are_cut_and_pairs_are_said_once() -> None:
    text = "衣服开线了" * 60
    answer = _answer(said(aspects=[_aspect(words=text[:200]), _aspect()] * 500), excerpt=text)
    assert len(answer.aspects) == 1
    assert len(answer.aspects[0].words) == MAX_EVIDENCE


def test_who_abstains_says_nothing_else() -> None:
    answer = _answer(said(abstain=True))
    assert answer == Answer(FRAME.version, abstained=True)


def test_what_was_not_asked_is_not_taken() -> None:
    answer = _answer(said(sentiment="positive"), sentiment_confidence=0.95)
    assert answer.sentiment is None
    answer = _answer(said(sentiment="mixed"), rating=3.0, sentiment="neutral")
    assert answer == Answer(FRAME.version, "mixed")


@pytest.mark.parametrize(
    "content",
    [
        "", "no", "[]", "null", "{", "{" * 50_000, '{"sentiment": 7}', "[" * 100_000,
        said(sentiment="furious"), said(sentiment=None), said(aspects=None), said(cause=None),
        said(aspects="all"), said(abstain="no"), {"abstain": False}, '{"cause": "\ud800"}',
    ],
)  # fmt: skip
def test_what_is_of_another_form_is_malformed(content: object) -> None:
    with pytest.raises(AnswerMalformed) as error:
        _answer(content)
    assert "furious" not in str(error.value)


def test_an_answer_that_was_cut_is_none() -> None:
    with pytest.raises(AnswerMalformed, match="room"):
        answer_of(reply(said(), cut=True), question(), FRAME, marks())


def test_the_form_may_stand_after_thoughts_and_in_a_fence() -> None:
    text = json.dumps(said())
    assert _answer(f"<think>{{hm}}</think>\n```json\n{text}\n```") == _answer(text)


@pytest.mark.parametrize("field", ["cause", "words", "attribute"])
def test_a_leak_drops_the_answer_whole(field: str) -> None:
    code = marks().canary
    for way in (code, code[::-1], "-".join(code), code.upper()):
        other = {"cause": way} if field == "cause" else {"aspects": [_aspect(**{field: way})]}
        hidden = json.dumps(said(**other)).replace(way, "".join(f"\\u{ord(c):04x}" for c in way))
        for content in (json.dumps(said(**other)), hidden):
            with pytest.raises(AnswerLeaks):
                _answer(content)


def test_a_cause_is_plain_and_short() -> None:
    wrote = "**坏了** <b>x</b> 见 https://evil.example/a ![p](http://e.cn) 13812345678 \x1b[2J"
    cause = _answer(said(cause=wrote + "长" * 500)).cause
    assert len(cause) == 120
    assert cause.startswith("坏了 x 见 p")
    for bad in ("*", "<", "http", "evil", "!", "\x1b", "13812345678"):
        assert bad not in cause
