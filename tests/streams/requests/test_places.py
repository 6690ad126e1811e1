"""No two processes take the same reply partition."""

from pathlib import Path

import pytest

from streams.requests.errors import NoPlace
from streams.requests.places import shared_place, take_place

TOPIC = "127.0.0.1:9092/assistant.replies"


def test_each_takes_the_next_free_one_and_gives_it_back(tmp_path: Path) -> None:
    with (
        take_place("auto", 16, TOPIC, "laptop", tmp_path) as first,
        take_place("auto", 16, TOPIC, "laptop", tmp_path) as second,
    ):
        assert (first.partition, second.partition) == (0, 1)
        with take_place("auto", 16, "elsewhere/" + TOPIC, "laptop", tmp_path) as elsewhere:
            assert elsewhere.partition == 0
        first.release()
        with take_place("auto", 16, TOPIC, "laptop", tmp_path) as third:
            assert third.partition == 0


def test_a_pod_has_the_number_of_its_name(tmp_path: Path) -> None:
    with take_place("auto", 16, TOPIC, "gateway-7", tmp_path) as place:
        assert place.partition == 7


def test_what_is_set_wins_and_is_not_taken_twice(tmp_path: Path) -> None:
    with take_place("3", 16, TOPIC, "gateway-7", tmp_path) as held:
        assert held.partition == 3
        with pytest.raises(NoPlace, match=r"partition 3 .* is taken"):
            take_place("3", 16, TOPIC, "gateway-7", tmp_path)


@pytest.mark.parametrize("setting", ["15", "99"])
def test_the_last_one_is_for_people(setting: str, tmp_path: Path) -> None:
    with pytest.raises(NoPlace, match="gateways have 0 to 14"):
        take_place(setting, 16, TOPIC, "laptop", tmp_path)
    assert shared_place(16) == 15


def test_all_are_taken(tmp_path: Path) -> None:
    with (
        take_place("auto", 3, TOPIC, "laptop", tmp_path),
        take_place("auto", 3, TOPIC, "laptop", tmp_path),
        pytest.raises(NoPlace, match=r"0 to 1 .* is taken"),
    ):
        take_place("auto", 3, TOPIC, "laptop", tmp_path)
