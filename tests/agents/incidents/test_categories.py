from collections.abc import Sequence

import pytest

from agents.incidents.categories import OTHER, Category, categories, category_of

KINDS = tuple(categories().values())


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


@pytest.mark.parametrize(
    ("terms", "texts", "kind"),
    [
        (("支付", "失败"), (), "payment"),
        (("login",), ("cannot sign in, code never comes",), "login"),
        ((), ("App crashes, exception in thread",), "crash"),
        ((), ("一直转圈，太慢了",), "latency"),
        ((), ("my account was stolen",), "security"),
        ((), ("又是异地登录",), "security"),
        ((), ("登录之后是别的用户",), "security"),
        ((), ("nothing of the sort",), OTHER),
        ((), ("Charged twice",), "payment"),
        ((), ("payments failing",), "payment"),
        ((), ("我的快递三天没动",), "delivery"),
        ((), ("no push notifications since noon",), "notification"),
        ((), ("搜索什么都搜不到",), "search"),
        ((), ("发票开不出来",), "billing"),
        ((), ("字幕和声音对不上",), "content"),
        ((), ("实名一直不通过",), "account"),
        (("display",), ("the display of the village flag",), OTHER),
        ((), ("a design by the same author",), OTHER),
        ((), (), OTHER),
    ],
)
def test_a_text_is_about_its_longest_word(
    terms: Sequence[str], texts: Sequence[str], kind: str
) -> None:
    assert category_of(terms, texts).name == kind


def test_most_texts_decide_however_often_one_says_a_word() -> None:
    texts = ["refund refund refund refund", "it is slow", "so slow today"]
    assert category_of((), texts).name == "latency"


def test_the_first_of_equals_wins() -> None:
    assert category_of((), ["too slow", "refund please"]).name == "payment"
    assert category_of((), ["refund please", "too slow"]).name == "payment"


def test_terms_count_as_one_text() -> None:
    assert category_of(("闪退", "退款", "退了"), ["闪退", "崩溃"]).name == "crash"


def test_every_category_of_the_issue_is_there() -> None:
    assert {"payment", "login", "crash", "latency", "delivery", "content", "security"} < {
        *categories()
    }
    assert list(categories())[-1] == OTHER


@pytest.mark.parametrize("one", KINDS, ids=lambda kind: kind.name)
def test_both_languages_say_as_much(one: Category) -> None:
    assert len(one.steps) == len(one.steps_zh) >= 2
    assert is_chinese(one.cause_zh)
    assert all(is_chinese(step) for step in one.steps_zh)
    assert all(text.isascii() for text in (one.cause, *one.steps))


def test_words_are_in_the_form_of_what_they_are_looked_for_in() -> None:
    words = [word for kind in KINDS for word in kind.words]
    assert words == [word.lower() for word in words]
    assert len(set(words)) == len(words)
    assert any(is_chinese(word) for word in words)
