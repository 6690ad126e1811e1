from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.intake.events import EventIntake
from agents.intake.rules import IntakeRules
from agents.intake.source import CONTROL, END_OF_INPUT, TIME, Output
from schemas.errors import Reason
from schemas.signals import END, Partial, Progress, Signal, encode_signal
from schemas.times import MINUTE_MS
from tests.support.undisturbed import Record

START = 29_000_000 * MINUTE_MS
LATER = START + 60 * MINUTE_MS
RULES = IntakeRules(bounded=True)


def event(text: str, ms: int, **fields: Any) -> bytes:
    return msgspec.json.encode({"text": text, "time": START + ms, "product": "wallet", **fields})


def log_of(
    values: list[bytes], *, at: int = START + 60 * MINUTE_MS, end: bool = True
) -> list[Record]:
    records = [Record(n, at, value) for n, value in enumerate(values)]
    if end:
        records.append(Record(len(values), at, None, None, [(CONTROL, END_OF_INPUT)]))
    return records


def intake(rules: IntakeRules = RULES, **state: Any) -> EventIntake:
    return EventIntake("feedback.app", 0, rules, "app", **state)


def partials(signals: list[Signal]) -> list[Partial]:
    return [signal for signal in signals if isinstance(signal, Partial)]


def feed(values: list[bytes], rules: IntakeRules = RULES) -> Output:
    return intake(rules).feed(log_of(values))


def test_a_minute_becomes_one_partial_per_product() -> None:
    values = [
        event("支付失败", 0, author="u1"),
        event("支付失败", 1000, author="u2", attributes={"os": "ios"}),
        event("great app", 2000, product="video"),
    ]
    out = feed(values)
    video, wallet = partials(out.signals)
    assert (video.product, wallet.product) == ("video", "wallet")
    assert (wallet.minute, wallet.sequence) == (29_000_000, 2)
    (cluster,) = wallet.clusters
    assert (cluster.count, len(cluster.authors)) == (2, 2)
    assert cluster.leaves == (
        (("app", "", "", "", "", ""), 1),
        (("app", "", "", "ios", "", ""), 1),
    )
    assert cluster.samples[0].source == "feedback.app-0@0"
    progress = out.signals[-1]
    assert isinstance(progress, Progress)
    assert (progress.closed_through, progress.counters.accepted) == (END, 3)


def test_a_minute_is_cut_by_the_watermark_and_by_nothing_else() -> None:
    source = intake()
    one = source.feed(log_of([event("a b", 0)] * 3, end=False))
    assert partials(one.signals) == []
    late_enough = 70_000
    two = source.feed([Record(3, START + late_enough, event("a b", late_enough))])
    (partial,) = partials(two.signals)
    assert partial.accepted == 3
    assert two.head is not None
    assert (two.head.next_offset, two.head.resume_offset) == (4, 3)


def test_a_late_event_is_counted_as_late_in_its_cluster() -> None:
    out = feed([event("slow page", 0), event("slow page", 200_000), event("slow page", 1000)])
    late = [p for p in partials(out.signals) if p.clusters[0].late]
    assert [(c.count, c.late) for p in late for c in p.clusters] == [(0, 1)]
    progress = out.signals[-1]
    assert isinstance(progress, Progress)
    assert (progress.counters.accepted, progress.counters.late) == (3, 1)


def test_a_repeated_delivery_counts_once_but_a_repeated_text_counts() -> None:
    out = feed([event("broken", 0, id="1"), event("broken", 5, id="1"), event("broken", 9, id="2")])
    (partial,) = partials(out.signals)
    assert partial.accepted == 2
    progress = out.signals[-1]
    assert isinstance(progress, Progress)
    assert progress.counters.duplicates == 1


def test_refused_records_name_reason_and_place_and_do_not_move_the_watermark() -> None:
    values = [b"{", event("", 0), event("future", 40 * 24 * 60 * MINUTE_MS), event("fine", 0)]
    out = intake().feed(log_of(values, at=START))
    assert [(letter.reason, letter.offset) for letter, _ in out.refused] == [
        (Reason.NOT_JSON, 0),
        (Reason.EMPTY_TEXT, 1),
        (Reason.FUTURE, 2),
    ]
    assert [record.value for _, record in out.refused] == values[:3]
    assert partials(out.signals)[0].accepted == 1


