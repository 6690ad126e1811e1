from typing import Any

import pytest
from msgspec import structs

from agents.incidents.evidence import Voice
from agents.incidents.lifecycle import Incidents
from schemas.commands import Resolve
from tests.agents.incidents.made import (
    NO_SLICE,
    NOON,
    RULES,
    VERSION,
    calm,
    last,
    opened,
    outbreak,
    people,
    quiet_until,
    sample,
    told,
)


@pytest.mark.parametrize(
    "too_little",
    [{"alarm": False}, {"count": 7.0}, {"authors": people(4)}],
    ids=["no anomaly", "too few reports", "too few authors"],
)
def test_nothing_opens_without_anomaly_reports_and_authors(too_little: dict[str, Any]) -> None:
    incidents = Incidents(RULES)
    assert incidents.step(outbreak(**too_little)) is None
    assert not incidents.is_open("abcdef")
    assert incidents.onset_of("abcdef") is None


def test_the_least_that_opens() -> None:
    incidents, incident = opened(count=8.0, authors=people(5))
    assert (incident.status, incident.revision) == ("open", 1)
    assert incidents.is_open("abcdef")
    assert incidents.onset_of("abcdef") == NOON - 4


def test_an_open_incident_needs_no_further_alarm_and_says_nothing_new() -> None:
    incidents, _ = opened()
    assert last(incidents, *(outbreak(n, alarm=False) for n in range(1, 60))) is None


def test_updates_are_rare_and_need_growth() -> None:
    incidents, _ = opened(count=42.0)
    assert last(incidents, outbreak(4, count=82.0)) is None
    assert last(incidents, outbreak(5, count=81.0)) is None
    update = last(incidents, outbreak(6, count=82.0))
    assert update is not None
    assert (update.stage, update.incident.revision) == ("updated", 2)
    assert update.incident.change_reason == "grew to 82 reports"
    assert last(incidents, outbreak(10, count=162.0)) is None
    assert last(incidents, outbreak(11, count=161.0)) is None
    again = last(incidents, outbreak(12, count=162.0))
    assert again is not None
    assert again.incident.revision == 3


def test_more_of_what_is_usual_is_no_growth() -> None:
    incidents, _ = opened(count=84.0, expected=15.5)
    assert last(incidents, outbreak(10, count=828.0, expected=837.7)) is None
    assert last(incidents, outbreak(20, count=1661.0, expected=1600.0)) is None
    grown = last(incidents, outbreak(30, count=1661.0, expected=1661.0 - 2 * (84.0 - 15.5)))
    assert grown is not None
    assert grown.incident.change_reason == "grew to 1661 reports"


def test_a_handful_beyond_what_is_usual_has_not_grown() -> None:
    incidents, _ = opened(count=10.0, expected=8.6)
    assert last(incidents, outbreak(9, count=22.0, expected=16.2)) is None
    assert last(incidents, outbreak(10, count=32.2, expected=16.2)) is not None


def test_what_is_growth_is_measured_against_the_height() -> None:
    incidents, first = opened()
    other = structs.replace(VERSION, attributes={"os": "ios"})
    assert last(incidents, outbreak(5, count=12.0, slice=other)) is not None
    assert last(incidents, outbreak(10, count=60.0, slice=other)) is None
    assert first.observed.count == 40


def test_a_severity_that_rises_is_news_though_the_count_has_not_doubled() -> None:
    incidents, incident = opened(count=60.0, authors=people(60))
    assert incident.severity == "error"
    assert last(incidents, outbreak(4, count=110.0, authors=people(105))) is None
    update = last(incidents, outbreak(5, count=110.0, authors=people(105)))
    assert update is not None
    assert (update.stage, update.incident.severity) == ("updated", "critical")
    assert last(incidents, outbreak(20, count=115.0, authors=people(110))) is None


def test_severity_only_rises() -> None:
    incidents, incident = opened(count=120.0, authors=people(120))
    assert incident.severity == "critical"
    update = last(incidents, outbreak(9, count=450.0, authors=people(12), expected=200.0))
    assert update is not None
    assert update.incident.severity == "critical"


