"""A simulation through production's agents in this process: no log, no worker, no clock."""

from dataclasses import dataclass

from agents.detect.partition import DetectPartition
from schemas.incidents import Incident
from schemas.topics import BY_NAME, CHANGES, INPUTS
from streams.hindsight.intake import signals
from streams.settings import Settings
from streams.simulation import Simulation
from streams.sources import sources


@dataclass(frozen=True)
class Rehearsal:
    """Incident revisions in the order of detection; `clusters` remembered at the end by product."""

    revisions: list[Incident]
    clusters: dict[str, int]


def rehearse(simulation: Simulation, settings: Settings | None = None) -> Rehearsal:
    """Run all messages in order of arrival, then the end of input, through intake and detect.

    Topics have the partitions of `schemas.topics`, and equal messages go to the same one. All
    products are detected in one partition, since products do not depend on each other.
    """
    settings = settings or Settings()
    partitions = {name: BY_NAME[name].partitions for name in (*INPUTS, CHANGES)}
    detect = DetectPartition(settings.detect_rules(), sources(partitions))
    revisions: list[Incident] = []
    taken = 0
    for brought in signals(simulation.messages(), settings, partitions):
        for signal in brought:
            detect.take(signal, taken)
            taken += 1
        for _, closed in detect.close_ready():
            revisions.extend(revision.incident for revision in closed)
    themes = {name: detect.products[name].themes for name in sorted(detect.products)}
    return Rehearsal(revisions, themes)
