from streams.changes.pace import Pace


def test_so_many_at_once_then_as_they_grow_again() -> None:
    now = 100.0
    pace = Pace(60, lambda: now)
    assert [pace.wait() for _ in range(60)] == [0.0] * 60
    assert pace.wait() == 1.0
    now += 0.5
    assert pace.wait() == 0.5
    now += 0.5
    assert pace.wait() == 0.0
    assert pace.wait() == 1.0


def test_a_rest_saves_no_more_than_a_minute() -> None:
    now = 0.0
    pace = Pace(2, lambda: now)
    now = 3600.0
    assert [pace.wait() for _ in range(3)] == [0.0, 0.0, 30.0]