def test_counts_are_those_at_the_height_while_the_rest_is_as_now() -> None:
    incidents, _ = opened()
    at_height = last(incidents, outbreak(10, count=98.0, expected=4.0, window=15))
    assert at_height is not None
    now: dict[str, Any] = {
        "count": 80.0,
        "expected": 116.1,
        "window": 60,
        "authors": people(70),
        "channels": {"app": 80},
    }
    end = last(incidents, *(calm(n, **now) for n in range(11, 26)))
    assert end is not None
    told, height = end.incident.observed, at_height.incident.observed
    assert (told.count, told.expected, told.window_minutes, told.lift) == (98, 4.0, 15, 24.5)
    assert told.distinct_authors == height.distinct_authors
    assert (end.incident.impact, end.incident.channels) == (
        at_height.incident.impact, at_height.incident.channels,
    )  # fmt: skip
    assert "(98 in 15 min" in end.incident.title
    assert (told.score, height.score) == (0.1, 2.35)


def test_the_height_is_told_though_no_revision_fell_on_it() -> None:
    incidents, _ = opened()
    assert last(incidents, outbreak(2, count=70.0, window=7)) is None
    end = quiet_until(incidents, 17, first=3)
    assert (end.observed.count, end.observed.window_minutes) == (70, 7)


def test_resolving_takes_quiet_minutes_in_a_row() -> None:
    incidents, _ = opened()
    assert last(incidents, *(calm(n) for n in range(1, 15))) is None
    assert last(incidents, outbreak(15, alarm=False)) is None
    assert last(incidents, *(calm(n) for n in range(16, 30))) is None
    end = last(incidents, calm(30))
    assert end is not None
    assert (end.stage, end.incident.status, end.incident.revision) == ("resolved", "resolved", 2)
    assert end.incident.resolved_at == end.incident.updated_at
    assert not incidents.is_open("abcdef")


def test_after_a_resolve_nothing_is_swallowed_and_the_new_one_names_the_old() -> None:
    incidents, first = opened()
    quiet_until(incidents, 15)
    again = incidents.step(outbreak(16 + RULES.cooldown_minutes))
    assert again is not None
    second = again.incident
    assert (again.stage, second.revision) == ("opened", 1)
    assert second.incident_id != first.incident_id
    assert second.incident_key == first.incident_key
    assert second.previous_incident_id == first.incident_id


@pytest.mark.parametrize("minutes", [1, 10])
def test_what_rises_again_soon_after_is_the_same_incident(minutes: int) -> None:
    incidents, first = opened()
    end = quiet_until(incidents, 15)
    again = incidents.step(outbreak(15 + minutes, count=55.0, slice=NO_SLICE))
    assert again is not None
    incident = again.incident
    assert (again.stage, incident.status, incident.revision) == ("updated", "open", 3)
    assert incident.incident_id == first.incident_id
    assert (incident.slice, incident.opened_at, incident.onset) == (
        first.slice, first.opened_at, first.onset,
    )  # fmt: skip
    assert end.resolved_at is not None
    assert incident.resolved_at is None
    words = "1 minute" if minutes == 1 else "10 minutes"
    assert incident.change_reason == f"rose again {words} after it was resolved"
    # It takes all its quiet minutes again, and then it is over as ever.
    assert quiet_until(incidents, 30 + minutes, first=16 + minutes).revision == 4


def test_what_a_person_has_resolved_does_not_open_again() -> None:
    incidents, first = opened()
    told(incidents, Resolve(incident_id=first.incident_id, by="ana"), after=1)
    again = incidents.step(outbreak(2))
    assert again is not None
    assert (again.stage, again.incident.previous_incident_id) == ("opened", first.incident_id)


def test_every_revision_says_why_it_was_published() -> None:
    incidents, incident = opened(count=60.0, authors=people(60))
    assert incident.change_reason == "opened at 60 reports"
    assert incident.severity_reason == "60 people, 30.0 times the usual"
    more = {"count": 130.0, "authors": people(105)}
    both = last(incidents, outbreak(5, **more))
    assert both is not None
    assert both.incident.change_reason == "severity rose to critical, grew to 130 reports"
    assert both.incident.severity_reason == "105 people, 65.0 times the usual"
    end = quiet_until(incidents, 20, first=6)
    assert end.change_reason == "quiet for 15 minutes"
    assert end.severity_reason == "105 people, 65.0 times the usual", "severity stands"


def test_texts_keep_the_ids_under_which_they_were_told() -> None:
    few = [Voice(1.0, [sample(n) for n in range(4)])]
    incidents, first = opened(voices=few)
    others = [Voice(1.0, [sample(n) for n in range(3, 20)])]
    update = last(incidents, outbreak(5, count=100.0, voices=others))
    assert update is not None
    found = update.incident.evidence
    assert found[:4] == first.evidence
    assert [item.id for item in found] == ["e1", "e2", "e3", "e4", "e5", "e6"]
    assert len({item.text for item in found}) == 6


