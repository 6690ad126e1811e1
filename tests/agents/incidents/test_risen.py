import pytest

from agents.incidents.risen import MOST, Rise, known_as, risen_templates
from schemas.causes import RisenTemplate

ONSET = 1_000


def rise(template: str = "pool <*> exhausted", before: int = 4, **different: float | bool) -> Rise:
    told = {"count": 40.0, "expected": 2.0, "phi": 0.1, "own": False, **different}
    return Rise(template, ONSET - before, **told)  # type: ignore[arg-type]


def names(*rises: Rise) -> list[str]:
    return [one.template for one in risen_templates(rises, ONSET)]


def test_what_is_said_of_a_template() -> None:
    assert risen_templates([rise(count=40.2, expected=2.345)], ONSET) == (
        RisenTemplate("t1", "pool <*> exhausted", 40, 2.35, 4),
    )


@pytest.mark.parametrize(
    ("before", "told"), [(30, True), (31, False), (0, True), (-5, True), (-6, False)]
)
def test_it_rises_around_the_onset(before: int, told: bool) -> None:
    assert bool(names(rise(before=before))) == told


@pytest.mark.parametrize(
    ("count", "expected", "phi", "told"),
    [
        (2.0, 0.0, 0.1, False),
        (3.0, 0.0, 0.1, True),
        (39.0, 20.0, 0.0, False),
        (60.0, 20.0, 0.0, True),
        (60.0, 20.0, 1.0, False),
        (6.0, 1.0, 0.1, False),
        (1.0, 5.0, 0.1, False),
    ],
)
def test_only_what_chance_does_not_explain(
    count: float, expected: float, phi: float, told: bool
) -> None:
    assert bool(names(rise(count=count, expected=expected, phi=phi))) == told


def test_what_rose_with_the_texts_needs_less() -> None:
    assert names(rise(count=6, expected=1, own=True))
    assert not names(rise(count=6, expected=4, own=True))


def test_the_three_strongest_come_strongest_first() -> None:
    rises = [rise(f"line {n}", count=n) for n in (20, 50, 30, 40)]
    assert names(*rises) == names(*rises[::-1]) == ["line 50", "line 40", "line 30"]
    assert [one.id for one in risen_templates(rises, ONSET)] == ["t1", "t2", "t3"]


def test_a_tie_is_settled_by_the_words() -> None:
    assert names(rise("b"), rise("a")) == ["a", "b"]


def test_a_long_line_is_cut() -> None:
    assert len(names(rise("x" * 5_000))[0]) == 300


def found(*templates: str) -> tuple[RisenTemplate, ...]:
    return tuple(RisenTemplate(f"t{n}", one, 9, 1.0, 0) for n, one in enumerate(templates, 1))


def test_an_id_goes_on_meaning_the_template_it_was_told_for() -> None:
    assert known_as((), found("a", "b")) == found("a", "b")
    now = known_as(found("a", "b"), found("c", "b"))
    assert [(one.id, one.template) for one in now] == [("t3", "c"), ("t2", "b"), ("t1", "a")]


def test_of_what_does_not_rise_any_more_the_last_ones_stay_and_no_id_is_given_again() -> None:
    told: tuple[RisenTemplate, ...] = ()
    meaning: dict[str, str] = {}
    for n in range(0, 30, 2):
        told = known_as(told, found(*(f"line {n + m}" for m in (2, 0, 1))))
        assert len(told) <= 2 * MOST
        for one in told:
            assert meaning.setdefault(one.id, one.template) == one.template
