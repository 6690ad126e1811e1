"""From a scenario to messages and their truth."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from schemas.topics import CHANGES, COLLECTED
from streams.simulation.account import Account
from streams.simulation.changes import Change, plan_changes
from streams.simulation.counts import negative_binomial
from streams.simulation.decoys import spam
from streams.simulation.delivery import Delivery, deliver
from streams.simulation.errors import BadFile
from streams.simulation.events import Events, background
from streams.simulation.injection import Injection, inject
from streams.simulation.lines import Renderer, Surfaces
from streams.simulation.plans import plan_incidents
from streams.simulation.scenario import Scenario
from streams.simulation.truth import Truth, encode_truth
from streams.simulation.world import World, make_world

TRUTH_FILE = "truth.json"
_REPORT_EVERY = 8_192


@dataclass(frozen=True)
class Simulation:
    """The messages of a scenario and the truth about them."""

    truth: Truth
    changes: Sequence[Change]
    deliveries: dict[str, Delivery]
    renderers: dict[str, Renderer]

    @property
    def total(self) -> int:
        """Messages on all topics."""
        return sum(totals.lines for totals in self.truth.topics.values())

    def lines(self, topic: str) -> Iterator[bytes]:
        """The messages of a topic in order of arrival, as a producer sends them."""
        if topic == CHANGES:
            return (change.line(bare=i % 2 == 0) for i, change in enumerate(self.changes))
        return self.renderers[topic].lines(self.deliveries[topic])

    def messages(self) -> Iterator[tuple[int, str, bytes]]:
        """(arrival in epoch ms, topic, message) of all topics in order of arrival."""
        return heapq.merge(*map(self._arrivals, self.truth.topics), key=lambda message: message[0])

    def _arrivals(self, topic: str) -> Iterator[tuple[int, str, bytes]]:
        if topic == CHANGES:
            times = [change.time_ms for change in self.changes]
        else:
            times = self.deliveries[topic].arrival_ms.tolist()
        for at_ms, line in zip(times, self.lines(topic), strict=True):
            yield at_ms, topic, line

    def write(self, folder: Path, advance: Callable[[int], None] = lambda _: None) -> None:
        """Write `TOPIC.jsonl` for every topic and `truth.json` into `folder`.

        `advance` is told how many messages were written since the last call. Raises BadFile.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for topic in self.truth.topics:
                with (folder / f"{topic}.jsonl").open("wb") as file:
                    for number, line in enumerate(self.lines(topic), start=1):
                        file.write(line + b"\n")
                        if number % _REPORT_EVERY == 0:
                            advance(_REPORT_EVERY)
            (folder / TRUTH_FILE).write_bytes(encode_truth(self.truth))
        except OSError as error:
            raise BadFile(f"cannot write to {folder}: {error.strerror}") from None


def simulate(scenario: Scenario) -> Simulation:
    """Plan and draw everything; the lines are rendered when they are read.

    Holds about 150 bytes per event in memory.
    """
    world = make_world(scenario)
    plans = plan_incidents(world)
    injections = [inject(world, plan) for plan in plans]
    changes = plan_changes(world, plans)
    events = _events(world, injections)
    surfaces = Surfaces(world)
    deliveries: dict[str, Delivery] = {}
    renderers: dict[str, Renderer] = {}
    for channel, topic in enumerate(COLLECTED):
        own = events.pick(np.flatnonzero(events.channel == channel))
        own = own.pick(np.argsort(own.time_ms, kind="stable"))
        deliveries[topic] = deliver(scenario, topic, own.time_ms)
        renderers[topic] = Renderer(world, channel, own, surfaces)
    truth = Account(world, events, injections, changes, deliveries).truth()
    return Simulation(truth, changes, deliveries, renderers)


def _events(world: World, injections: Sequence[Injection]) -> Events:
    parts = []
    for index, (theme, level) in enumerate(zip(world.themes, world.levels, strict=True)):
        rng = world.scenario.rng("counts", str(index))
        counts = negative_binomial(level, theme.rhythm.phi, rng)
        population = world.populations[theme.product]
        parts.append(background(world.scenario, index, theme, counts, population))
    parts += spam(world.scenario, world.themes, world.populations)
    return Events.joined(parts + [injection.events for injection in injections])
