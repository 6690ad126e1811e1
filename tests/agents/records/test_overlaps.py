"""What overlaps a place is found, in order of where it begins."""

from hypothesis import given
from hypothesis import strategies as st

from agents.records.overlaps import Overlaps
from schemas.records import Span

SPANS = st.builds(lambda at, size: Span(at, at + size), st.integers(0, 40), st.integers(1, 12))


@given(st.lists(SPANS, max_size=12), SPANS)
def test_as_one_by_one(spans: list[Span], place: Span) -> None:
    wanted = [one for one in spans if one.start < place.end and place.start < one.end]
    found = Overlaps((one, one) for one in spans).of(place)
    assert [span for span, _ in found] == sorted(wanted, key=lambda one: one.start)
