from typing import Any

import pytest
from msgspec import structs

from agents.incidents.citations import citable, verified
from schemas.causes import Confidence, Hypothesis, PastIncident, Rca, RisenTemplate
from schemas.incidents import Incident
from tests.support.incidents import incident

TIME = "2026-11-20T09:01:00.000Z"
FULL = incident(
    risen=(RisenTemplate("t1", "timeout of <*>", 40, 2.0, 3),),
    past=(PastIncident("p1", "it was slow", TIME, TIME, 0.7, "DNS"),),
)


def said(*hypotheses: Hypothesis, **different: Any) -> Rca:
    return structs.replace(Rca("ok", "model", hypotheses, ("look",), None), **different)


def guess(*cited: str, confidence: Confidence = "high", **different: Any) -> Hypothesis:
    return structs.replace(Hypothesis("the release", "release", confidence, cited), **different)


def test_everything_with_an_id_can_be_cited() -> None:
    assert citable(FULL) == {"e1", "e2", "change-1", "t1", "p1", "s1"}
    nowhere = structs.replace(FULL.slice, abstained=True)
    assert "s1" not in citable(structs.replace(FULL, slice=nowhere))


def test_an_answer_that_cites_what_is_there_is_shown() -> None:
    rca = verified(FULL, said(guess("change-1", "e1", "e1"), next_steps_zh=("看看",)))
    assert (rca.status, rca.source, rca.reason) == ("ok", "model", None)
    assert rca.hypotheses == (guess("change-1", "e1"),)
    assert (rca.next_steps, rca.next_steps_zh) == (("look",), ("看看",))
    assert rca.category == FULL.rca.category, "code decides"


def test_what_to_do_comes_from_one_author_in_whatever_language() -> None:
    alone = verified(FULL, said(guess("e1"), next_steps=("回滚",)))
    assert (alone.next_steps, alone.next_steps_zh) == (("回滚",), ())
    silent = verified(FULL, said(guess("e1"), next_steps=("https://evil.example",)))
    assert silent.next_steps == FULL.rca.next_steps
    assert silent.next_steps_zh == FULL.rca.next_steps_zh != ()


@pytest.mark.parametrize("cited", [(), ("e9",), ("e1", "e9"), ("E1",), ("",)])
def test_a_hypothesis_without_a_fact_of_this_incident_is_dropped(cited: tuple[str, ...]) -> None:
    rca = verified(FULL, said(guess(*cited), guess("e1", cause="the other")))
    assert [one.cause for one in rca.hypotheses] == ["the other"]
    nothing = verified(FULL, said(guess(*cited)))
    assert (nothing.status, nothing.source) == ("abstained", "rules")
    assert nothing.hypotheses == FULL.rca.hypotheses
    assert nothing.reason == "no hypothesis of the model cites what the incident has"


@pytest.mark.parametrize(
    ("cited", "confidence"),
    [
        (("e1", "e2"), "medium"),
        (("e1", "s1"), "medium"),
        (("change-1",), "medium"),
        (("change-1", "e1"), "high"),
        (("t1", "s1"), "high"),
        (("p1", "e1"), "high"),
    ],
)
def test_confidence_is_capped_by_what_is_cited(
    cited: tuple[str, ...], confidence: Confidence
) -> None:
    (one,) = verified(FULL, said(guess(*cited))).hypotheses
    assert one.confidence == confidence
    (low,) = verified(FULL, said(guess(*cited, confidence="low"))).hypotheses
    assert low.confidence == "low"


def test_it_is_short_and_plain() -> None:
    wild = guess(
        "e1", cause="see https://evil.example/x <b>now</b> " + "x" * 999, category="<script>"
    )
    many = said(*[wild] * 9, next_steps=tuple("s" * 999 for _ in range(9)), reason="r" * 999)
    rca = verified(FULL, many)
    assert len(rca.hypotheses) == 3
    assert len(rca.next_steps) == 5
    one = rca.hypotheses[0]
    assert one.cause.startswith("see now xxx")
    assert len(one.cause) == 300
    assert one.category == "other"
    assert {len(step) for step in rca.next_steps} == {200}
    assert len(rca.reason or "") == 300


def test_a_cause_that_is_nothing_but_a_link_is_no_cause() -> None:
    assert verified(FULL, said(guess("e1", cause="https://evil.example"))).status == "abstained"


@pytest.mark.parametrize("status", ["abstained", "failed", "skipped_budget", "degraded"])
def test_what_became_of_the_model_is_always_said(status: Any) -> None:
    rca = verified(FULL, said(guess("e1"), status=status, reason="the breaker is open"))
    assert rca == structs.replace(FULL.rca, status=status, reason="the breaker is open")


def test_an_answer_is_not_lost_to_a_later_failure() -> None:
    shown: Incident = structs.replace(FULL, rca=verified(FULL, said(guess("e1"))))
    rca = verified(shown, said(status="failed", reason="time-out"))
    assert rca == structs.replace(shown.rca, reason="asked again: time-out")
