from collections import Counter

import pytest

from agents.assistant.intents import intents
from streams.evaluation.intents_other import OUT, evaluate, messages
from streams.evaluation.row import Row


@pytest.fixture(scope="module")
def rows() -> dict[tuple[str, str], Row]:
    return {(row.data.rpartition(" ")[2], row.measure): row for row in evaluate()}


def test_the_set_is_even_and_says_nothing_twice() -> None:
    every = messages()
    assert len({one.text for one in every}) == len(every) == 560
    counts = Counter((one.lang, one.intent) for one in every)
    assert {intent for _, intent in counts} == {*intents(), OUT}
    assert sum(n for (lang, intent), n in counts.items() if lang == "zh" and intent != OUT) == 300
    assert counts["zh", OUT] + counts["en", OUT] == 60
    for (_, intent), count in counts.items():
        assert intent == OUT or 3 <= count <= 5


def test_what_is_sure_is_right(rows: dict[tuple[str, str], Row]) -> None:
    for lang in ("zh", "en"):
        assert rows[lang, "of the sure, right"].value >= 0.95
        assert rows[lang, "out of scope, yet sure"].value <= 0.1


def test_it_is_no_worse_than_it_was(rows: dict[tuple[str, str], Row]) -> None:
    for lang, (top, sure, outside) in {"zh": (0.87, 0.68, 0.8), "en": (0.8, 0.4, 0.85)}.items():
        assert rows[lang, "top intent is right"].value >= top
        assert rows[lang, "sure"].value >= sure
        assert rows[lang, "out of scope, no intent"].value >= outside


def test_nothing_is_judged_by_a_goal(rows: dict[tuple[str, str], Row]) -> None:
    assert all(row.goal is None for row in rows.values())
