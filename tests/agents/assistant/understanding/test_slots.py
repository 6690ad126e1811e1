import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agents.assistant.understanding.folding import said
from agents.assistant.understanding.slots import slots
from schemas.tools import MOST_MINOR
from streams.evaluation.slots import TODAY, examples, expected, found


@pytest.mark.parametrize("case", examples(), ids=lambda case: case["text"])
def test_the_set(case: dict[str, str]) -> None:
    assert found(case["text"]) == expected(case)


@pytest.mark.parametrize(
    "text",
    [
        "卡号6222021234567890123",
        "13812345678",
        "3月5号",
        "三天",
        "第二张",
        "尾号1234的卡",
        "2026-11-20",
        "验证码 482913 次",
        "十点",
        "百分之十",
        "千万别",
        "万一",
        "12期",
        "3个月",
        "last 4 digits 1234",
        "o-0001-1",
        "10%",
    ],
)
def test_what_is_no_amount(text: str) -> None:
    assert slots(said(text), TODAY).amount is None


@example("0月九十亿")
@given(
    st.text(max_size=300)
    | st.text(alphabet="一二三四五六七八九十百千万亿0123456789.,¥元块k年月日号 到at", max_size=60)
)
def test_anything_is_read(text: str) -> None:
    read = slots(said(text), TODAY)
    assert read.amount is None or 0 < read.amount <= MOST_MINOR
    assert read.last4 == "" or (len(read.last4) == 4 and read.last4.isdecimal())
    assert (read.since is None) == (read.until is None)
    assert read.since is None or read.until is None or read.since <= read.until
    assert read.days is None or 1 <= read.days <= 365
