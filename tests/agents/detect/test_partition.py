from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.detect.partition import DetectPartition
from agents.detect.rules import DetectRules
from agents.detect.snapshot import pack, unpack
from agents.incidents.rules import IncidentRules
from schemas.changes import Change
from schemas.signals import END, Changed, Counters, Partial, Progress, Signal
from schemas.times import MINUTE_MS
from tests.agents.detect.made import (
    NAMES,
    START,
    closed,
    local,
    minute_of,
    quiet_and_burst,
    run,
    told,
    written,
)
from windows.alignment import Source

APP, WEB = ("feedback.app", 0), ("feedback.web", 1)
LOG, CHANGES = ("logs.errors", 0), ("changes", 0)
SOURCES = [APP, WEB, LOG, CHANGES]
LAST = START + 75
DEPLOY = Change("c1", (START + 38) * MINUTE_MS, "deploy 7.3", "wallet")


def partition(sources: Sequence[Source] = (APP, WEB)) -> DetectPartition:
    return DetectPartition(DetectRules(), sources)


def said(source: Source, sequence: int, minute: int, *, count: int = 2) -> Partial:
    cluster = local(0, count, f"{source[0]} {minute}", "app", "", "", "")
    return minute_of(source, sequence, minute, [cluster], "wallet")


def story() -> dict[Source, list[Signal]]:
    """Quiet, a burst after a deploy, quiet again; on three event sources and one of changes."""
    burst = range(START + 40, START + 48)
    made = {
        source: told(
            source,
            quiet_and_burst(source, through=LAST, burst=burst, size=9),
            through=LAST,
            product=product,
        )
        for source, product in ((APP, "wallet"), (WEB, "wallet"), (LOG, "video"))
    }
    made[CHANGES] = [
        closed(CHANGES, 1, START + 37),
        Changed(*CHANGES, 2, DEPLOY),
        closed(CHANGES, 3, END),
    ]
    return made


STORY = story()
IN_TURN = [signal for source in SOURCES for signal in STORY[source]]
EXPECTED = written(run(partition(SOURCES), IN_TURN))


def test_the_story_has_incidents_in_both_products() -> None:
    stages = [line.split(b" ", 1)[0] for _, line in EXPECTED]
    assert stages.count(b"opened") == 2
    assert {b'"product":"wallet"', b'"product":"video"'} <= {
        field for _, line in EXPECTED for field in line.split(b",")
    }
    assert any(b'"summary":"deploy 7.3"' in line for _, line in EXPECTED)


def test_a_product_follows_its_own_rules_also_after_a_restart() -> None:
    deaf = DetectRules(incidents=IncidentRules(min_count=10_000))
    rules = DetectRules(own={"video": deaf})
    whole, half = DetectPartition(rules, SOURCES), len(IN_TURN) // 2
    first = run(whole, IN_TURN[:half])
    resumed = DetectPartition(rules, SOURCES)
    resumed.restore(unpack(pack(whole.state())))
    said = written([*first, *run(resumed, IN_TURN[half:], first=half)])
    assert said
    assert said == [line for line in EXPECTED if b'"product":"video"' not in line[1]]


def test_what_a_product_says_waits_for_no_other_product() -> None:
    lines = run(partition(SOURCES), IN_TURN)
    spoken = [(minute, {one.incident.product for one in said}) for minute, said in lines]
    assert all(len(products) <= 1 for _, products in spoken)
    both = [minute for minute, products in spoken if products]
    assert len(set(both)) < len(both), "both speak in some minute"
    assert [minute for minute, products in spoken if not products] == sorted(
        {minute for minute, _ in spoken}
    )


def test_a_minute_waits_for_all_sources() -> None:
    detect = partition()
    early: list[Signal] = [said(APP, 1, START), closed(APP, 2, START + 5)]
    assert run(detect, early) == []
    minutes = [minute for minute, _ in run(detect, [closed(WEB, 1, START + 2)], first=2)]
    assert minutes == [START, START + 1, START + 2]


def test_an_idle_source_is_not_waited_for_and_what_it_brings_then_is_late() -> None:
    detect = partition()
    run(detect, [closed(WEB, 1, 0, idle=True), said(APP, 1, START), closed(APP, 2, START + 5)])
    assert detect.closed_through == START + 5
    run(detect, [said(WEB, 2, START + 3, count=7), closed(WEB, 3, START + 5)], first=3)
    assert detect.late_partials == 1
    run(detect, [closed(APP, 3, START + 7), closed(WEB, 4, START + 7)], first=5)
    assert _heard(detect) == (2, 7)


