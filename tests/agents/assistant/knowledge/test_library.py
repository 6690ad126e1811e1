from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.assistant.knowledge import Library
from agents.assistant.knowledge.library import _Part, shipped
from agents.assistant.knowledge.markdown import parse
from agents.assistant.passage import Knowledge
from schemas.turns import Lang
from tests.support.articles import written

DAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load()


def made(*texts: str) -> Library:
    return Library(article for text in texts if (article := parse("a.md", text)[0]))


@pytest.mark.parametrize(
    ("question", "lang", "section"),
    [
        ("我的银行卡丢了怎么办", "zh", "card-lost"),
        ("怎么解冻", "zh", "card-freeze#unfreeze"),
        ("定期提前取利息怎么算", "zh", "time-deposit#early"),
        ("補卡要多少錢", "zh", "replace-card"),
        ("my card was stolen", "en", "card-lost"),
        ("fee for cash at another bank's machine", "en", "cash-machines#fees"),
        ("how long does a tempoary limit last", "en", "temporary-limit"),
    ],
)
def test_finds_the_article_and_its_section(
    library: Library, question: str, lang: Lang, section: str
) -> None:
    first = library.search(question, lang, DAY)[0]
    assert first.id.startswith(section)
    assert 0 < first.score <= 1


@pytest.mark.parametrize(
    ("question", "lang", "article"),
    [
        ("Cancel my card", "en", "close-card"),
        ("how do I close my credit card", "en", "close-card"),
        ("cancel my account", "en", "close-account"),
        ("取消我的卡", "zh", "close-card"),
        ("注销信用卡", "zh", "close-card"),
        ("销户", "zh", "close-account"),
    ],
)
def test_a_card_is_closed_otherwise_than_an_account(
    library: Library, question: str, lang: Lang, article: str
) -> None:
    first = library.search(question, lang, DAY, "close_account", 1)[0]
    assert first.sure
    assert first.id.startswith(f"{article}#")
    told = "冻结" if lang == "zh" else "freeze"
    assert (told in first.quote) == (article == "close-card"), "who lost it is told what is quicker"


@pytest.mark.parametrize(
    ("question", "lang", "free"),
    [
        ("how much does a transfer to another bank cost?", "en", "in the app are free"),
        ("跨行转账要钱吗", "zh", "在手机银行转账免手续费"),
    ],
)
def test_what_a_transfer_costs_in_the_app_is_said_first(
    library: Library, question: str, lang: Lang, free: str
) -> None:
    first = library.search(question, lang, DAY, "fees", 1)[0]
    assert first.id == "transfer-fees#cost"
    assert free in first.quote


def test_it_is_a_knowledge(library: Library) -> None:
    knowledge: Knowledge = library
    assert len(knowledge.search("card", "en", DAY, most=2)) <= 2


def test_quotes_are_verbatim_and_short(library: Library) -> None:
    texts = {a.head.id: a for n, t in shipped() if n.startswith("en/") and (a := parse(n, t)[0])}
    for question in ("lost card", "why was my transfer rejected", "interest for three years"):
        for one in library.search(question, "en", DAY):
            name, _, anchor = one.id.partition("#")
            (section,) = [s for s in texts[name].sections if s.anchor == anchor]
            quoted = [s for s in section.sentences if s in one.quote]
            assert " ".join(quoted) == one.quote
            assert 1 <= len(quoted) <= 3
            assert one.title == texts[name].head.title
            assert one.link == texts[name].head.link


def test_what_does_not_hold_today_is_never_said() -> None:
    library = made(
        written(valid_to="2026-12-31", body="## x\n\nA card costs ¥10."),
        written(valid_from="2027-01-01", body="## x\n\nA card costs ¥12."),
    )
    for day, fee in (
        (date(2026, 1, 1), "10"),
        (date(2026, 12, 31), "10"),
        (date(2027, 1, 1), "12"),
    ):
        (only,) = library.search("what does a card cost", "en", day, "fees", most=5)
        assert only.quote == f"A card costs ¥{fee}."
    assert library.search("what does a card cost", "en", date(2025, 12, 31)) == ()


def test_the_points_programme_changes_with_the_year(library: Library) -> None:
    for day, months in ((date(2026, 12, 31), "24"), (date(2027, 1, 1), "36")):
        found = library.search("do points expire", "en", day)
        assert found[0].id == "points#validity"
        assert months in found[0].quote
        assert len({one.id.partition("#")[0] for one in found}) == len(found)


