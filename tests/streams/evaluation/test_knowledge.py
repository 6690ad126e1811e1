import pytest

from agents.assistant.knowledge.library import shipped
from streams.evaluation.knowledge import evaluate, questions
from streams.evaluation.row import Row


@pytest.fixture(scope="module")
def rows() -> dict[tuple[str, str], Row]:
    return {(row.data, row.measure): row for row in evaluate()}


def test_the_set_has_both_languages_and_questions_without_an_answer() -> None:
    every = questions()
    assert len({one.question for one in every}) == len(every) >= 240
    ids = {name.rpartition("/")[2].removesuffix(".md") for name, _ in shipped()}
    assert {article for one in every for article in one.articles} <= ids
    for lang in ("zh", "en"):
        some = [one for one in every if one.lang == lang]
        assert len(some) >= 120
        assert sum(not one.articles for one in some) == 20
        assert {one.split for one in some} == {"dev", "test"}


def test_only_the_test_half_has_goals(rows: dict[tuple[str, str], Row]) -> None:
    assert {data for (data, _), row in rows.items() if row.goal is not None} == {
        "own set, zh, test",
        "own set, en, test",
    }


def test_it_is_no_worse_than_it_was(rows: dict[tuple[str, str], Row]) -> None:
    least = {"zh": (0.80, 0.93, 0.90), "en": (0.70, 0.90, 0.90)}
    for lang, (first, known, sure) in least.items():
        data = f"own set, {lang}, test"
        assert rows[data, "first is right"].value >= first
        assert rows[data, "first is right, the intent known"].value >= known
        assert rows[data, "of the sure, right"].value >= sure
        assert rows[data, "no answer there, yet sure"].value == 0
