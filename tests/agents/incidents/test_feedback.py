import pytest

from agents.incidents.feedback import FeedbackByTheme
from schemas.handling import Opinions


def given(*opinions: bool, theme: str = "a") -> FeedbackByTheme:
    feedback = FeedbackByTheme()
    for useful in opinions:
        feedback.add(theme, useful=useful)
    return feedback


def test_nobody_has_said_anything() -> None:
    assert given().of("a") is None
    assert given().factor("a") == 1


@pytest.mark.parametrize(
    ("opinions", "expected"),
    [
        ([False], Opinions(0, 1, 1.25)),
        ([False, False], Opinions(0, 2, 1.5625)),
        ([True], Opinions(1, 0, 0.8)),
        ([True] * 9, Opinions(9, 0, 0.8)),
        ([False] * 9, Opinions(0, 9, 3.0)),
        ([False, True], Opinions(1, 1, 1.0)),
        # Within its bounds it moves at once.
        ([*[False] * 9, True], Opinions(1, 9, 2.4)),
    ],
)
def test_each_opinion_is_a_step_within_bounds(opinions: list[bool], expected: Opinions) -> None:
    assert given(*opinions).of("a") == expected


def test_two_themes_made_one_share_what_was_said() -> None:
    feedback = given(False, False)
    feedback.add("b", useful=False)
    feedback.merge("a", "b")
    assert feedback.of("a") == Opinions(0, 3, 1.9531)
    assert feedback.of("b") is None
    feedback.merge("c", "a")
    assert feedback.factor("c") == 1.9531
    feedback.merge("c", "nobody")
    assert feedback.factor("c") == 1.9531


def test_it_remembers_so_many_themes() -> None:
    feedback = given(False)
    for n in range(1_000):
        feedback.add(f"t{n}", useful=False)
    assert feedback.of("a") is None
    assert feedback.of("t0") is not None
