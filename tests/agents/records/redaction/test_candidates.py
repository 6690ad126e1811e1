import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.records.folding import fold
from agents.records.pack import Pack
from agents.records.redaction.candidates import SLOT_BITS, CandidateFinder, Candidates

FINDER = CandidateFinder(Pack.load().redaction)


def candidates(text: str) -> Candidates:
    return FINDER.find(text, fold(text))


def of(text: str, word: str) -> set[int]:
    made = candidates(text)
    start = text.index(word)
    here = (made.starts == start) & (made.ends == start + len(word))
    return set(made.slots[here][0].tolist())


@given(st.text(alphabet="王李小明芬，。 \nTom3床患者说的🙂", max_size=40))
def test_any_text(text: str) -> None:
    made = candidates(text)
    assert len(made.starts) == len(made.ends) == len(made.slots)
    assert ((made.starts >= 0) & (made.starts < made.ends) & (made.ends <= len(text))).all()
    assert ((made.slots >= 0) & (made.slots < 1 << SLOT_BITS)).all()


def test_the_same_text_has_the_same_slots() -> None:
    text = "告诉淑芬别再给爸吃药了，淑芬耳根软。"
    assert (candidates(text).slots == CandidateFinder(Pack.load().redaction).find(
        text, fold(text)
    ).slots).all()  # fmt: skip


@pytest.mark.parametrize(
    "other", ["告诉慧兰别再吃药了", "转告淑芬别再吃药了", "告诉淑芬不再吃药了"]
)
def test_what_is_within_and_on_either_side_tells(other: str) -> None:
    word = "慧兰" if "慧兰" in other else "淑芬"
    here, there = of("告诉淑芬别再吃药了", "淑芬"), of(other, word)
    assert here != there
    assert here & there


def test_old_and_new_signs_are_alike() -> None:
    assert np.array_equal(candidates("陳麗華說").slots, candidates("陈丽华说").slots)
