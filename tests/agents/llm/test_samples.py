from agents.llm.samples import LONGEST, LONGEST_TOTAL, MOST, pick
from schemas.causes import Evidence


def _said(*texts: str, channel: str = "app") -> tuple[Evidence, ...]:
    return tuple(
        Evidence(f"{channel}{n}", channel, "2026-11-20T09:04:11.000Z", text, "t-0@1")
        for n, text in enumerate(texts)
    )


def test_one_channel_after_the_other() -> None:
    app = _said("payment spins", "card refused", "no receipt came")
    web = _said("checkout is white", channel="web")
    assert [item.id for item in pick((*app, *web))] == ["app0", "web0", "app1", "app2"]


def test_the_same_words_count_once() -> None:
    said = _said(
        "Payment spins for ever", "payment spins for ever!!! 17", "支付一直转圈", "支付一直转圈。",
        "12345", "12345", "67890",
    )  # fmt: skip
    assert [item.id for item in pick(said)] == ["app0", "app2", "app4", "app6"]


def test_what_cannot_be_seen_goes() -> None:
    (item,) = pick(_said("pay\u200bment\u202e \ue000 fails\x00\U000e0041"))
    assert item.text == "payment fails"
    assert pick(_said("\u200b\u2060")) == []


def test_texts_are_cut_and_so_is_the_whole() -> None:
    words = [chr(ord("a") + n) * 6 for n in range(26)]
    said = _said(*[f"{word} " * 200 for word in words])
    picked = pick(said)
    assert all(len(item.text) <= LONGEST for item in picked)
    assert LONGEST_TOTAL - LONGEST < sum(len(item.text) for item in picked) <= LONGEST_TOTAL
    assert len(pick(_said(*words))) == MOST