@pytest.mark.parametrize(("minutes", "named"), [(7 * 1440, True), (7 * 1440 + 1, False)])
def test_a_resolve_is_remembered_for_a_week(minutes: int, named: bool) -> None:
    incidents, first = opened()
    last(incidents, *(calm(n) for n in range(1, 16)))
    again = incidents.step(outbreak(15 + minutes))
    assert again is not None
    assert again.incident.previous_incident_id == (first.incident_id if named else None)


def test_what_is_frozen_at_the_opening_stays() -> None:
    incidents, first = opened()
    other = {"slice": NO_SLICE, "services": {"login": 900}, "onset_minute": NOON, "terms": ("x",)}
    update = last(incidents, outbreak(5, count=100.0, **other))
    end = last(incidents, *(calm(n, **other) for n in range(6, 21)))
    for revision in (update, end):
        assert revision is not None
        incident = revision.incident
        assert incident.slice == first.slice
        assert incident.labels == first.labels
        assert incident.service == first.service == "checkout"
        assert incident.onset == first.onset
        assert incident.opened_at == first.opened_at == incident.detected_at
        assert incident.incident_key == first.incident_key
        assert incident.incident_id == first.incident_id


def test_the_key_is_made_of_cluster_and_slice_and_never_of_text() -> None:
    _, first = opened()
    words: dict[str, Any] = {
        "terms": ("other",),
        "voices": [Voice(1.0, [sample(1, text="other")])],
        "count": 9.0,
    }
    assert opened(**words)[1].incident_key == first.incident_key
    assert opened(services={})[1].incident_key == first.incident_key
    keys = {
        first.incident_key,
        opened(cluster_id="fedcba")[1].incident_key,
        opened(product="video")[1].incident_key,
        opened(slice=NO_SLICE)[1].incident_key,
    }
    assert len(keys) == 4


def test_incidents_that_begin_together_are_related_and_not_merged() -> None:
    incidents, first = opened()
    near = incidents.step(outbreak(cluster_id="near", onset_minute=NOON + 11))
    far = incidents.step(outbreak(cluster_id="far", onset_minute=NOON + 12))
    assert near is not None
    assert far is not None
    assert near.incident.related_incident_ids == (first.incident_id,)
    assert far.incident.related_incident_ids == (near.incident.incident_id,)
    assert all(incidents.is_open(cluster) for cluster in ("abcdef", "near", "far"))


def test_the_latest_incident_of_two_themes_made_one_is_the_previous_one() -> None:
    for kept, gone in (("abcdef", "fedcba"), ("fedcba", "abcdef")):
        incidents, first = opened()
        last(incidents, *(calm(n) for n in range(1, 32)))
        other = incidents.step(outbreak(40, cluster_id="fedcba"))
        last(incidents, *(calm(n, cluster_id="fedcba") for n in range(41, 72)))
        assert not any(incidents.is_open(cluster) for cluster in (kept, gone))
        incidents.merge(kept, gone)
        again = last(incidents, outbreak(100, cluster_id=kept))
        assert other is not None
        assert again is not None
        assert again.incident.previous_incident_id == other.incident.incident_id
        assert first.incident_id != other.incident.incident_id


def test_a_slice_that_has_become_clearer_is_told_under_the_same_key() -> None:
    incidents = Incidents(RULES)
    opened = incidents.step(outbreak())
    assert opened is not None
    both = structs.replace(VERSION, attributes={"app_version": "7.2.0", "os": "ios"})
    assert incidents.seeks_slice("abcdef", NOON + RULES.slice_minutes)
    assert not incidents.seeks_slice("abcdef", NOON + RULES.slice_minutes + 1)
    # Not sooner than any other word, and no answer changes nothing.
    assert incidents.step(outbreak(RULES.update_minutes - 1, slice=both)) is None
    assert incidents.step(outbreak(RULES.update_minutes, slice=NO_SLICE)) is None
    updated = incidents.step(outbreak(RULES.update_minutes, slice=both))
    assert updated is not None
    assert updated.incident.slice == both
    assert updated.incident.change_reason == "slice became clearer"
    assert updated.incident.incident_key == opened.incident.incident_key
    assert updated.incident.labels == opened.incident.labels
