import json
from pathlib import Path

import pytest
from confluent_kafka import Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from schemas.reviews import Review
from sinks.cluster import Cluster
from streams.admin import NoBroker
from streams.broker.machine import free_port
from streams.reviews.errors import BadSource
from streams.reviews.sources.source import Source
from tests.streams.reviews.sources.made import DAY, NOON, given, opened, reasons, reviews

pytestmark = pytest.mark.broker

HOUR = 3_600_000


class Log:
    """One input topic with two partitions."""

    def __init__(self, bootstrap: str, prefix: str) -> None:
        self.bootstrap, self.prefix = bootstrap, prefix
        self.admin = AdminClient({"bootstrap.servers": bootstrap})
        topics = [NewTopic(prefix + name, 2, 1) for name in ("feedback.app", "feedback.web")]
        for future in self.admin.create_topics(topics).values():
            future.result()
        self._producer = Producer({"bootstrap.servers": bootstrap})

    def write(
        self, came_ms: int, value: object, place: int = 0, topic: str = "feedback.app"
    ) -> None:
        body = value if isinstance(value, bytes | None) else json.dumps(value).encode()
        self._producer.produce(self.prefix + topic, body, partition=place, timestamp=came_ms)
        assert self._producer.flush(30) == 0

    def source(self, folder: Path, more: str = "", columns: str = "") -> Source:
        tables = f'kind = "topic"\ntopics = ["feedback.app", "feedback.web"]\n{more}'
        return opened(folder, tables, columns, kafka=self.bootstrap, prefix=self.prefix)


@pytest.fixture
def log(bootstrap: str, prefix: str) -> Log:
    return Log(bootstrap, prefix)


def test_the_reviews_of_a_day(tmp_path: Path, log: Log) -> None:
    log.write(NOON - 24 * HOUR, {"text": "before"})
    full = {
        "text": "好",
        "id": "r-1",
        "time": NOON - 5,
        "product": "mug",
        "author": "u",
        "rating": 8,
    }
    log.write(NOON, full, 1)
    log.write(NOON + 1, {"text": "b", "channel": "shop", "lang": "zh"}, topic="feedback.web")
    log.write(NOON + 2, {"text": "c"})
    log.write(NOON + 24 * HOUR, {"text": "after"})
    found = given(log.source(tmp_path, 'product = "wallet"', "rating_scale = 10"))
    assert found == [
        Review(
            source="feedback.app-1@0", time_ms=NOON - 5, text="好", product="mug", author="u",
            channel="app", rating=4.0,
        ),
        Review(
            source="feedback.web-0@0", time_ms=NOON + 1, text="b", product="wallet",
            channel="shop", lang="zh",
        ),
        Review(
            source="feedback.app-0@1", time_ms=NOON + 2, text="c", product="wallet", channel="app"
        ),
    ]  # fmt: skip


def test_a_late_review_is_of_its_day_or_else_of_the_day_it_came(tmp_path: Path, log: Log) -> None:
    at = DAY.end_ms
    for text, time_ms, came_ms in [
        ("on time", NOON, NOON),
        ("late", NOON, at + HOUR - 1),
        ("too late", NOON, at + HOUR),
        ("of the next day", at, at),
        ("too late from before", NOON - 24 * HOUR, NOON),
        ("late from before", DAY.start_ms - 1, DAY.start_ms + HOUR - 1),
        ("ahead", DAY.start_ms, DAY.start_ms - 200_000),
        ("out of order", NOON, NOON + 5),
    ]:
        log.write(came_ms, {"text": text, "time": time_ms})
    source = log.source(tmp_path)
    assert source.settled_ms(DAY) == at + HOUR
    days = {}
    for shift in (-1, 0, 1):
        day = type(DAY)(DAY.date.fromordinal(DAY.date.toordinal() + shift), DAY.zone)
        days[shift] = sorted(one.text for one in reviews(given(source, day)))
    assert days == {
        -1: ["late from before"],
        0: ["ahead", "late", "on time", "out of order", "too late from before"],
        1: ["of the next day", "too late"],
    }
    patient = log.source(tmp_path, "late_hours = 1000")
    texts = [one.text for one in reviews(given(patient))]
    assert sorted(texts) == ["ahead", "late", "on time", "out of order", "too late"]


