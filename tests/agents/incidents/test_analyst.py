import pytest

from agents.incidents.analyst import analyse, category
from schemas.causes import Evidence, NearChange
from tests.agents.incidents.made import NO_SLICE, VERSION

TIME = "2026-11-20T09:14:03.000Z"
EVIDENCE = tuple(
    Evidence(f"e{n}", "app", TIME, "付不了款", f"feedback.app-0@{n}") for n in range(1, 6)
)


def near(minutes: int) -> NearChange:
    return NearChange("c1", "deploy 7.2.0", TIME, minutes)


@pytest.mark.parametrize(
    ("terms", "text", "kind"),
    [
        (("支付", "失败"), "", "payment"),
        (("login",), "cannot sign in, code never comes", "login"),
        ((), "App crashes, exception in thread", "crash"),
        ((), "一直转圈，太慢了", "latency"),
        ((), "my account was stolen", "security"),
        ((), "nothing of the sort", "other"),
        ((), "Charged twice", "payment"),
        ((), "payments failing", "payment"),
        (("display",), "the display of the village flag", "other"),
        ((), "a design by the same author", "other"),
    ],
)
def test_the_category_is_that_of_most_words(terms: tuple[str, ...], text: str, kind: str) -> None:
    evidence = (Evidence("e1", "app", TIME, text, "feedback.app-0@1"),) if text else ()
    assert category(terms, evidence) == kind


def test_a_change_before_the_onset_is_the_first_guess() -> None:
    rca = analyse(("支付",), EVIDENCE, (near(4),), VERSION)
    (guess,) = rca.hypotheses
    assert guess.cause == "«deploy 7.2.0» happened 4 min before the onset"
    assert (guess.category, guess.confidence) == ("change", "medium")
    assert guess.evidence_ids == ("c1", "e1", "e2", "e3")
    assert rca.next_steps[0] == "Review or roll back: deploy 7.2.0"
    assert (rca.status, rca.source) == ("degraded", "rules")


def test_a_change_after_the_onset_is_a_weak_guess() -> None:
    (guess,) = analyse(("支付",), EVIDENCE, (near(-3),), VERSION).hypotheses
    assert guess.cause == "«deploy 7.2.0» happened 3 min after the onset"
    assert guess.confidence == "low"


def test_without_a_change_the_slice_is_the_guess() -> None:
    (guess,) = analyse(("支付",), EVIDENCE, (), VERSION).hypotheses
    assert guess.cause == "Something that only concerns app_version=7.2.0"
    assert (guess.category, guess.confidence) == ("payment", "low")


def test_with_nothing_it_says_so_and_still_gives_a_step() -> None:
    rca = analyse((), (), (), NO_SLICE)
    assert rca.hypotheses == ()
    assert rca.reason == "no change and no slice explains it"
    assert len(rca.next_steps) == 1