def test_the_language_of_the_session_comes_first(library: Library) -> None:
    assert library.search("Apple Pay", "zh", DAY)[0].id.startswith("bind-card")
    assert library.search("Apple Pay", "en", DAY)[0].id.startswith("bind-card")
    other = library.search("my card was stolen", "zh", DAY)
    assert other[0].id.startswith("en:card-lost#")
    only = made(written(lang="zh", body="## 价格\n\n一张卡10元。"))
    assert only.search("银行卡收费", "en", DAY)[0].id == "zh:fees#s1"


def test_an_intent_brings_its_articles_forward(library: Library) -> None:
    question = "how long does it take"
    first = {
        intent: library.search(question, "en", DAY, intent)[0].id
        for intent in ("refund", "transfer_pending", "complaint")
    }
    assert first == {
        "refund": "refund-time#time",
        "transfer_pending": "transfer-pending#times",
        "complaint": "complaint#time",
    }
    plain = library.search(question, "en", DAY, "no_such_intent")
    assert plain == library.search(question, "en", DAY)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   ",
        "？？！",
        "12345",
        "!!!",
        "what is the weather tomorrow",
        "明天天气怎么样",
        "哈哈哈",
    ],
)
def test_nothing_is_sure_where_there_is_no_answer(library: Library, question: str) -> None:
    for lang in ("zh", "en"):
        assert not any(one.sure for one in library.search(question, lang, DAY))


def test_scores_fall_and_only_the_first_may_be_sure_unless_they_tie(library: Library) -> None:
    for question in ("raise my limit", "transfer", "lost card", "fees"):
        scores = [one.score for one in library.search(question, "en", DAY, most=10)]
        assert scores == sorted(scores, reverse=True)


def test_the_same_question_has_the_same_answer_however_it_is_written(library: Library) -> None:
    plain = library.search("怎么解冻银行卡", "zh", DAY)
    for same in ("怎么解冻银行卡？", "怎么解凍銀行卡", "怎么解\u200b冻银行卡", " 怎么解冻银行卡 "):
        assert library.search(same, "zh", DAY) == plain
    assert library.search("ＬＯＳＴ　ｃａｒｄ", "en", DAY) == library.search("lost card", "en", DAY)


@settings(max_examples=60)
@given(st.text(max_size=2_500), st.sampled_from(["zh", "en"]), st.text(max_size=10))
@pytest.mark.slow
def test_nothing_is_raised(question: str, lang: Lang, intent: str) -> None:
    library = _small()
    for one in library.search(question, lang, DAY, intent):
        assert 0 <= one.score <= 1


def _small() -> Library:
    return made(written(), written(lang="zh", body="## 价格\n\n一张卡10元。"))


def test_no_articles_no_passages() -> None:
    assert Library([]).search("card", "en", DAY) == ()


def test_of_five_hundred_articles_only_those_found_are_gone_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = [(f"{n}/{name}", text) for n in range(4) for name, text in shipped()][:500]
    parsed = [article for name, text in texts if (article := parse(name, text)[0])]
    library = Library(parsed)
    questions = ["我的银行卡丢了怎么办", "how do I raise my limit for a few days"]
    most = max(len(article.sections) for article in parsed)
    gone_through: list[_Part] = []
    fit = _Part.fit

    def counted(part: _Part, *asked: Any) -> float:
        gone_through.append(part)
        return fit(part, *asked)

    monkeypatch.setattr(_Part, "fit", counted)
    for n, question in enumerate(questions):
        found = library.search(question, "en" if n % 2 else "zh", DAY)
        # Three of each language at the most.
        assert 0 < len(gone_through) <= 2 * 3 * most
        assert len(found) == 3
        gone_through.clear()


@pytest.mark.parametrize("link", ["javascript:alert(1)", " JavaScript :x", "data:text/html,x"])
def test_a_link_that_runs_something_is_not_handed_on(link: str) -> None:
    (found,) = made(written(link=f'"{link}"')).search("what a card costs", "en", DAY)
    assert found.link == ""


def test_a_title_shows_nothing_hidden() -> None:
    (found,) = made(written(title='"Card\\u001b[31m fees\\u202e"')).search("card fees", "en", DAY)
    assert found.title == "Card[31m fees"
