from collections.abc import Iterator

import pytest
from confluent_kafka import Producer
from msgspec.structs import replace

from schemas.commands import Acknowledge, Feedback, Note, Resolve, Silence
from schemas.incidents import Incident, encode_incident
from sinks.cluster import Cluster
from streams.admin import TopicAdmin, TopicsDiffer
from streams.desk import BadCommand, Desk, NoAnswer, Saying, shows
from tests.support.answering import answer, answering
from tests.support.incidents import incident

OPEN = incident()
ID = OPEN.incident_id
SAYINGS: tuple[Saying, ...] = (
    Acknowledge(incident_id=ID, by="ana"),
    Resolve(incident_id=ID, by="ana", text="rolled back"),
    Silence(incident_id=ID, by="ana", minutes=60),
    Note(incident_id=ID, by="ana", text="looking"),
    Feedback(incident_id=ID, by="ana", useful=False),
)


@pytest.mark.parametrize("said", SAYINGS, ids=lambda s: type(s).__name__)
def test_only_the_revision_that_follows_from_a_command_shows_it(said: Saying) -> None:
    assert shows(said, OPEN, answer(OPEN, said))
    others = [other for other in SAYINGS if other is not said]
    assert not any(shows(said, OPEN, answer(OPEN, other)) for other in others)


def test_the_end_of_a_silence_and_a_renewed_acknowledgement_are_shown() -> None:
    silenced = answer(OPEN, SAYINGS[2])
    end = Silence(incident_id=ID, by="ana", minutes=0)
    assert shows(end, silenced, answer(silenced, end))
    assert not shows(end, silenced, replace(silenced, revision=3))
    acknowledged = answer(OPEN, SAYINGS[0])
    assert not shows(SAYINGS[0], acknowledged, replace(acknowledged, revision=3))
    assert shows(
        SAYINGS[0], acknowledged, answer(acknowledged, Acknowledge(incident_id=ID, by="bo"))
    )


def publish(bootstrap: str, prefix: str, *incidents: Incident) -> None:
    producer = Producer(Cluster(bootstrap).for_librdkafka())
    for one in incidents:
        producer.produce(prefix + "incidents", encode_incident(one), one.incident_key.encode())
    producer.flush()


@pytest.fixture
def topics(bootstrap: str, prefix: str) -> Iterator[str]:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(2)
    publish(bootstrap, prefix, OPEN)
    yield prefix
    admin.delete()


@pytest.mark.broker
def test_a_command_is_answered(bootstrap: str, topics: str) -> None:
    with Desk(Cluster(bootstrap), topics) as desk, answering(bootstrap, topics) as heard:
        desk.read()
        desk.tell(SAYINGS[3])
        after = desk.wait(SAYINGS[3], OPEN)
    assert heard == [SAYINGS[3]]
    assert (after.revision, after.change_reason) == (2, "note by ana")
    assert desk.book.get(ID) == after


@pytest.mark.broker
def test_without_a_worker_there_is_no_answer(bootstrap: str, topics: str) -> None:
    with Desk(Cluster(bootstrap), topics) as desk:
        desk.read()
        publish(bootstrap, topics, replace(OPEN, revision=2), incident(incident_id="other"))
        with pytest.raises(NoAnswer, match=r"within 1 s: is `groundswell worker` running\?"):
            desk.wait(SAYINGS[0], OPEN, patience=1.0)
        assert desk.book.get(ID) == replace(OPEN, revision=2)


@pytest.mark.broker
def test_what_cannot_be_said_is_not_written(bootstrap: str, topics: str) -> None:
    with Desk(Cluster(bootstrap), topics) as desk:
        for text in ("x" * 1001, "", "\udcff"):
            with pytest.raises(BadCommand):
                desk.tell(Note(incident_id=ID, by="ana", text=text))
        with pytest.raises(BadCommand):
            desk.tell(Acknowledge(incident_id=ID, by="x" * 65))
    with answering(bootstrap, topics) as heard, Desk(Cluster(bootstrap), topics) as desk:
        desk.read().tell(SAYINGS[3])
        desk.wait(SAYINGS[3], OPEN)
    assert heard == [SAYINGS[3]]


@pytest.mark.broker
def test_without_the_topic_it_says_what_to_run(bootstrap: str, prefix: str) -> None:
    with pytest.raises(TopicsDiffer, match=f"topic {prefix}incidents does not exist; run: "):
        Desk(Cluster(bootstrap), prefix)
