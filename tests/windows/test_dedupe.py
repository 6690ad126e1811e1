from random import Random

from hypothesis import given
from hypothesis import strategies as st

from windows.dedupe import SLOT, Dedupe

SOME = [Random(n).getrandbits(64) for n in range(30 * SLOT)]


def test_a_second_reading_is_no_duplicate_but_a_second_delivery_is() -> None:
    dedupe = Dedupe(2)
    assert dedupe.first(7, 100)
    assert dedupe.first(7, 100)
    assert not dedupe.first(7, 101)
    assert dedupe.first(8, 101)


def test_the_oldest_slot_is_forgotten() -> None:
    dedupe = Dedupe(2)
    for n in range(2 * SLOT):
        assert dedupe.first(n, n)
    assert not dedupe.first(0, 5000)
    assert dedupe.first(2 * SLOT, 2 * SLOT)
    assert len(dedupe) == SLOT + 1
    assert dedupe.first(0, 5001)
    assert not dedupe.first(SLOT, 5002)


def test_only_what_changed_is_written() -> None:
    dedupe = Dedupe(4)
    for n in range(SLOT + 5):
        dedupe.first(n, n)
    assert [slot for slot, _ in dedupe.unwritten()] == [0, 1]
    assert list(dedupe.unwritten()) == []
    dedupe.first(9999, 9999)
    assert [slot for slot, _ in dedupe.unwritten()] == [1]


@given(st.lists(st.integers(0, 3 * SLOT), max_size=4 * SLOT), st.data())
def test_restored_from_what_was_written_it_decides_the_same(
    ids: list[int], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(ids)))
    whole, first, second = Dedupe(2), Dedupe(2), Dedupe(2)
    ring: dict[int, bytes] = {}
    for offset, n in enumerate(ids[:cut]):
        assert whole.first(n, offset) == first.first(n, offset)
        if offset % 700 == 0:
            ring.update(first.unwritten())
    ring.update(first.unwritten())
    second.restore(ring.values(), before=cut)
    for offset, n in enumerate(ids[cut:], cut):
        assert whole.first(n, offset) == second.first(n, offset)


def test_ids_written_after_the_head_are_left_out() -> None:
    dedupe, restored = Dedupe(2), Dedupe(2)
    for n in range(100):
        dedupe.first(n, n)
    restored.restore([packed for _, packed in dedupe.unwritten()], before=60)
    assert len(restored) == 60
    assert restored.first(60, 60)
    assert not restored.first(59, 61)


def test_it_decides_like_a_dictionary_of_the_most_recent_ids() -> None:
    random, dedupe, known = Random(5), Dedupe(12), dict[int, int]()
    for offset in range(40 * SLOT):
        id_hash = random.getrandbits(64) if random.random() < 0.6 else random.choice(SOME)
        held = known.get(id_hash)
        assert dedupe.first(id_hash, offset) == (held is None)
        if held is None:
            if len(known) == 12 * SLOT:
                for forgotten in list(known)[:SLOT]:
                    del known[forgotten]
            known[id_hash] = offset
            again = random.choice(SOME)
            if again in known:
                assert dedupe.first(again, known[again])
    assert len(dedupe) == len(known)