def _heard(detect: DetectPartition) -> tuple[float, int]:
    """Texts of the only theme on time and late."""
    state = detect.products["wallet"].state()
    (theme,) = state["themes"]
    return float(state["detector"]["trailing.counts"].sum()), theme[5]


@pytest.mark.parametrize("given_up", [START + 3, START + 1])
def test_a_partial_of_an_idle_source_counts_once_though_its_minute_has_closed(
    given_up: int,
) -> None:
    """Its writer died before the progress, and wrote the partial again."""
    detect = partition()
    speaks = said(WEB, 2, START + 2, count=7)
    run(
        detect,
        [
            closed(WEB, 1, START - 1, idle=True),
            said(APP, 1, START),
            closed(APP, 2, given_up),
            speaks,
            closed(APP, 3, START + 6),
            speaks,
            closed(WEB, 3, START + 6),
            speaks,
            closed(APP, 4, START + 9),
            closed(WEB, 4, START + 9),
        ],
    )
    assert sum(_heard(detect)) == 2 + 7


def test_a_sequence_seen_before_is_ignored() -> None:
    once: list[Signal] = [said(APP, 1, START), closed(APP, 2, START), closed(WEB, 1, START)]
    twice = [once[0], once[0], once[1], once[0], once[1], once[2], once[2]]
    detect, again = partition(), partition()
    run(detect, once)
    run(again, twice)
    assert again.products["wallet"].state()["themes"] == detect.products["wallet"].state()["themes"]


def test_an_offset_seen_before_is_ignored() -> None:
    detect = partition()
    detect.take(said(APP, 1, START), 5)
    detect.take(closed(APP, 9, START + 9), 5)
    assert detect.next_offset == 6
    detect.take(closed(WEB, 1, START), 6)
    assert list(detect.close_ready()) == []


def test_the_end_closes_everything() -> None:
    detect = partition()
    minutes = run(detect, [said(APP, 1, START), said(APP, 3, START + 8), closed(APP, 4, END)])
    assert minutes == []
    assert not detect.ended
    minutes = run(detect, [closed(WEB, 1, END)], first=3)
    assert [minute for minute, _ in minutes] == list(range(START, START + 9))
    assert detect.ended


