from hypothesis import given
from hypothesis import strategies as st

from schemas.signals import END
from windows.alignment import Alignment

A, B, C = ("feedback.app", 0), ("feedback.app", 1), ("logs.errors", 0)


def test_the_slowest_live_source_decides() -> None:
    alignment = Alignment([A, B])
    alignment.progress(A, 10, idle=False)
    assert alignment.safe_through() == 0
    alignment.progress(B, 7, idle=False)
    assert alignment.safe_through() == 7


def test_an_idle_source_is_not_waited_for_until_it_speaks_again() -> None:
    alignment = Alignment([A, B])
    alignment.progress(A, 10, idle=False)
    alignment.progress(B, 0, idle=True)
    assert alignment.safe_through() == 10
    alignment.progress(B, 4, idle=False)
    assert alignment.safe_through() == 4


def test_while_all_are_idle_the_furthest_decides() -> None:
    alignment = Alignment([A, B])
    alignment.progress(A, 10, idle=True)
    alignment.progress(B, 12, idle=True)
    assert alignment.safe_through() == 12


def test_the_end_comes_when_all_have_ended() -> None:
    alignment = Alignment([A, B])
    alignment.progress(A, END, idle=False)
    assert alignment.safe_through() == 0
    alignment.progress(B, END, idle=False)
    assert alignment.safe_through() == END


Step = tuple[tuple[str, int], int, bool]
_steps = st.lists(st.tuples(st.sampled_from([A, B, C]), st.integers(1, 50), st.booleans()))


@given(_steps, st.data())
def test_state_brings_it_back(
    steps: list[tuple[tuple[str, int], int, bool]], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(steps)))
    whole, restored = Alignment([A, B]), Alignment([A, B])
    for step in steps[:cut]:
        whole.progress(*step)
    restored.restore(whole.state())
    for step in steps[cut:]:
        whole.progress(*step)
        restored.progress(*step)
    assert restored.safe_through() == whole.safe_through()
    assert restored.state() == whole.state()


@given(st.permutations([(A, 5), (B, 9), (C, 7)]))
def test_the_order_of_progress_does_not_matter(steps: list[tuple[tuple[str, int], int]]) -> None:
    alignment = Alignment([A, B, C])
    for source, minute in steps:
        alignment.progress(source, minute, idle=False)
    assert alignment.safe_through() == 5
