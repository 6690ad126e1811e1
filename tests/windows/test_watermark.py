from hypothesis import given
from hypothesis import strategies as st

from schemas.times import MINUTE_MS
from windows.watermark import Watermark

DAY = 20_000 * 1440 * MINUTE_MS


def test_a_minute_closes_when_the_lateness_has_passed_too() -> None:
    watermark = Watermark(10_000)
    assert watermark.advance(DAY)
    assert watermark.closed_through == DAY // MINUTE_MS - 2
    assert watermark.advance(DAY + 10_000)
    assert watermark.closed_through == DAY // MINUTE_MS - 1
    assert not watermark.advance(DAY + 69_999)
    assert watermark.advance(DAY + 70_000)
    assert watermark.closed_through == DAY // MINUTE_MS


@given(st.lists(st.integers(0, 30 * MINUTE_MS), min_size=1), st.integers(0, 5 * MINUTE_MS))
def test_it_never_falls_and_never_passes_what_was_seen(times: list[int], lateness: int) -> None:
    watermark = Watermark(lateness)
    before = 0
    for ms in times:
        watermark.advance(DAY + ms)
        assert watermark.closed_through >= before
        before = watermark.closed_through
    last = (DAY + max(times) - lateness) // MINUTE_MS - 1
    assert watermark.closed_through == last


@given(st.lists(st.integers(0, 30 * MINUTE_MS), min_size=2), st.data())
def test_a_restored_one_goes_on_the_same(times: list[int], data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(times) - 1))
    whole, first = Watermark(10_000), Watermark(10_000)
    for ms in times:
        whole.advance(DAY + ms)
    for ms in times[:cut]:
        first.advance(DAY + ms)
    second = Watermark(10_000, first.seen_ms, first.closed_through)
    for ms in times[cut:]:
        second.advance(DAY + ms)
    assert second.closed_through == whole.closed_through
    assert second.seen_ms == whole.seen_ms


def test_closing_by_hand_is_kept() -> None:
    watermark = Watermark(0)
    watermark.advance(DAY)
    assert watermark.close(DAY // MINUTE_MS + 5)
    assert not watermark.advance(DAY + 3 * MINUTE_MS)
    assert not watermark.close(DAY // MINUTE_MS)
