import json
import unicodedata
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.incidents.citations import citable
from agents.incidents.clues import Clues
from agents.incidents.compose import compose
from agents.incidents.evidence import Voice
from agents.incidents.facts import Facts
from agents.incidents.past import Past
from agents.incidents.rules import IncidentRules
from agents.incidents.standing import new_standing
from schemas.causes import RisenTemplate, Unaffected
from schemas.changes import Change
from schemas.incidents import Incident, Slice, decode_incident, encode_incident
from schemas.times import MINUTE_MS
from tests.agents.incidents.made import NO_SLICE, NOON, OUTBREAK, outbreak, people, sample
from windows.texts import clean

RULES = IncidentRules()
CONTRACT = Path(__file__).parents[3] / "docs" / "contracts" / "Incident.schema.json"
SCHEMA = jsonschema.Draft202012Validator(json.loads(CONTRACT.read_text(encoding="utf-8")))


def composed(facts: Facts = OUTBREAK) -> Incident:
    return compose(new_standing(facts, None, ()), facts, RULES, Past())


def test_the_contract_is_filled() -> None:
    incident = composed()
    assert incident.opened_at == incident.detected_at == incident.updated_at
    assert incident.opened_at == "2025-02-19T21:21:00.000Z"
    assert incident.onset.estimate == "2025-02-19T21:16:00.000Z"
    assert incident.onset.earliest == "2025-02-19T21:14:00.000Z"
    observed = incident.observed
    assert (observed.count, observed.expected, observed.window_minutes) == (40, 2.0, 5)
    assert (observed.lift, observed.score, observed.distinct_authors) == (20.0, 2.35, 30)
    assert (observed.scales, observed.threshold) == (OUTBREAK.scales, OUTBREAK.threshold)
    assert observed.detector
    assert observed.baseline
    assert list(incident.channels.items()) == [("app", 30), ("ticket", 10)]
    assert incident.impact.low <= incident.impact.users <= incident.impact.high
    assert incident.labels == {
        "product": "wallet",
        "app_version": "7.2.0",
        "service": "checkout",
    }
    assert incident.grouping.cluster_id == "abcdef"
    assert incident.grouping.distance == 0.123
    assert "支付失败" in incident.grouping.reason


def test_a_theme_never_seen_before_has_a_finite_lift() -> None:
    assert composed(outbreak(expected=0.0)).observed.lift == 400.0


def test_a_revision_of_before_there_were_scales_is_read() -> None:
    incident = json.loads(encode_incident(composed()))
    del incident["observed"]["scales"], incident["observed"]["threshold"]
    SCHEMA.validate(incident)
    old = decode_incident(json.dumps(incident).encode()).observed
    assert (old.scales, old.threshold) == ((), None)


def test_a_log_theme_is_named_by_its_template_and_not_by_one_of_its_lines() -> None:
    line = sample(0, channel="log", text="read of 17 on node7 failed")
    facts = outbreak(
        terms=("read", "failed"), template="read of <*> on <*> failed", voices=[Voice(1.0, [line])]
    )
    assert composed(facts).title.startswith("wallet: read of on failed (40 in 5 min")


@pytest.mark.parametrize(
    ("services", "service"),
    [
        ({}, None),
        ({"": 9}, None),
        ({"checkout": 5, "login": 5}, None),
        ({"checkout": 5, "": 5}, None),
        ({"checkout": 6, "": 5}, "checkout"),
    ],
)
def test_the_service_is_named_by_most_reports(
    services: dict[str, int], service: str | None
) -> None:
    incident = composed(outbreak(services=services))
    assert incident.service == service
    assert incident.labels.get("service") == service


def test_no_attribute_renames_the_product() -> None:
    place = Slice({"product": "evil"}, 0.9, 3.0, False, (), "")
    assert composed(outbreak(slice=place)).labels["product"] == "wallet"


@pytest.mark.parametrize(
    ("authors", "expected", "severity"),
    [
        (100, 8.0, "critical"),
        (99, 8.0, "error"),
        (100, 9.0, "error"),
        (30, 13.0, "error"),
        (29, 1.0, "warning"),
        (100, 20.0, "warning"),
    ],
)
def test_severity_needs_authors_and_lift(authors: int, expected: float, severity: str) -> None:
    facts = outbreak(authors=people(authors), count=200.0, expected=5 * expected)
    assert composed(facts).severity == severity


