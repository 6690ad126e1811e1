import re
from typing import Any

from agents.reviews.asking.asks import Ask
from agents.reviews.asking.question import (
    Frame,
    key_of,
    marks_of,
    messages_of,
    question_of,
    schema_of,
    shown,
)
from tests.agents.llm.hostile import ATTACKS
from tests.agents.reviews.asking.labels import FRAME, SEED, label, marks, question
from windows.texts import clean


def test_what_never_changes_comes_first() -> None:
    one = messages_of(question(), FRAME, marks())
    other = question(label(excerpt="鞋子的颜色和图片完全不一样，太失望了"))
    two = messages_of(other, FRAME, marks_of(other, SEED))
    first, second = one[0]["content"], two[0]["content"]
    most = 3 * len(first) // 4
    assert first[:most] == second[:most]
    assert "开线" not in first


def test_only_what_is_asked_is_told() -> None:
    sure = label(sentiment_confidence=0.99, aspects=())
    asked = question_of(sure, ("cause",), FRAME)
    system = messages_of(asked, FRAME, marks_of(asked, SEED))[0]["content"]
    assert "cause" in system
    assert "aspects" not in system
    assert "sentiment" not in system
    assert list(schema_of(("cause",), FRAME)["properties"]) == ["cause", "abstain"]


def test_the_language_of_the_cause() -> None:
    def told(lang: str, language: Any) -> str:
        frame = Frame("m", FRAME.attributes, language)
        asked = question_of(label(lang=lang), ("cause",), frame)
        return messages_of(asked, frame, marks_of(asked, SEED))[0]["content"]

    assert "cause in Chinese" in told("zh", "auto")
    assert "cause in English" in told("en", "auto")
    assert "cause in English" in told("other", "auto")
    assert "cause in Chinese" in told("en", "zh")


def test_no_author_breaks_out_of_the_data() -> None:
    asks: tuple[Ask, ...] = ("sentiment", "aspects", "cause")
    plain = messages_of(question(), FRAME, marks())
    for attack in ATTACKS:
        asked = question_of(label(excerpt=attack.text), asks, FRAME)
        own = marks_of(asked, SEED)
        system, user = messages_of(asked, FRAME, own)
        assert len(user["content"].splitlines()) == 3
        assert user["content"].count(own.fence) == 2
        assert user["content"].replace("\n", "").isprintable()
        assert " " not in user["content"].splitlines()[1]
        assert len(system["content"]) == len(plain[0]["content"])


def test_no_personal_data_leaves() -> None:
    text = "打我电话13812345678或者发到bob@example.com，身份证号11010519491231002X"
    user = messages_of(question(label(excerpt=text)), FRAME, marks())[1]["content"]
    assert not re.search(r"13812345678|bob@|1101051949", user.replace(marks().joint, ""))
    assert "[phone]" in user


def test_a_text_is_cut_and_clean() -> None:
    assert len(shown("很" * 100_000)) == 500
    assert shown("a\ud800\u200bb\x00") == "ab"
    assert shown(shown("ａ  b")) == shown("ａ  b") == clean("a b")


def test_the_key_is_of_the_text_and_of_what_is_asked() -> None:
    asks: tuple[Ask, ...] = ("sentiment", "cause")
    key = key_of("x", "zh", asks, FRAME)
    assert re.fullmatch("[0-9a-f]{24}", key)
    assert key == key_of("x", "zh", asks, Frame("qwen3", ()))
    others = {
        key_of("y", "zh", asks, FRAME),
        key_of("x", "en", asks, FRAME),
        key_of("x", "zh", ("sentiment",), FRAME),
        key_of("x", "zh", asks, Frame("other", FRAME.attributes)),
        key_of("x", "zh", ("aspects",), FRAME),
        key_of("x", "zh", ("aspects",), Frame("qwen3", ())),
    }
    assert len(others | {key}) == 7