def test_a_date_slightly_ahead_closes_no_minute_for_the_others() -> None:
    source = intake()
    ahead = Record(0, START, event("ahead", 290_000))
    assert partials(source.feed([ahead]).signals) == []
    out = source.feed([Record(1, START + 1000, event("on time", 1000))])
    assert source.counters.late == 0
    assert partials(out.signals) == []


def test_nothing_personal_leaves() -> None:
    values = [event("call me 13812345678 a@b.cn", 0, author="13900000000", service="x@y.com")]
    text = b"".join(encode_signal(signal) for signal in feed(values).signals).decode()
    for secret in ("13812345678", "a@b.cn", "13900000000", "x@y.com"):
        assert secret not in text


def test_products_beyond_the_limit_share_a_name() -> None:
    rules = IntakeRules(bounded=True, max_products=2)
    values = [event("a b", n, product=f"p{n}") for n in range(5)]
    assert [p.product for p in partials(feed(values, rules).signals)] == ["p0", "p1", "…"]


def test_the_end_of_input_is_ignored_on_a_live_log() -> None:
    source = intake(IntakeRules(bounded=False))
    out = source.feed(log_of([event("a b", 0)]))
    assert partials(out.signals) == []
    assert source.counters.refused == {Reason.EMPTY_TEXT: 1}


TEXTS = ["支付失败", "pay failed", "login slow", "great", "\x00", "call 13812345678"]
_events = st.lists(
    st.tuples(
        st.sampled_from(
            ["支付失败", "pay failed", "login slow", "great", "\x00", "call 13812345678"]
        ),
        st.integers(0, 6 * MINUTE_MS),
        st.sampled_from(["1", "2", "3", None, None, None]),
        st.sampled_from(["wallet", "video"]),
    ),
    max_size=60,
)


def made(events: list[tuple[str, int, str | None, str]]) -> list[bytes]:
    return [
        event(text, ms, product=product, **({"id": i} if i else {}))
        for text, ms, i, product in events
    ]


@settings(max_examples=60, deadline=None)
@given(_events, st.lists(st.integers(1, 20)))
def test_how_it_is_polled_changes_nothing(
    events: list[tuple[str, int, str | None, str]], cuts: list[int]
) -> None:
    records = log_of(made(events))
    whole = intake().feed(records).signals
    source, got, rest = intake(), [], records
    for cut in [*cuts, len(records)]:
        got += source.feed(rest[:cut]).signals
        rest = rest[cut:]
    assert got == whole


@settings(max_examples=60, deadline=None)
@given(_events, st.data())
def test_a_crash_anywhere_loses_and_doubles_nothing(
    events: list[tuple[str, int, str | None, str]], data: st.DataObject
) -> None:
    records = log_of(made(events))
    whole = intake().feed(records).signals
    crash = data.draw(st.integers(0, len(records)))
    source, head, ring, written = intake(), None, dict[int, bytes](), list[Signal]()
    for record in records[:crash]:
        out = source.feed([record])
        written += out.signals
        if out.head is not None:
            ring.update(source.dedupe.unwritten())
            head = out.head
    restored = intake(head=head, ids=ring.values())
    resume = head.resume_offset if head else 0
    kept = head.sequence if head else 0
    again = restored.feed(records[resume:])
    assert [s for s in written if s.sequence <= kept] + again.signals == whole


