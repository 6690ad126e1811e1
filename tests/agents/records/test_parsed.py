"""Sentences: what belongs together is together, and nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.agents.records.reading import parsed


def sentences(text: str) -> list[str]:
    whole = parsed(text)
    return [whole.text[one.start : one.end] for one in whole.sentences]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("头晕。胸闷！", ["头晕。", "胸闷！"]),
        ("肺炎？肺癌", ["肺炎？", "肺癌"]),
        ("1.高血压2.糖尿病 3、痛风", ["1.高血压", "2.糖尿病", "3、痛风"]),
        ("①高血压②糖尿病", ["①高血压", "②糖尿病"]),
        ("1）高血压 2）糖尿病", ["1）高血压", "2）糖尿病"]),
        ("1．高血压 2．糖尿病", ["1．高血压", "2．糖尿病"]),
        ("（1）高血压（2）糖尿病", ["（1）高血压", "（2）糖尿病"]),
        ("(1)高血压 (2)糖尿病", ["(1)高血压", "(2)糖尿病"]),
        ("1.低盐饮食2.1个月后复查", ["1.低盐饮食", "2.1个月后复查"]),
        ("血钾4.1，体温36.5", ["血钾4.1，体温36.5"]),
        ("CKD3、4期", ["CKD3、4期"]),
        ("否认高血压、\n糖尿病", ["否认高血压、\n糖尿病"]),
        ("【诊断】高血压", ["【诊断】", "高血压"]),
        ("头晕\n胸闷", ["头晕", "胸闷"]),
        ("DM. On 0.5 g bid", ["DM.", "On 0.5 g bid"]),
    ],
)
def test_cutting(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(alphabet="高血压无否认，。；、:：1.2【】()（）\n 诊断既往史①②?ab", max_size=120))
def test_every_word_is_in_one_sentence(text: str) -> None:
    whole = parsed(text)
    last = 0
    for one in whole.sentences:
        assert not whole.folded[last : one.start].strip()
        assert one.start < one.end <= len(text)
        assert whole.sentence(one.start) == one == whole.sentence(one.end - 1)
        last = one.end
    assert not whole.folded[last:].strip()
    assert len(whole.folded) == len(text)


@pytest.mark.parametrize("piece", ["无", "1", "1.", "①", "\n", "（", "头晕\n", "、\n"])
@pytest.mark.timeout(30)
def test_long_texts(piece: str) -> None:
    parsed(piece * (200_000 // len(piece)))


def test_no_sentence_is_endless() -> None:
    """Reading takes the square of a sentence; a document may be made to have but one."""
    text = "父亲高血压，" * 2_000
    made = sentences(text)
    assert "".join(made) == text
    assert max(map(len, made)) <= 2_000
    assert all(one.endswith("，") for one in made)
    assert max(map(len, sentences("父亲高血压" * 2_000))) == 2_000