def test_there_are_no_more_people_than_reports() -> None:
    assert composed(outbreak(authors=people(100), count=40.0)).observed.distinct_authors == 40


def test_what_stood_around_the_onset_is_looked_up_while_the_incident_is_young() -> None:
    asked: list[Slice] = []

    def look(place: Slice) -> Clues:
        asked.append(place)
        return Clues(
            (RisenTemplate("t1", f"line {len(asked)}", 9, 1.0, 2),),
            (Unaffected("app_version", "7.1.0", 0.0, 0.4),),
        )

    opening = outbreak(look=look)
    standing = new_standing(opening, None, ())
    said = []
    for after in (0, RULES.slice_minutes, RULES.slice_minutes + 1):
        facts = outbreak(after, look=look, slice=NO_SLICE)
        standing.last = compose(standing, facts, RULES, Past())
        said.append(standing.last)
    assert [one.risen[0].template for one in said] == ["line 1", "line 2", "line 2"]
    assert [one.unaffected[0].value for one in said] == ["7.1.0"] * 3
    assert asked == [opening.slice] * 2
    assert [one.risen[0].id for one in said] == ["t1", "t2", "t2"], "an id keeps its meaning"
    assert all(one.rca.hypotheses[0].evidence_ids[0] == one.risen[0].id for one in said)


def test_changes_are_ranked_by_the_slice_that_stands() -> None:
    at = (OUTBREAK.onset_minute - 20) * MINUTE_MS
    same = Change("same", at, "deploy", "wallet", "", {"app_version": "7.2.0"})
    near = Change("near", at + 18 * MINUTE_MS, "deploy", "wallet")
    told: dict[str, Any] = {"changes": (near, same), "names": ("app_version",)}
    standing = new_standing(outbreak(**told), None, ())
    later = compose(standing, outbreak(3, slice=NO_SLICE, **told), RULES, Past())
    assert [change.id for change in later.changes] == ["same", "near"]
    assert later.rca.hypotheses[0].evidence_ids[:2] == ("same", "s1")


_words = st.text(st.characters(exclude_categories=["Cs"]), max_size=200).map(clean).filter(bool)
_names = st.dictionaries(_words, _words, max_size=3)


@settings(max_examples=60, deadline=None)
@given(
    st.fixed_dictionaries(
        {
            "product": _words,
            "terms": st.lists(_words, max_size=8).map(tuple),
            "count": st.floats(0, 1e9),
            "expected": st.floats(0, 1e9),
            "score": st.floats(0, 1e6),
            "slice": st.one_of(
                st.just(NO_SLICE),
                _names.map(lambda names: Slice(names, 0.9, 3.0, False, (), "because")),
            ),
            "services": st.dictionaries(_words, st.integers(1, 99), max_size=3),
            "authors": st.integers(0, 300).map(people),
            "voices": st.lists(
                st.builds(sample, st.integers(0, 99), channel=_words, text=_words), max_size=8
            ).map(lambda samples: [Voice(1.0, samples)]),
            "changes": st.lists(
                st.builds(
                    Change,
                    id=_words,
                    time_ms=st.integers(NOON - 60, NOON).map(lambda m: m * MINUTE_MS),
                    summary=_words,
                ),
                max_size=7,
            ),
        }
    )
)
@pytest.mark.slow
def test_it_meets_the_contract_whatever_the_facts(different: dict[str, Any]) -> None:
    incident = composed(outbreak(**different))
    body = encode_incident(incident)
    SCHEMA.validate(json.loads(body))
    assert decode_incident(body) == incident
    assert 0 < len(incident.title) <= 160
    shown = [incident.title, incident.grouping.reason, *incident.rca.next_steps]
    shown += [e.text for e in incident.evidence] + [h.cause for h in incident.rca.hypotheses]
    for text in shown:
        assert not [c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    for hypothesis in incident.rca.hypotheses:
        assert hypothesis.evidence_ids
        assert citable(incident).issuperset(hypothesis.evidence_ids)
    assert incident.rca.status == "degraded"
    assert incident.rca.next_steps
    assert incident.rca.reason
