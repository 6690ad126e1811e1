import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sinks.dead_letters import RefusedLimit
from sinks.errors import TooManyRefused


def test_a_stretch_above_the_share_stops_and_says_what_to_do() -> None:
    limit = RefusedLimit(share=0.5, stretch=10)
    limit.count("feedback.app", 0, 9, 9, "feedback.app-0@8 not_json")
    with pytest.raises(TooManyRefused) as raised:
        limit.count("feedback.app", 0, 1, 0, "")
    message = str(raised.value)
    assert message.startswith("9 of the last 10 records of feedback.app-0 were refused (limit 50%")
    assert "raise refused_share" in message
    assert "\n" not in message


def test_it_names_the_last_refusal() -> None:
    with pytest.raises(TooManyRefused, match=r"the last one: feedback\.app-0@9 empty_text"):
        RefusedLimit(0.5, 10).count("feedback.app", 0, 10, 10, "feedback.app-0@9 empty_text")


def test_the_share_itself_is_allowed_and_the_next_stretch_starts_anew() -> None:
    limit = RefusedLimit(share=0.5, stretch=10)
    limit.count("feedback.app", 0, 10, 5, "")
    limit.count("feedback.app", 0, 9, 9, "")
    limit.count("feedback.app", 0, 9, 0, "")
    with pytest.raises(TooManyRefused):
        limit.count("feedback.app", 0, 10, 6, "")


def test_partitions_are_judged_apart() -> None:
    limit = RefusedLimit(share=0.5, stretch=10)
    for topic, partition in (("feedback.app", 0), ("feedback.app", 1), ("feedback.web", 0)):
        limit.count(topic, partition, 9, 9, "")


def test_a_share_of_all_never_stops() -> None:
    RefusedLimit(share=1.0, stretch=1).count("feedback.app", 0, 1000, 1000, "")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 30).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))),
    st.integers(1, 50),
)
def test_few_records_stop_nothing_and_a_clean_stretch_never_does(
    batches: list[tuple[int, int]], stretch: int
) -> None:
    limit = RefusedLimit(share=0.5, stretch=stretch)
    records = refused = 0
    for total, bad in batches:
        records, refused = records + total, refused + bad
        judged = records >= stretch
        if judged and refused > 0.5 * records:
            with pytest.raises(TooManyRefused):
                limit.count("feedback.app", 0, total, bad, "")
        else:
            limit.count("feedback.app", 0, total, bad, "")
        if judged:
            records = refused = 0
