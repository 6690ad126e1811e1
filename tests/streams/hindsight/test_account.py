import json

import msgspec
import pytest

from streams.hindsight.account import (
    full_height,
    interesting,
    minutes_a_character,
    sparkline,
)
from tests.streams.hindsight.made import NOON, account, course, scored, trace


def minutes(traces: list[object]) -> list[int]:
    return [each.minute - NOON for each in traces]  # type: ignore[attr-defined]


def test_minutes_of_interest_are_changes_and_peaks() -> None:
    told = [
        trace(0),
        trace(1),
        trace(2, count=9),
        scored(3, 6.0),
        scored(4, 8.0),
        scored(5, 15.0, "opened", incident_id="i"),
        scored(6, 20.0, "part", incident_id="i"),
        scored(7, 19.0, "part", incident_id="i"),
        scored(8, 18.0, "updated", incident_id="i"),
        trace(9, decision="part", incident_id="i"),
        trace(10, decision="resolved", incident_id="i"),
        trace(11),
    ]
    # Its first minute, the loudest, the first that was up, the opening, the highest, the update.
    assert minutes(list(interesting(told))) == [0, 2, 3, 5, 6, 8, 10]


def test_no_more_rows_than_fit_and_what_matters_stays() -> None:
    told = [scored(n, 6.0 + n / 100) if n % 2 else trace(n) for n in range(200)]
    told[70] = scored(70, 14.0, "small")
    rows = interesting(told)
    assert len(rows) == 24
    assert told[70] in rows
    assert minutes(list(rows)) == sorted(minutes(list(rows)))


def test_the_hour_around_the_most_telling_minute() -> None:
    told = [trace(n) for n in range(300)]
    told[100] = scored(100, 99.0)
    told[200] = scored(200, 14.0, "opened", incident_id="i")
    assert minutes(list(course(*told).around().traces)) == list(range(140, 261))


def test_a_line_of_signs() -> None:
    assert sparkline([0, 1, 2, 3, 4, 5, 6, 7], 1, 7.0) == "▁▂▃▄▅▆▇█"
    assert sparkline([0, 7, 0, 0, 3], 2, 7.0) == "█▁▄"
    assert sparkline([180.0, 1.0], 1, 7.0) == "█▂"
    assert minutes_a_character([trace(n) for n in range(60)]) == 1
    assert minutes_a_character([trace(n) for n in range(61)]) == 2


@pytest.mark.parametrize(
    ("counts", "guesses", "height"),
    [
        ([3, 9], [1.0, 1.0], 9.0),
        ([0], [0.1], 1.0),
        ([1] * 20, [500.0] + [2.0] * 19, 2.0),
        ([1] * 20, [30.0] * 20, 30.0),
    ],
)
def test_wild_guesses_do_not_flatten_the_rest(
    counts: list[int], guesses: list[float], height: float
) -> None:
    assert full_height(counts, guesses) == height


def test_machines_get_every_minute() -> None:
    slice_ = ("app_version", "7.2")
    told = course(trace(0), scored(1, 14.0, "opened", attribute=slice_, incident_id="i"))
    plain = json.loads(msgspec.json.encode(account(told).plain()))
    assert (plain["from"], plain["to"]) == ("2026-01-05T08:00:00.000Z", "2026-01-05T08:02:00.000Z")
    assert plain["sensitivity"] == "medium"
    (theme,) = plain["themes"]
    assert (theme["reports"], theme["expected"]) == (2, 2.4)
    quiet, opened = theme["minutes"]
    assert (quiet["decision"], quiet["scales"], quiet["attribute"]) == ("quiet", [], {})
    assert opened["attribute"] == {"app_version": "7.2"}
    assert opened["scales"] == [{"window_minutes": 5, "count": 9, "expected": 2.0, "score": 14.0}]
    assert opened["threshold"] == {"score": 13.0, "false_per_week": 3.0}
    assert opened["usual"] == [0, 4]
