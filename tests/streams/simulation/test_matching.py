from pathlib import Path

import pytest

from schemas.incidents import Incident, encode_incident
from streams.simulation import BadFile
from streams.simulation.matching import (
    Matches,
    match,
    read_incidents,
    reported_incidents,
    theme_share,
)
from tests.streams.simulation.reports import OTHER_TERMS, TERMS, injected, reported, truth


def matched(*revisions: Incident) -> Matches:
    return match(reported_incidents(revisions), truth(injected(100, duration=30)))


def test_the_judged_revision_is_the_last_within_ten_minutes_of_detection() -> None:
    revisions = [
        reported(102, revision=3, updated=113, title="too late"),
        reported(102, revision=2, updated=112, title="judged"),
        reported(102, revision=1, title="first"),
    ]
    (incident,) = reported_incidents(revisions)
    assert incident.judged.title == "judged"


def test_detection_is_that_of_the_first_revision() -> None:
    first = reported(102, revision=1)
    second = reported(105, onset=100, revision=2, updated=105)
    (incident,) = reported_incidents([second, first])
    assert incident.detected_ms == reported_incidents([first])[0].detected_ms


def test_what_was_always_suppressed_is_no_report() -> None:
    muted = reported(102, status="suppressed")
    assert reported_incidents([muted]) == []
    assert len(reported_incidents([muted, reported(102, revision=2)])) == 1


@pytest.mark.parametrize(
    ("onset", "detected", "fits"),
    [(95, 101, True), (94, 101, False), (145, 147, True), (146, 147, False), (98, 99, False)],
)
def test_onset_bounds_and_no_detection_before_the_onset(
    onset: int, detected: int, fits: bool
) -> None:
    assert bool(matched(reported(detected, onset=onset)).found) is fits


def test_product_and_theme_must_be_the_same() -> None:
    assert not matched(reported(product="video")).found
    assert not matched(reported(texts=("闪退", "crash on start"))).found
    assert matched(reported(texts=("Gateway  Declined request 7", "闪退"))).found
    assert not matched(reported(texts=("付不了款", "闪退", "crash"))).found


def test_without_evidence_the_title_decides() -> None:
    assert theme_share(reported(texts=(), title="付不了款"), TERMS) == 1.0
    assert theme_share(reported(texts=(), title="闪退"), TERMS) == 0.0


def test_full_width_letters_and_case_do_not_matter() -> None:
    assert theme_share(reported(texts=("ＣＡＮＮＯＴ ＰＡＹ",)), TERMS) == 1.0


def test_a_second_report_is_a_duplicate() -> None:
    matches = matched(reported(104, name="later"), reported(102, name="first"))
    assert matches.found[0].judged.incident_id == "first"
    assert [(n, r.judged.incident_id) for n, r in matches.duplicates] == [(0, "later")]
    assert matches.rest == []


def test_the_better_theme_wins_then_the_nearer_onset() -> None:
    both = truth(injected(100, terms=OTHER_TERMS), injected(104), injected(100))
    report = reported(106, onset=103, texts=("付不了款", "crash: 付不了"))
    assert list(match(reported_incidents([report]), both).found) == [1]


def test_files_are_read_and_faults_are_named(tmp_path: Path) -> None:
    path = tmp_path / "incidents.jsonl"
    revisions = [reported(102), reported(103, revision=2)]
    path.write_bytes(b"\n".join(encode_incident(r) for r in revisions) + b"\n")
    assert read_incidents(path) == revisions
    path.write_bytes(encode_incident(revisions[0]) + b'\n{"incident_id": 1}\n')
    with pytest.raises(BadFile, match="line 2"):
        read_incidents(path)
    with pytest.raises(BadFile, match="cannot read"):
        read_incidents(tmp_path / "missing")
