"""What may be committed when turns end in any order."""

from hypothesis import given
from hypothesis import strategies as st

from streams.assistant.unfinished import Unfinished


@given(st.permutations(range(12)))
def test_nothing_that_is_unfinished_is_below_what_may_be_committed(order: list[int]) -> None:
    unfinished = Unfinished()
    offsets = [100 + 3 * n for n in range(12)]
    for offset in offsets:
        unfinished.begin(offset)
    left = set(offsets)
    for n in order:
        durable = unfinished.end(offsets[n])
        left.discard(offsets[n])
        assert durable == min(left, default=offsets[-1] + 1)
        assert unfinished.first == min(left, default=None)
