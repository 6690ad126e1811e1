from agents.detect.holds import Holds
from agents.detect.snapshot import pack, unpack
from agents.detect.themes import Key

A, B = Key("text", 1), Key("text", 2)


def test_themes_are_held_down_for_a_time() -> None:
    holds = Holds()
    holds.add((A, B), 12)
    holds.pass_on(12, lambda _: False)
    assert A in holds
    holds.pass_on(13, lambda _: False)
    assert len(holds) == 0


def test_or_until_their_trouble_is_over() -> None:
    holds = Holds()
    holds.add((A, B), 12)
    holds.pass_on(3, A.__eq__)
    assert A not in holds
    assert B in holds


def test_a_theme_that_has_become_part_of_another_one_is_held_as_that() -> None:
    holds = Holds()
    holds.add([A], 12)
    holds.add([B], 9)
    holds.rename(A, B)
    holds.rename(A, B)
    holds.pass_on(12, lambda _: False)
    assert A not in holds
    assert B in holds


def test_it_survives_a_restart() -> None:
    holds, restored = Holds(), Holds()
    holds.add((A, B), 12)
    restored.restore(unpack(pack({"holds": holds.state()}))["holds"])
    assert restored.state() == holds.state()
    assert A in restored
