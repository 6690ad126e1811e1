from agents.incidents.ended import Ended
from agents.incidents.standing import Standing, new_standing
from tests.agents.incidents.made import NOON, outbreak
from tests.support.incidents import incident


def over(theme: str, after: int) -> Standing:
    standing = new_standing(outbreak(cluster_id=theme), None, ())
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
