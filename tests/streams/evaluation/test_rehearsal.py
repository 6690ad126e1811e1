import pytest
from xxhash import xxh3_64_intdigest

from agents.intake.source import CONTROL, END_OF_INPUT
from schemas.incidents import encode_incident
from schemas.topics import BY_NAME, CHANGES, INPUTS
from streams.evaluation.rehearsal import rehearse
from streams.settings import Settings
from streams.simulation import Scenario, Simulation, simulate
from tests.support.undisturbed import Record, undisturbed
from windows.alignment import Source

TINY = Scenario(seed=13, hours=2.0, products=2, rate=100.0, incidents=4)


def logs(simulation: Simulation) -> dict[Source, list[Record]]:
    """What the input topics hold in the end."""
    logs: dict[Source, list[Record]] = {
        (topic, place): []
        for topic in (*INPUTS, CHANGES)
        for place in range(BY_NAME[topic].partitions)
    }
    for at_ms, topic, message in simulation.messages():
        log = logs[topic, xxh3_64_intdigest(message) % BY_NAME[topic].partitions]
        log.append(Record(len(log), at_ms, message))
    for log in logs.values():
        log.append(Record(len(log), 0, None, headers=[(CONTROL, END_OF_INPUT)]))
    return logs


@pytest.mark.slow
def test_it_says_what_intake_and_detect_say_of_the_same_logs_read_one_by_one() -> None:
    simulation = simulate(TINY)
    nervous = Settings(sensitivity="high", min_count=5, min_authors=3)
    found = rehearse(simulation, nervous)
    said = {one.event_id: encode_incident(one) for one in found.revisions}
    assert said
    assert len(said) == len(found.revisions)
    assert said == undisturbed(logs(simulation), signal_partitions=3, settings=nervous)


@pytest.mark.slow
def test_clusters_are_counted_by_product() -> None:
    found = rehearse(simulate(TINY))
    assert list(found.clusters) == ["video", "wallet"]
    assert min(found.clusters.values()) > 10