@pytest.mark.slow
def test_a_day_of_silence_stops_the_clock() -> None:
    """One record dated decades ago must not cost a detection per minute since."""
    detect = partition([APP])
    run(detect, [said(APP, 1, START - 13_000_000), closed(APP, 2, START - 13_000_000)])
    today: list[Signal] = [said(APP, 3, START), closed(APP, 4, START), closed(APP, 5, START + 2)]
    closed_minutes = [minute for minute, _ in run(detect, today, first=2)]
    assert closed_minutes[-3:] == [START, START + 1, START + 2]
    assert len(closed_minutes) == 1440 + 3


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 80), min_size=1, max_size=5), st.lists(st.integers(1, 60)))
@pytest.mark.slow
def test_silence_is_skipped_alike_however_progress_is_told(
    gaps: list[int], steps: list[int]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("agents.detect.partition._SILENCE", 30)
        _is_skipped_alike(gaps, steps)


def _is_skipped_alike(gaps: list[int], steps: list[int]) -> None:
    spoken = [START + sum(gaps[:n]) for n in range(len(gaps) + 1)]
    direct: list[Signal] = [said(APP, n + 1, minute) for n, minute in enumerate(spoken)]
    stepwise: list[Signal] = []
    at = START
    for minute in spoken:
        for step in steps:
            if at + step < minute:
                at += step
                stepwise.append(closed(APP, len(stepwise) + 1, at))
        stepwise.append(said(APP, len(stepwise) + 1, minute))
        at = minute
    ends: list[Signal] = [closed(APP, 1 << 20, END)]
    minutes = [minute for minute, _ in run(partition([APP]), direct + ends)]
    assert [minute for minute, _ in run(partition([APP]), stepwise + ends)] == minutes
    assert set(spoken) <= set(minutes)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_the_order_in_which_sources_arrive_changes_nothing(data: st.DataObject) -> None:
    rest = {source: list(signals) for source, signals in STORY.items()}
    mixed: list[Signal] = []
    while rest:
        source = data.draw(st.sampled_from(sorted(rest)))
        some = data.draw(st.integers(1, 60))
        mixed += rest[source][:some]
        rest[source] = rest[source][some:]
        if not rest[source]:
            del rest[source]
    detect = partition(SOURCES)
    assert written(run(detect, mixed)) == EXPECTED
    assert detect.ended


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(st.integers(0, len(IN_TURN)), st.randoms(use_true_random=False))
def test_a_snapshot_anywhere_continues_identically(cut: int, random: object) -> None:
    mixed = _shuffled(random)
    whole = partition(SOURCES)
    expected = run(whole, mixed)
    before = partition(SOURCES)
    done = run(before, mixed[:cut])
    body = pack(before.state())
    after = partition(SOURCES)
    after.restore(unpack(body))
    assert pack(after.state()) == body
    done += run(after, mixed[cut:], first=cut)
    assert written(done) == written(expected)
    assert pack(after.state()) == pack(whole.state())


def _shuffled(random: object) -> list[Signal]:
    turns = [source for source in SOURCES for _ in STORY[source]]
    random.shuffle(turns)  # type: ignore[attr-defined]
    each = {source: iter(signals) for source, signals in STORY.items()}
    return [next(each[source]) for source in turns]


@pytest.mark.slow
def test_a_change_is_known_from_its_minute_on_and_only_to_its_product() -> None:
    def causes(*changes: Change) -> list[str]:
        signals = [s for s in IN_TURN if not isinstance(s, Changed)]
        changed = [Changed(*CHANGES, n, change) for n, change in enumerate(changes, 2)]
        revisions = run(partition(SOURCES), [*changed, *signals])
        return [
            f"{revision.incident.product} {revision.stage}"
            for _, made in revisions
            for revision in made
            if revision.incident.changes
        ]

    known = Change("c", (START + 40) * MINUTE_MS, "deploy", "wallet")
    assert "wallet opened" in causes(known)
    assert not any(cause.startswith("video") for cause in causes(known))
    same_id = Change("c", known.time_ms, "deploy", "video")
    assert {"wallet opened", "video opened"} <= set(causes(same_id, known))
    after = Change("c", (START + 42) * MINUTE_MS, "deploy", "wallet")
    assert causes(after)[0] == "wallet updated"


def test_a_change_is_forgotten_after_a_day() -> None:
    detect = partition([APP, CHANGES])
    old = Change("c", (START - 1441) * MINUTE_MS, "deploy")
    run(detect, [Changed(*CHANGES, 1, old), said(APP, 1, START)])
    assert detect.state()["changes"]
    run(detect, [closed(CHANGES, 2, START), closed(APP, 2, START)], first=2)
    assert detect.state()["changes"] == []


def test_partials_with_other_attributes_are_understood() -> None:
    """The setting was changed, or two workers disagree while it is being rolled out."""
    names = ("channel", "service", "os", "region", "device")
    minutes = quiet_and_burst(APP, through=LAST, burst=range(START + 40, START + 48), size=20)
    signals: list[Signal] = []
    for signal in told(APP, minutes, through=LAST, product="wallet"):
        if isinstance(signal, Partial) and signal.minute > START + 20 and signal.minute % 3:
            signals.append(_renamed(signal, names))
        else:
            signals.append(signal)
    revisions = [r for _, made in run(partition([APP]), signals) for r in made]
    assert revisions[0].stage == "opened"
    for revision in revisions:
        place = revision.incident.slice
        named = [place.attributes, *(candidate.attributes for candidate in place.candidates)]
        assert any(named)
        for attributes in named:
            assert attributes.keys() <= {*NAMES, "region"}
            assert attributes.get("os", "ios") in ("ios", "android")
            assert attributes.get("region", "CN-").startswith("CN-")
            assert attributes.get("app_version", "7.").startswith("7.")


def _renamed(partial: Partial, names: tuple[str, ...]) -> Partial:
    def leaf(values: tuple[str, ...]) -> tuple[str, ...]:
        return (values[0], values[1], values[3], "CN-" + values[2], "")

    clusters = tuple(
        type(c)(
            c.fingerprint,
            c.count,
            c.terms,
            c.late,
            c.authors,
            tuple((leaf(values), n) for values, n in c.leaves),
            c.samples,
        )
        for c in partial.clusters
    )
    totals = tuple((leaf(values), n) for values, n in partial.totals)
    source = (partial.topic, partial.partition)
    return Partial(
        *source, partial.sequence, partial.minute, partial.product, names, clusters, totals
    )


def test_progress_counters_do_not_matter() -> None:
    detect, other = partition([APP]), partition([APP])
    run(detect, [said(APP, 1, START), Progress(*APP, 2, START, Counters())])
    run(other, [said(APP, 1, START), Progress(*APP, 2, START, Counters(accepted=9))])
    assert pack(detect.state()) == pack(other.state())
