import pytest

from agents.detect.holds import Holds
from agents.detect.moments import HOUR
from agents.detect.snapshot import pack, unpack
from agents.detect.themes import Key

A, B = Key("text", 1), Key("text", 2)


def held(*keys: Key, minute: int = 100) -> Holds:
    holds = Holds(6)
    holds.add(keys, minute)
    return holds


@pytest.mark.parametrize(
    ("minute", "minutes", "hidden"),
    [(101, 1, True), (106, 1, True), (107, 1, False), (107, 7, False), (107, 8, True),
     (130, 30, False), (130, 60, True)],
)  # fmt: skip
def test_first_nothing_counts_then_what_has_come_since(
    minute: int, minutes: int, hidden: bool
) -> None:
    holds = held(A)
    assert holds.hide(A, minutes, minute) is hidden
    assert not holds.hide(B, minutes, minute)


def test_no_window_reaches_back_for_ever() -> None:
    holds = held(A, B)
    holds.pass_on(100 + HOUR, lambda _: False)
    assert A in holds
    holds.pass_on(101 + HOUR, lambda _: False)
    assert len(holds) == 0


def test_what_was_quiet_may_rise_again_but_not_by_what_was_before() -> None:
    holds = held(A, B)
    holds.pass_on(103, A.__eq__)
    assert not holds.hide(A, 4, 104)
    assert holds.hide(A, 5, 104)
    assert holds.hide(B, 4, 104)
    holds.pass_on(104, lambda _: False)
    assert not holds.hide(A, 4, 105)


def test_a_theme_that_has_become_part_of_another_one_is_held_as_that() -> None:
    holds = held(A)
    holds.add([B], 97)
    holds.rename(A, B)
    holds.rename(A, B)
    assert A not in holds
    assert holds.hide(B, 1, 106)


def test_it_survives_a_restart() -> None:
    holds, restored = held(A, B), Holds(6)
    restored.restore(unpack(pack({"holds": holds.state()}))["holds"])
    assert restored.state() == holds.state()
    assert A in restored