@settings(max_examples=60, deadline=None)
@given(_events)
def test_every_record_is_accounted_for(events: list[tuple[str, int, str | None, str]]) -> None:
    out = feed(made(events))
    progress = out.signals[-1]
    assert isinstance(progress, Progress)
    counters = progress.counters
    assert counters.accepted == sum(partial.accepted for partial in partials(out.signals))
    assert sum(counters.refused.values()) == len(out.refused)
    assert counters.accepted + counters.duplicates + len(out.refused) == len(events)


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(12)))
def test_any_order_within_the_lateness_gives_the_same_counts(order: list[int]) -> None:
    rules = IntakeRules(bounded=True, lateness_ms=12 * 5_000)
    texts = ["pay failed", "login slow", "great"]
    values = [event(texts[n % 3], n * 5_000, author=f"u{n % 4}") for n in order]
    counts = {
        (p.minute, c.fingerprint): (c.count, c.late, c.authors)
        for p in partials(feed(values, rules).signals)
        for c in p.clusters
    }
    straight = [event(texts[n % 3], n * 5_000, author=f"u{n % 4}") for n in range(12)]
    assert counts == {
        (p.minute, c.fingerprint): (c.count, c.late, c.authors)
        for p in partials(feed(straight, rules).signals)
        for c in p.clusters
    }


def test_an_idle_partition_closes_what_it_holds_and_says_so() -> None:
    source = intake(IntakeRules())
    source.feed(log_of([event("pay failed", 0)], end=False))
    plan = source.plan_idle(90_000)
    assert plan is not None
    assert plan.planned_close == 29_000_000
    out = source.idle(90_000)
    assert partials(out.signals)[0].accepted == 1
    progress = out.signals[-1]
    assert isinstance(progress, Progress)
    assert progress.idle
    assert progress.closed_through == 29_000_000


def test_a_crash_after_the_idle_plan_closes_the_same_minute_at_the_same_offset() -> None:
    records = log_of([event("pay failed", 0), event("pay failed", 1000)], end=False)
    source = intake(IntakeRules())
    source.feed(records)
    plan = source.plan_idle(90_000)
    undisturbed = source.idle(90_000)
    assert plan is not None
    restored = intake(IntakeRules(), head=plan, ids=[])
    more = Record(2, START + 2000, event("pay failed", 2000))
    again = restored.feed([*records[plan.resume_offset :], more])
    assert again.signals[: len(undisturbed.signals)] == undisturbed.signals
    assert restored.counters.late == 1


def test_an_empty_partition_is_idle_from_the_start() -> None:
    source = intake(IntakeRules())
    assert source.plan_idle(90_000) is None
    (progress,) = source.idle(90_000).signals
    assert isinstance(progress, Progress)
    assert (progress.idle, progress.closed_through) == (True, 0)


def test_many_clusters_travel_in_parts_that_stay_small() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = [a + b + a for a in letters for b in letters]
    values = [event(" ".join(words[n * 4 : n * 4 + 4]) + "字" * 1500, n) for n in range(150)]
    out = feed(values)
    parts = partials(out.signals)
    assert [len(part.clusters) for part in parts] == [64, 64, 22]
    assert len({part.sequence for part in parts}) == 3
    assert sum(part.accepted for part in parts) == 150
    assert sum(count for part in parts for _, count in part.totals) == 150
    assert max(len(encode_signal(part)) for part in parts) < 500_000


def test_log_lines_travel_as_templates_and_feedback_does_not() -> None:
    values = [event(f"read of {n} failed", n) for n in range(30)]
    source = EventIntake("logs.errors", 0, RULES, "log")
    (partial,) = partials(source.feed(log_of(values)).signals)
    (cluster,) = partial.clusters
    assert (cluster.template, cluster.count) == ("read of <*> failed", 30)
    assert b'"template"' not in encode_signal(partials(feed(values).signals)[0])


@pytest.mark.parametrize("bounded", [True, False])
def test_who_plays_a_bounded_input_may_say_what_time_it_is(bounded: bool) -> None:
    source = intake(IntakeRules(bounded=bounded))
    source.feed(log_of([event("支付失败", 0)], end=False))
    out = source.feed([Record(1, LATER, None, None, [(CONTROL, TIME)])])
    if bounded:
        *_, progress = out.signals
        assert isinstance(progress, Progress)
        assert (progress.closed_through, progress.counters.accepted) == (LATER // MINUTE_MS - 2, 1)
        assert out.refused == []
    else:
        assert len(out.refused) == 1
