from msgspec import structs

from agents.incidents.carry import carried
from agents.incidents.lapse import PENDING
from schemas.causes import Hypothesis, NearChange, PastIncident, Rca, RisenTemplate
from tests.support.incidents import incident

NEAR = NearChange("change-9", "flag x on", "2026-11-20T09:01:00.000Z", 3)
PAST = PastIncident("p1", "it was slow", NEAR.time, NEAR.time, 0.7, "DNS")
RISEN = RisenTemplate("t1", "timeout of <*>", 40, 2.0, 3)
SAID = Rca(
    "ok", "model", (Hypothesis("the flag", "flag", "high", ("change-9", "p1", "t1")),), (), None
)


def test_what_a_model_cites_stays_under_its_id() -> None:
    last = incident(rca=SAID, changes=(NEAR,), past=(PAST,), risen=(RISEN,))
    other = structs.replace(RISEN, template="refused by <*>")
    fresh = incident(revision=2, risen=(other,))
    now = carried(fresh, last, model=True)
    assert now.rca == SAID
    assert now.changes == (*fresh.changes, NEAR)
    assert now.past == (PAST,)
    assert now.risen == (RISEN,)
    again = carried(structs.replace(fresh, changes=(NEAR,)), now, model=True)
    assert again.changes == (NEAR,)


def test_the_rules_think_again_but_say_what_became_of_the_model() -> None:
    skipped = Rca("skipped_budget", "rules", (), (), "no money left")
    fresh = incident(revision=2)
    rca = carried(fresh, incident(rca=skipped), model=True).rca
    assert rca == structs.replace(fresh.rca, status="skipped_budget", reason="no money left")


def test_without_a_model_the_rules_speak_for_themselves() -> None:
    old = structs.replace(incident().rca, reason="nothing explains it", hypotheses=())
    fresh = incident(revision=2)
    assert carried(fresh, incident(rca=old), model=False).rca == fresh.rca


def test_what_a_model_said_of_other_readers_is_not_said_of_these() -> None:
    here = Hypothesis("the release of 7.2.0", "release", "low", ("s1", "e1"))
    last = incident(rca=structs.replace(SAID, hypotheses=(here, *SAID.hypotheses)), past=(PAST,))
    elsewhere = structs.replace(last.slice, attributes={"region": "CN-31"})
    fresh = incident(revision=2, slice=elsewhere)
    assert carried(incident(revision=2), last, model=True).rca == last.rca
    assert carried(fresh, last, model=True).rca == SAID
    alone = incident(rca=structs.replace(SAID, hypotheses=(here,)))
    asked = structs.replace(fresh.rca, status="pending", reason=PENDING)
    assert carried(fresh, alone, model=True).rca == asked
    assert carried(fresh, alone, model=False).rca == fresh.rca
