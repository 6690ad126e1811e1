from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from agents.detect.product import ProductDetector
from agents.detect.rules import DetectRules
from agents.detect.snapshot import pack, unpack
from agents.incidents.lifecycle import Revision
from agents.incidents.rules import IncidentRules
from schemas.incidents import Incident
from schemas.signals import LocalCluster, Partial
from schemas.times import format_ms
from tests.agents.detect.made import NAMES, START, local, minute_of
from windows.clusters import TEXTS_KEPT

APP, LOG = ("feedback.app", 0), ("logs.errors", 0)
BURST = START + 50
RULES = DetectRules()


THEME = 7
RATES = (0.3, 0.5, 1.0, 1.5, 2.0, 3.0, 0.4, 0.8, 1.2, 0.6, 2.5, 0.2)
"""Texts a minute by theme."""


def everyday(minute: int, *, factor: int = 1) -> list[LocalCluster]:
    """A dozen themes at their usual rates, alike on three versions."""
    counts = np.random.default_rng(minute).poisson(np.array(RATES) * factor).tolist()
    clusters = []
    for theme, count in enumerate(counts):
        version = f"7.{(minute + theme) % 3}"
        where = f"app {theme} {minute}"
        if count:
            clusters.append(local(theme, count, where, "app", "shop", version, "ios"))
    return clusters


def burst(minute: int, count: int, *, theme: int = THEME, source: str = "app") -> LocalCluster:
    return local(theme, count, f"burst {source} {minute}", source, "pay", "7.2", "android")


def day(
    bursts: Mapping[int, Sequence[LocalCluster]],
    *,
    until: int,
    rules: DetectRules = RULES,
    factor: Mapping[int, int] | None = None,
) -> tuple[ProductDetector, list[Revision]]:
    detector = ProductDetector("shop", rules)
    revisions: list[Revision] = []
    for minute in range(START, until + 1):
        clusters = everyday(minute, factor=(factor or {}).get(minute, 1))
        clusters += [c for c in bursts.get(minute, ()) if c.leaves[0][0][0] == "app"]
        partials = [minute_of(APP, minute, minute, clusters, "shop")]
        if logs := [c for c in bursts.get(minute, ()) if c.leaves[0][0][0] == "log"]:
            partials.append(minute_of(LOG, minute, minute, logs, "shop"))
        revisions += detector.close(minute, partials, ())
    return detector, revisions


def stages(revisions: Sequence[Revision]) -> list[str]:
    return [revision.stage for revision in revisions]


def end_of(minute: int) -> str:
    return format_ms((minute + 1) * 60_000)


OUTBREAK = {minute: [burst(minute, 12)] for minute in range(BURST, BURST + 10)}
DETECTOR, REVISIONS = day(OUTBREAK, until=BURST + 80)


def test_everyday_opens_nothing() -> None:
    assert day({}, until=START + 120)[1] == []


def test_a_burst_in_one_theme_is_one_incident() -> None:
    ids = {revision.incident.incident_id for revision in REVISIONS}
    assert len(ids) == 1
    assert stages(REVISIONS)[0] == "opened"
    assert stages(REVISIONS)[-1] == "resolved"
    assert stages(REVISIONS).count("resolved") == 1


def opened() -> Incident:
    return REVISIONS[0].incident


def test_it_opens_within_two_minutes_with_the_onset() -> None:
    assert opened().opened_at in (end_of(BURST), end_of(BURST + 1))
    assert opened().onset.estimate == end_of(BURST - 1)
    assert opened().onset.earliest <= opened().onset.estimate


def test_it_counts_from_the_onset() -> None:
    update = next(r.incident for r in REVISIONS if r.stage == "updated")
    observed = update.observed
    minutes = range(BURST, BURST + observed.window_minutes)
    usual = sum(c.count for m in minutes for c in everyday(m) if c.fingerprint == 1000 + THEME)
    assert observed.count == 12 * observed.window_minutes + usual
    assert observed.distinct_authors == pytest.approx(observed.count, rel=0.1)
    assert observed.expected < observed.count / 10
    assert observed.lift > 10
    assert update.channels == {"app": observed.count}
    assert update.impact.low <= update.impact.users <= update.impact.high


def test_it_names_the_slice_and_the_service() -> None:
    update = REVISIONS[1].incident
    assert not opened().slice.abstained
    assert (
        opened().slice.attributes.items()
        <= {
            "app_version": "7.2",
            "os": "android",
            "service": "pay",
        }.items()
    )
    assert opened().slice.share > 0.8
    assert update.slice == opened().slice
    assert opened().service == "pay"


def test_its_evidence_is_of_the_burst() -> None:
    assert opened().evidence
    for item in opened().evidence:
        assert item.source.startswith("burst")
        assert item.time >= opened().onset.estimate


def test_it_resolves_after_quiet_minutes_only() -> None:
    resolved = REVISIONS[-1].incident
    assert resolved.resolved_at is not None
    assert resolved.resolved_at >= end_of(BURST + 9 + RULES.incidents.quiet_minutes)
    assert resolved.resolved_at == resolved.updated_at


def test_a_second_burst_is_a_new_incident_that_names_the_first() -> None:
    again = {**OUTBREAK}
    again |= {minute: [burst(minute, 90)] for minute in range(BURST + 110, BURST + 116)}
    _, revisions = day(again, until=BURST + 116)
    first, second = (r.incident for r in revisions if r.stage == "opened")
    assert second.incident_id != first.incident_id
    assert second.previous_incident_id == first.incident_id
    assert second.revision == 1


