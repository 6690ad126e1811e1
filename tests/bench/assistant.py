"""The assistant as a bank would run it: one gateway, one worker and a Kafka, on this machine."""

from collections.abc import Iterator

from tests.bench import gateway_cpu, idle_sockets, saturation, turn_faults, turn_soak
from tests.bench.customers import found
from tests.bench.results import Bench, Result


def run(bench: Bench) -> Iterator[Result]:
    """What it takes, what it costs, and what happens when something fails."""
    town = found(bench.home / "town")
    rate, results = saturation.measure(bench, town)
    yield from results
    yield turn_faults.measure(bench, town)
    yield gateway_cpu.measure(bench, town, rate)
    yield idle_sockets.measure(bench, town)
    yield turn_soak.measure(bench, town, rate)
