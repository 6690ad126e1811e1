import json

import pytest

from agents.reviews.words import BannedWords, merged, parse, starter
from agents.reviews.words.entries import Category
from schemas.reviews import MAX_EVIDENCE
from tests.agents.reviews.hostile import HOSTILE


@pytest.fixture(scope="module")
def ours() -> BannedWords:
    return BannedWords.starter()


@pytest.fixture(scope="module")
def shop() -> BannedWords:
    words = {
        "swear": Category(words=("porn", "ass", "free gift"), allow=("ass kicking",)),
        "trade": Category(words=("下注", "刷单", "刷单返现", "枪支"), severity="critical"),
        "away": Category(words=("加微信",), weak=("微信", "wechat"), near=("拿货", "for price")),
    }
    return BannedWords(words)


def reasons(words: BannedWords, text: str) -> list[str]:
    return [finding.reason for finding in words.find(text)]


@pytest.mark.parametrize(
    ("text", "evidence", "least"),
    [
        ("在这里下注吧", "下注", 1.0),
        ("free PORN here", "PORN", 1.0),
        ("ｐｏｒｎ", "porn", 1.0),
        ("p0rn", "p0rn (porn)", 0.9),
        ("p.o.r.n clips", "p.o.r.n (porn)", 0.95),
        ("p o r n clips", "p o r n (porn)", 0.95),
        ("роrn", "роrn (porn)", 0.9),
        ("pooorn", "pooorn (porn)", 0.85),
        ("po\u200brn", "porn", 0.95),
        ("下❤注", "下❤注 (下注)", 0.95),
        ("xia注", "xia注 (下注)", 0.8),
        ("涮单", "涮单 (刷单)", 0.75),
        ("刷耽", "刷耽 (刷单)", 0.7),
        ("刷刷单单", "刷刷单单 (刷单)", 0.85),
        ("刷單", "刷單", 1.0),
        ("hot p*rn clips", "p*rn (porn)", 0.9),
        ("p**n clips", "p**n (porn)", 0.9),
        ("a free g*ft for you", "free g*ft (free gift)", 0.9),
        ("ｐ＊ｒｎ", "p*rn (porn)", 0.9),
        ("下(注)吧", "下(注 (下注)", 0.95),
        ("刷、单返、现", "刷、单返、现 (刷单返现)", 0.95),
    ],
)
def test_a_word_is_found_however_it_is_written(
    shop: BannedWords, text: str, evidence: str, least: float
) -> None:
    (finding,) = shop.find(text)
    assert (finding.kind, finding.evidence, finding.confidence) == ("banned", evidence, least)


@pytest.mark.parametrize(
    "text",
    [
        "class assess bass passage",
        "Grapes and passports",
        "as s",
        "天下注目",
        "刷单词",
        "枪支架",
        "他说刷，单子很多",
        "Samsung A55",
        "портвейн",
        "free, gift wrapped",
        "p*n and p***rn and *porridge*",
        "刷(牙)单子",
        "要刷蛋液",
        "",
    ],
)
def test_what_only_looks_like_it_is_not(shop: BannedWords, text: str) -> None:
    assert shop.find(text) == []


@pytest.mark.parametrize(
    "text",
    ["大码女装", "没啥比这个好吃", "买熊送气球", "轮胎爆过两次", "特麻特辣", "高防服务器"],
)
def test_everyday_speech_is_no_short_word_in_another_tone(ours: BannedWords, text: str) -> None:
    assert ours.find(text) == []


def test_a_phrase_that_is_allowed_is_not_found(shop: BannedWords) -> None:
    assert reasons(shop, "an ass kicking game") == []
    assert reasons(shop, "an ass and an ass kicking game") == ["banned.swear"]


def test_a_weak_word_counts_in_company_or_in_disguise(shop: BannedWords) -> None:
    assert reasons(shop, "用微信支付") == []
    assert reasons(shop, "微信拿货") == reasons(shop, "微❤信") == ["banned.away"]
    assert reasons(shop, "my wechat is slow") == []
    assert (
        reasons(shop, "we*hat")
        == reasons(shop, "we_chat")
        == reasons(shop, "wechat for price")
        == ["banned.away"]
    )


def test_one_finding_a_category_with_the_longest_words(shop: BannedWords) -> None:
    trade, swear = sorted(shop.find("porn 刷单返现 下注 porn 刷单返现"), reverse=True, key=str)
    assert trade.evidence == "刷单返现, 下注"
    assert swear.evidence == "porn"


def test_evidence_is_cut_and_holds_no_number(shop: BannedWords) -> None:
    longest = "刷" + "…" * 6 + "单"
    for text in (f"{longest} 下注 " * 9, "刷138001单", "下 注" * 80):
        for finding in shop.find(text):
            assert len(finding.evidence) <= MAX_EVIDENCE


def test_words_that_hold_one_another_are_found_under_each_category() -> None:
    words = BannedWords({"a": Category(words=("下注",)), "b": Category(words=("下注", "下注"))})
    assert reasons(words, "下注") == ["banned.a", "banned.b"]


def test_severity_and_version_tell_lists_apart(shop: BannedWords) -> None:
    assert shop.severity["banned.trade"] == "critical"
    assert BannedWords(starter()).version == BannedWords.starter().version != shop.version
    more = merged(starter(), parse("某词\n".encode(), "shop.txt"))
    assert BannedWords(more).version != BannedWords.starter().version


def test_a_list_of_nonsense_words_is_usable() -> None:
    words = BannedWords({"x": Category(words=("+", "a", "信", "!!x!!", "１２３", "ﬁ", "①"))})
    for text in HOSTILE:
        words.find(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_is_read_alike_twice(ours: BannedWords, text: str) -> None:
    found = ours.find(text)
    assert found == ours.find(text)
    json.dumps([finding.evidence for finding in found]).encode()


def test_the_starter_list_finds_each_of_its_own_words(ours: BannedWords) -> None:
    missed = [
        word
        for name, one in starter().items()
        for word in one.words
        if f"banned.{name}" not in reasons(ours, f"{word}")
    ]
    assert missed == []
