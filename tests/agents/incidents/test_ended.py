from agents.incidents.ended import Ended
from agents.incidents.standing import Standing, new_standing
from tests.agents.incidents.made import NOON, outbreak
from tests.support.incidents import incident


def over(theme: str, after: int) -> Standing:
    standing = new_standing(outbreak(after, cluster_id=theme), None, ())
    standing.resolved_minute, standing.last = NOON + after, incident()
    return standing


def test_of_a_theme_the_last_one_counts() -> None:
    ended = Ended()
    first, second = over("a", 1), over("a", 2)
    ended.add(first)
    ended.add(second)
    assert ended.of("a", NOON + 3) is second
    assert ended.find(second.incident_id) is second
    assert ended.find("nobody") is None


def test_the_one_before_can_still_be_told_something() -> None:
    ended = Ended()
    first, second = over("a", 1), over("a", 2)
    ended.add(first)
    ended.add(second)
    assert ended.find(first.incident_id) is first
    assert first.last is not None
    ended.add(over("a", 1442))
    assert ended.find(first.incident_id) is None
    assert ended.find(second.incident_id) is second


def test_themes_made_one_keep_what_was_told_of_both() -> None:
    ended = Ended()
    first, second, third = over("a", 1), over("b", 2), over("a", 2)
    for standing in (first, second, third):
        ended.add(standing)
    ended.merge("a", "b")
    assert ended.of("a", NOON + 3) is third
    assert ended.of("b", NOON + 3) is None
    assert all(ended.find(one.incident_id) is one for one in (first, second, third))


def test_after_a_day_only_the_name_is_left_and_after_a_week_nothing() -> None:
    ended = Ended()
    first = over("a", 0)
    ended.add(first)
    assert ended.remembers(first, NOON + 1440)
    assert not ended.remembers(first, NOON + 1441)
    ended.add(over("b", 1441))
    assert first.last is None
    assert ended.of("a", NOON + 7 * 1440) is first
    assert ended.of("a", NOON + 7 * 1440 + 1) is None
    ended.add(over("c", 7 * 1440 + 1))
    assert ended.find(first.incident_id) is None


def test_of_two_hundred_more_than_the_name_is_kept() -> None:
    ended = Ended()
    standings = [over(f"t{n}", n) for n in range(202)]
    for standing in standings:
        ended.add(standing)
    assert [s.last is None for s in standings] == [True, True, *[False] * 200]
    assert ended.of("t0", NOON + 210) is standings[0]
