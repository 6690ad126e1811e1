from random import Random

import pytest

from streams.simulation.texts import render
from streams.simulation.vocabulary import Problem, Words, load_vocabulary

PROBLEMS = load_vocabulary().problem
LANGUAGES = ("zh", "en", "log")
WORDS = {"feature": ("feature",), "page": ("page",), "city": ("city",)}


def renderings(templates: tuple[str, ...]) -> list[str]:
    random = Random(7)
    return [render(t, random, WORDS).lower() for t in templates for _ in range(30)]


def holds(text: str, terms: Words) -> bool:
    return any(term in text for term in (*terms.zh, *terms.en, *terms.log))


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: p.key)
def test_every_paraphrase_holds_a_term_of_its_own_problem_and_of_no_other(problem: Problem) -> None:
    others = [other for other in PROBLEMS if other is not problem]
    for language in LANGUAGES:
        for text in renderings(getattr(problem, language)):
            assert holds(text, problem.terms), text
            assert [o.key for o in others if holds(text, o.terms)] == [], text


def test_what_is_no_problem_holds_no_term_of_one() -> None:
    words = load_vocabulary()
    harmless = [t for b in words.background for t in b.zh + b.en]
    harmless += [t for line in words.log + words.job for t in line.log]
    for text in renderings(tuple(harmless)):
        assert [p.key for p in PROBLEMS if holds(text, p.terms)] == [], text


def test_there_are_enough_words() -> None:
    words = load_vocabulary()
    assert {p.category for p in PROBLEMS} == {
        "payment", "login", "crash", "latency", "delivery", "content", "security",
    }  # fmt: skip
    for problem in PROBLEMS:
        assert len(set(problem.zh)) >= 8
        assert len(set(problem.en)) >= 8
        assert len(set(problem.log)) >= 2
    keys = [p.key for p in PROBLEMS] + [b.key for b in words.background]
    keys += [line.key for line in words.log + words.job]
    assert len(keys) == len(set(keys))
    kinds = {product.name for product in words.product}
    named = [p.kinds for p in PROBLEMS] + [b.kinds for b in words.background]
    assert {kind for some in named for kind in some} <= kinds
