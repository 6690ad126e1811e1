from agents.detect.samples import Samples
from agents.detect.snapshot import pack, unpack
from schemas.signals import Sample

NOON = 29_000_000


def sample(n: int, text: str = "") -> Sample:
    return Sample(text or f"支付 {n}", n, "app", f"feedback.app-0@{n}")


def filled(minutes: int, onset: int | None = None) -> Samples:
    samples = Samples()
    for n in range(minutes):
        samples.add(NOON + n, [sample(n)], onset)
    return samples


def times(samples: Samples) -> list[int]:
    return [found.time_ms for found in samples.since(0)]


def test_a_minute_keeps_its_first_six_distinct_texts() -> None:
    samples = Samples()
    samples.add(NOON, [sample(0, "same"), sample(1, "same"), *map(sample, range(2, 20))], None)
    assert samples.since(NOON) == [sample(0, "same"), *map(sample, range(2, 7))]
    assert samples.since(NOON + 1) == []


def test_the_last_minutes_heard_are_kept() -> None:
    assert times(filled(10)) == [4, 5, 6, 7, 8, 9]
    samples = filled(6)
    samples.add(NOON + 9, [], None)
    assert times(samples) == [0, 1, 2, 3, 4, 5]


def test_an_open_incident_keeps_its_first_ones() -> None:
    assert times(filled(12, onset=NOON + 3)) == [3, 4, 5, 6, 7, 8]


def test_old_ones_are_forgotten() -> None:
    samples = filled(6)
    samples.forget(NOON + 4)
    assert times(samples) == [4, 5]


def test_the_state_comes_back_through_a_snapshot() -> None:
    samples = filled(8)
    restored = Samples.of_state(unpack(pack({"samples": samples.state()}))["samples"])
    assert restored.since(0) == samples.since(0)
    assert pack({"samples": restored.state()}) == pack({"samples": samples.state()})


def test_two_themes_together_keep_the_last_minutes_or_those_of_the_incident() -> None:
    for onset, expected in ((None, [4, 5, 6, 7, 8, 9]), (NOON + 2, [2, 3, 4, 5, 6, 7])):
        even, odd = Samples(), Samples()
        for n in range(0, 10, 2):
            even.add(NOON + n, [sample(n)], None)
            odd.add(NOON + n + 1, [sample(n + 1)], None)
        even.merge(odd, onset)
        assert times(even) == expected
