import numpy as np
import pytest

from windows.slots import SlotTable


def table_of(n: int) -> SlotTable:
    table = SlotTable()
    table.declare("value", fill=7)
    table.declare("ring", rows=3, dtype=np.float16)
    table.add(n)
    return table


def test_free_slots_are_used_again_lowest_first() -> None:
    table = table_of(5)
    table.remove([4, 1])
    assert table.add(3).tolist() == [1, 4, 5]
    assert table["live"].all()


def test_a_reused_slot_starts_at_the_fill_value() -> None:
    table = table_of(2)
    table["value"][:] = 1
    table["ring"][:] = 1
    table.remove([1])
    table.add(1)
    assert table["value"].tolist() == [1, 7]
    assert table["ring"].tolist() == [[1, 0]] * 3


def test_growth_keeps_what_was_there() -> None:
    table = table_of(3)
    table["ring"][:] = np.arange(9).reshape(3, 3)
    for _ in range(20):
        table.add(1)
    assert table.size == 23
    assert table["ring"][:, :3].tolist() == np.arange(9).reshape(3, 3).tolist()
    assert table["ring"].shape == (3, 23)


@pytest.mark.parametrize("slot", [-1, 1, 2])
def test_removing_a_slot_that_is_not_in_use_is_an_error(slot: int) -> None:
    table = table_of(2)
    table.remove([1])
    with pytest.raises(IndexError):
        table.remove([slot])


def test_restored_table_is_equal_and_grows_on() -> None:
    table = table_of(4)
    table["value"][:] = np.arange(4)
    copy = table_of(0)
    copy.restore(table.state())
    table["value"][:] = 0
    assert copy["value"].tolist() == [0, 1, 2, 3]
    assert copy.add(2).tolist() == [4, 5]
    assert copy["value"].tolist() == [0, 1, 2, 3, 7, 7]