def test_people_and_machines_are_clustered_apart() -> None:
    both = {minute: [burst(minute, 1, source="log")] for minute in range(START, BURST)}
    both |= {
        minute: [burst(minute, 12), burst(minute, 12, source="log")]
        for minute in range(BURST, BURST + 3)
    }
    _, revisions = day(both, until=BURST + 3)
    incidents = [r.incident for r in revisions if r.stage == "opened"]
    assert [sorted(incident.channels) for incident in incidents] == [["app"], ["log"]]
    assert incidents[1].related_incident_ids == (incidents[0].incident_id,)


def test_a_flood_from_one_author_opens_nothing() -> None:
    flood = {minute: [burst(minute, 40, theme=11)] for minute in range(BURST, BURST + 10)}
    assert stages(day(flood, until=BURST + 10)[1])[0] == "opened"
    for (cluster,) in flood.values():
        cluster.authors = (1,)
    assert day(flood, until=BURST + 10)[1] == []


def test_a_surge_of_everything_is_no_incident() -> None:
    surge = dict.fromkeys(range(BURST, BURST + 20), 3)
    assert day({}, until=BURST + 40, factor=surge)[1] == []


def test_late_texts_open_nothing() -> None:
    late = {minute: [_late(burst(minute, 30))] for minute in range(BURST, BURST + 10)}
    detector = ProductDetector("shop", RULES)
    for minute in range(START, BURST + 10):
        clusters = [*everyday(minute), *late.get(minute, ())]
        assert detector.close(minute, [minute_of(APP, 1, minute, clusters, "shop")], ()) == []


def _late(cluster: LocalCluster) -> LocalCluster:
    words = dict.fromkeys(cluster.terms, cluster.count)
    return LocalCluster(cluster.fingerprint, 0, words, cluster.count, samples=cluster.samples)


@pytest.mark.slow
def test_themes_beyond_the_limit_are_forgotten_but_not_one_with_an_incident() -> None:
    rules = DetectRules(clusters=20)
    detector = ProductDetector("shop", rules)
    incidents = set()
    for minute in range(START, BURST + 80):
        clusters = everyday(minute)
        clusters += [_novel(minute, n) for n in range(5)]
        if BURST <= minute < BURST + 5:
            clusters.append(burst(minute, 15))
        partials = [minute_of(APP, minute, minute, clusters, "shop")]
        for revision in detector.close(minute, partials, ()):
            incidents.add((revision.incident.incident_id, revision.stage))
        assert detector.themes <= 20
    assert len({incident for incident, _ in incidents}) == 1
    assert {stage for _, stage in incidents} >= {"opened", "resolved"}


def _novel(minute: int, n: int) -> LocalCluster:
    text = f"novel{'abcdefghij'[n]}{minute}"
    leaf = (("app", "", "7.0", "ios"), 1)
    return LocalCluster(minute * 10 + n, 1, {text: 1}, 0, (n,), (leaf,))


def test_a_text_whose_theme_has_moved_on_founds_another_one() -> None:
    """Its first theme has heard so much since that it knows neither the text nor its words."""
    detector = ProductDetector("shop", RULES)
    old, bridge = ["old", "words", "alone"], [f"bridge{n}" for n in range(24)]
    _say(detector, START, 0, old)
    _say(detector, START + 1, 1, old + bridge)
    many = dict.fromkeys(bridge + [f"new{k}" for k in range(60)], 1)
    texts = tuple(LocalCluster(n, 1, many) for n in range(2, 2 + TEXTS_KEPT))
    detector.close(START + 2, [Partial("feedback.app", 0, 1, START + 2, "shop", NAMES, texts)], ())
    assert detector.themes == 1
    _say(detector, START + 20, 0, old)
    assert detector.themes == 2
    ids = [theme[3] for theme in detector.state()["themes"]]
    assert len(set(ids)) == len(ids)
    restored = ProductDetector("shop", RULES)
    restored.restore(unpack(pack(detector.state())))
    assert pack(restored.state()) == pack(detector.state())


def _say(detector: ProductDetector, minute: int, fingerprint: int, words: list[str]) -> None:
    leaf = (("app", "", "7.0", "ios"), 1)
    terms = dict.fromkeys(words, 1)
    cluster = LocalCluster(fingerprint, 1, terms, 0, (fingerprint,), (leaf,))
    partial = Partial("feedback.app", 0, 1, minute, "shop", NAMES, (cluster,), (leaf,))
    assert detector.close(minute, [partial], ()) == []


def test_the_rules_are_obeyed() -> None:
    many = DetectRules(incidents=IncidentRules(min_count=1_000))
    assert day(OUTBREAK, until=BURST + 12, rules=many)[1] == []
    authors = DetectRules(incidents=IncidentRules(min_authors=1_000))
    assert day(OUTBREAK, until=BURST + 12, rules=authors)[1] == []


def test_a_surge_of_what_an_incident_has_opened_on_is_that_incident() -> None:
    # The first minute is too small for an incident but counts as volume; the second opens it.
    detector = ProductDetector("shop", DetectRules(incidents=IncidentRules(min_count=50)))
    revisions: list[Revision] = []
    for minute in range(START, START + 90):
        age = minute - START
        said = [local(1, 1, f"one {minute}", "app", "shop", "7.1", "ios")] if age % 10 == 0 else []
        said += [burst(minute, 40)] if age in (66, 67) else []
        partials = [minute_of(APP, minute, minute, said, "shop")] if said else []
        revisions += detector.close(minute, partials, ())
    assert stages(revisions).count("opened") == 1
