from pathlib import Path

import msgspec
import pytest

from schemas.times import MINUTE_MS
from streams.replay.errors import CannotReplay
from streams.replay.plan import Range, encode_plan, read_plan
from streams.replay.versions import code_version, rules_version
from streams.settings import ProductSettings, Settings
from tests.streams.replay.made import HOUR_MS, START_MS, plan, stretch


def test_a_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    assert read_plan(path) is None
    path.write_bytes(encode_plan(plan()))
    assert read_plan(path) == plan()
    path.write_bytes(b"{")
    with pytest.raises(CannotReplay, match=r"plan.json is no plan .*: remove "):
        read_plan(path)


def test_another_question_has_another_name() -> None:
    given = plan().range
    others = [
        plan(range=msgspec.structs.replace(given, stop_ms=given.stop_ms + 1)),
        plan(range=msgspec.structs.replace(given, warm_up=60)),
        plan(range=msgspec.structs.replace(given, topics=("feedback.app",))),
        plan(range=msgspec.structs.replace(given, products=("wallet",))),
        plan(cluster_id="other"),
        plan(prefix="other-"),
        plan(code="0.1.0-124"),
        plan(rules="457"),
    ]
    names = {other.name for other in others}
    assert len(names) == len(others)
    assert plan().name not in names
    # When it was asked and what there was make no other question of it.
    assert plan(planned_ms=1, stretches=(stretch(stop=99),)).name == plan().name
    assert plan().name.startswith("20260105T080000Z_20260105T090000Z_code-0.1.0-123_rules-456_")


@pytest.mark.parametrize(
    ("start", "stop", "minutes"),
    [(0, HOUR_MS, 60), (1, HOUR_MS - 1, 60), (0, HOUR_MS + 1, 61), (MINUTE_MS, HOUR_MS, 59)],
)
def test_minutes_that_were_begun_are_told_of(start: int, stop: int, minutes: int) -> None:
    asked = Range(start_ms=START_MS + start, stop_ms=START_MS + stop, warm_up=90)
    assert asked.end_minute - asked.first_minute == minutes
    assert asked.read_from_ms == START_MS + start - 90 * MINUTE_MS
    # Without a warm-up nothing was read that is not to be told.
    assert msgspec.structs.replace(asked, warm_up=0).first_minute == 0


def test_a_warm_up_does_not_begin_before_time_does() -> None:
    # To Kafka a negative time is a word: the latest record, the earliest one.
    assert Range(start_ms=START_MS, stop_ms=START_MS + 1, warm_up=10**9).read_from_ms == 0


def test_settings_that_matter_make_other_rules() -> None:
    same = [Settings(), Settings(bootstrap="h:1"), Settings(idle_seconds=99.0), Settings(port=1)]
    assert len({rules_version(settings) for settings in same}) == 1
    different = [
        Settings(),
        Settings(lateness_ms=1),
        Settings(sensitivity="high"),
        Settings(min_count=9),
        Settings(author_seed=7),
        Settings(products={"wallet": ProductSettings(mute=("login slow",))}),
    ]
    assert len({rules_version(settings) for settings in different}) == len(different)


def test_the_code_has_a_version() -> None:
    package, _, digest = code_version().rpartition("-")
    assert package
    assert len(digest) == 12
    assert code_version() == code_version()
