import json

from hypothesis import given, settings
from hypothesis import strategies as st

from windows.known import KnownTexts

LIMIT = 8


@settings(max_examples=60)
@given(st.lists(st.integers(0, 30), max_size=200), st.integers(0, 200))
def test_the_latest_are_known_and_not_too_many(asked: list[int], cut: int) -> None:
    known = KnownTexts(LIMIT)
    latest: list[int] = []
    for n, fingerprint in enumerate(asked):
        if n == cut:
            again = KnownTexts(LIMIT)
            again.restore(json.loads(json.dumps(known.state())))
            assert again.state() == known.state()
            known = again
        found = known.get(fingerprint)
        if fingerprint in latest:
            assert found == -fingerprint
        if found is None:
            known.put(fingerprint, -fingerprint)
        assert len(known) <= LIMIT
        latest = [*(each for each in latest if each != fingerprint), fingerprint][-LIMIT // 2 :]


def test_a_text_may_move() -> None:
    known = KnownTexts(4)
    known.put(5, 1)
    known.put(5, 2)
    assert known.get(5) == 2
    known.put(6, 3)
    assert (known.get(5), known.get(6)) == (2, 3)
