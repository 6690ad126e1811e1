import numpy as np
import pytest

from windows.slots import Join, SlotTable


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


def test_merged_slots_join_each_column_in_its_way() -> None:
    table = SlotTable()
    for join in Join:
        table.declare(join.name, join=join)
    table.declare("ring", rows=2, join=Join.SUM)
    table.add(3)
    for join in Join:
        table[join.name][:] = [1, 5, 2]
    table["ring"][:] = [[1, 5, 2], [3, 4, 0]]
    table.merge(2, 1, 0.25)
    joined = {join.name: float(table[join.name][2]) for join in Join}
    assert joined == {"BUSIER": 5, "MEAN": 0.25 * 2 + 0.75 * 5, "SUM": 7, "MOST": 5}
    assert table["ring"][:, 2].tolist() == [7, 4]
    assert table["live"].tolist() == [True, False, True]
