import pickle
from typing import Any

import msgspec

from agents.reviews.asking.answer import Answer
from agents.reviews.asking.asks import AskRules
from agents.reviews.asking.choosing import Chosen, choose
from agents.reviews.asking.night import Night, ends
from agents.reviews.asking.settled import Settled, best_of, decode_settled, settled_by
from schemas.reviews import ReviewLabel
from tests.agents.reviews.asking.labels import FRAME, RULES, SEED, label, question, reply, said


def _night(labels: list[ReviewLabel], **other: Any) -> Night:
    told: dict[str, Any] = {
        "rules": RULES, "frame": FRAME, "settled": {}, "left": {}, "configured": True,
    }  # fmt: skip
    told |= other
    return Night(chosen=choose(labels, told["rules"], FRAME), **told)


def _answered() -> dict[str, Settled]:
    end = settled_by(reply(said()), question(), FRAME, SEED)
    return {end.key: end}


def test_an_answer_goes_to_every_copy_of_the_text() -> None:
    copies = [label(source=f"c@{n}") for n in range(3)]
    night = _night(copies, settled=_answered())
    after = [pickle.loads(pickle.dumps(night)).applied(one) for one in copies]
    assert {one.cause for one in after} == {"衣服开线,物流慢"}
    assert [one.source for one in after] == ["c@0", "c@1", "c@2"]


def test_twice_is_once() -> None:
    for settled in ({}, _answered()):
        night = _night([label()], settled=settled)
        once = night.applied(label())
        assert night.applied(once) == once


def test_what_is_left_open_says_why() -> None:
    key = question().key
    assert _night([label()]).applied(label()).reason == "asks.sentiment"
    for reason in ("budget_spent", "model_away"):
        after = _night([label()], left={key: reason}).applied(label())
        assert (after.status, after.reason) == ("open", reason)
    for outcome in ("malformed", "refused", "expired", "failed"):
        after = _night([label()], settled={key: Settled(key, outcome)}).applied(label())
        assert (after.status, after.reason) == ("open", outcome)


def test_what_no_question_had_room_for_is_open() -> None:
    other = label(source="x", excerpt="完全是另外一件事情，谁知道呢", product="p2")
    night = _night([label(), other], rules=AskRules(most=1))
    assert {night.applied(one).reason for one in (label(), other)} == {
        "asks.sentiment",
        "budget_spent",
    }


def test_without_a_model_the_rules_have_the_last_word() -> None:
    night = _night([label()], configured=False)
    assert night.applied(label()) == label()
    assert night.counts == {"left_to_rules": 1}


def test_the_rest_of_a_campaign_is_left_to_the_rules() -> None:
    members = [
        label(source=f"k@{n}", campaign="k1", excerpt=f"质量差大家别买{n}") for n in range(5)
    ]
    night = _night(members)
    after = [night.applied(one) for one in members]
    assert [one.status for one in after].count("open") == 1
    assert night.counts == {"open.asks.sentiment": 1, "left_to_rules": 4}


def test_a_bad_review_of_which_nothing_is_open_stays() -> None:
    sure = label(sentiment_confidence=0.99, excerpt="坏了坏了坏了")
    night = _night([sure])
    assert night.applied(sure) is sure
    assert not +night.counts


def test_the_ends_add_up() -> None:
    labels = [
        label(source=f"s@{n}", excerpt=f"第{n}次不知道说什么好，反正不行", product=f"p{n}")
        for n in range(8)
    ]
    chosen = choose(labels, RULES, FRAME)
    keys = [choice.key for choice in chosen.choices]
    settled = {
        keys[0]: Settled(keys[0], "answered", answer=Answer("m", "mixed")),
        keys[1]: Settled(keys[1], "answered", answer=Answer("m", abstained=True)),
        keys[2]: Settled(keys[2], "refused"),
        keys[3]: Settled(keys[3], "expired"),
    }
    found = ends(chosen, settled, {keys[4]: "budget_spent"}, {keys[5]})
    assert found == {
        "asked": 8, "answered": 1, "abstained": 1, "refused": 1, "expired": 1,
        "budget_spent": 1, "in_flight": 1, "missing": 2,
    }  # fmt: skip
    assert ends(Chosen((), frozenset(), False), settled, {}) == {"asked": 0}


def test_the_best_end_counts_whatever_came_first() -> None:
    good = _answered()[question().key]
    better = [
        good,
        msgspec.structs.replace(good, outcome="malformed", answer=None),
        Settled(good.key, "failed", "HTTP 500", round=1),
        Settled(good.key, "expired", round=1),
    ]
    for n in range(len(better)):
        assert best_of(better[n:])[good.key] == better[n]
        assert best_of(reversed(better[n:]))[good.key] == better[n]
    assert decode_settled(msgspec.json.encode(good)) == good
