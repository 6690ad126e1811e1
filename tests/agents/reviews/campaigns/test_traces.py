import subprocess
import sys
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.reviews.campaigns import Traces
from tests.agents.reviews.campaigns.nights import review

DIGEST = "d9f9df68fefed26f21488a663e8c47df0ee57db4a25c146ef7042059ca865868"
TEXTS = [
    "",
    "好",
    "\ud800 broken \udc4d",
    "👨‍👩‍👧‍👦" * 50,
    "<div>质量<br/>不错</div>",
    "x" * 100_000,
    "很好用真的不错，" * 12_500,
    "\x00\x07\u202e质量",
    "Хороший товар とても良い 배송이 빨라요",
]


def traces(texts: list[str]) -> Traces:
    return Traces.of([review(text) for text in texts], [0.0] * len(texts))


def likeness(one: str, other: str) -> float:
    first, second = traces([one, other]).column("sketch")
    return float(np.mean(first == second))


def test_bytes_and_back() -> None:
    some = traces(TEXTS)
    again = Traces.from_bytes(some.to_bytes())
    assert again.to_bytes() == some.to_bytes()
    assert len(again) == len(TEXTS)
    assert len(some.to_bytes()) < 300 * len(TEXTS)
    with pytest.raises(ValueError, match="no traces"):
        Traces.from_bytes(b"something else")


def test_a_sentiment_for_each() -> None:
    with pytest.raises(ValueError, match="2 reviews, but 1"):
        Traces.of([review("a"), review("b")], [0.5])


def test_the_same_for_ever() -> None:
    # Chunks of a night may be traced by another version of Python or NumPy than the last ones.
    digest = sha256(traces([*TEXTS, "这个商品 very good, 12345 件"]).to_bytes()).hexdigest()
    assert digest == DIGEST


@pytest.mark.slow
def test_the_same_in_another_process() -> None:
    code = (
        "from tests.agents.reviews.campaigns.test_traces import *;"
        "print(sha256(traces(TEXTS).to_bytes()).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == sha256(traces(TEXTS).to_bytes()).hexdigest()


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text(st.characters(), max_size=80), max_size=6))
def test_any_text_has_a_trace_that_no_neighbour_changes(texts: list[str]) -> None:
    together = traces(texts).column("sketch")
    for number, text in enumerate(texts):
        assert (traces([text]).column("sketch")[0] == together[number]).all()


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [
        ("质量很好，物流很快！", "质量很好 物流很快。。", 1.0),
        ("ＧＯＯＤ　Quality, fast shipping", "good quality fast shipping!!", 1.0),
        ("订单编号100238已经收到了谢谢老板", "订单编号997112已经收到了谢谢老板", 1.0),
        (
            "给妈妈买的裙子面料舒服颜色正没有色差下次还来",
            "给婆婆买的裙子面料舒服颜色正没有色差下次还来",
            0.6,
        ),
    ],
)
def test_what_copyists_change_changes_little(one: str, other: str, least: float) -> None:
    assert likeness(one, other) >= least


def test_other_texts_are_unlike() -> None:
    assert likeness("面料舒服颜色正没有色差下次还来", "客服态度恶劣等了半个月才发货") < 0.15


def test_long_texts_are_the_same_only_to_the_end() -> None:
    start = "这是一篇很长的评价，" * 500
    names = traces([start + "一", start + "二", start + "一"]).column("name")
    assert names[0] == names[2] != names[1]


def test_a_text_that_repeats_itself_says_little() -> None:
    once, often = traces(["好用好用", "好用" * 500]).column("weight")
    assert often < 10
    assert once <= often