def test_what_is_no_event_is_accounted_for_on_the_day_it_came(tmp_path: Path, log: Log) -> None:
    log.write(NOON, b"not json, call 13812345678")
    log.write(NOON + 1, b"\xff")
    log.write(NOON + 2, None)
    log.write(NOON + 3, {"text": 5})
    log.write(NOON + 4, {"text": "a", "time": 5})
    log.write(NOON + 5, {"text": "a", "time": NOON + HOUR})
    log.write(NOON + 6, {"text": "", "id": "same"})
    log.write(NOON + 7, {"text": "again", "id": "same"})
    log.write(NOON + 8, {"text": "x" * 100_000 + "\0", "id": "same"}, topic="feedback.web")
    log.write(NOON + 25 * HOUR, b"of tomorrow")
    found = given(log.source(tmp_path))
    assert [one.source for one in reviews(found)] == ["feedback.app-0@6", "feedback.web-0@0"]
    assert [(name.split("@")[1], reason) for name, reason in reasons(found)] == [
        ("0", "not_json"), ("1", "invalid_utf8"), ("2", "empty_text"), ("3", "wrong_type"),
        ("4", "time_out_of_range"), ("5", "future"), ("7", "duplicate_id"),
    ]  # fmt: skip
    assert "138" not in repr(found)


def test_gaps_at_the_end_do_not_hold_it_up(tmp_path: Path, log: Log) -> None:
    log.write(NOON, {"text": "a"})
    producer = Producer({"bootstrap.servers": log.bootstrap, "transactional.id": log.prefix})
    producer.init_transactions(30)
    for text, commit in (("b", True), ("aborted", False)):
        producer.begin_transaction()
        value = json.dumps({"text": text}).encode()
        producer.produce(log.prefix + "feedback.app", value, partition=0, timestamp=NOON + 1)
        if commit:
            producer.commit_transaction(30)
        else:
            producer.flush(30)
            producer.abort_transaction(30)
    assert [one.text for one in reviews(given(log.source(tmp_path)))] == ["a", "b"]


def test_it_reads_to_the_end_as_it_was_and_joins_no_group(tmp_path: Path, log: Log) -> None:
    for n in range(3_000):
        log._producer.produce(
            log.prefix + "feedback.app", b'{"text": "a"}', partition=0, timestamp=NOON + n
        )
    log._producer.flush(30)
    source = log.source(tmp_path)
    records = source._records(DAY)
    next(records)
    log.write(NOON, {"text": "too late to be seen"})
    assert len(list(records)) == 2_999
    groups = log.admin.list_consumer_groups().result().valid
    assert "groundswell-reviews" not in {group.group_id for group in groups}


def test_what_retention_has_deleted_is_not_waited_for(tmp_path: Path, log: Log) -> None:
    for n in range(4):
        log.write(NOON + n, {"text": f"{n}"})
    place = TopicPartition(log.prefix + "feedback.app", 0, 2)
    for future in log.admin.delete_records([place]).values():
        future.result()
    assert [one.text for one in reviews(given(log.source(tmp_path)))] == ["2", "3"]


def test_an_empty_topic_is_a_quiet_day_and_a_missing_one_is_not(tmp_path: Path, log: Log) -> None:
    assert given(log.source(tmp_path)) == []
    tables = 'kind = "topic"\ntopics = ["feedback.none"]\n'
    source = opened(tmp_path, tables, kafka=log.bootstrap, prefix=log.prefix)
    with pytest.raises(BadSource, match=f"there is no topic {log.prefix}feedback.none on"):
        list(source.reviews(DAY))


@pytest.mark.slow
def test_a_broker_that_is_away_is_told(tmp_path: Path) -> None:
    nobody = Cluster(f"127.0.0.1:{free_port()}")
    tables = 'kind = "topic"\ntopics = ["feedback.app"]\n'
    with pytest.raises(NoBroker):
        list(opened(tmp_path, tables, kafka=str(nobody)).reviews(DAY))
