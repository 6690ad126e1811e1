"""Simulated customers and services, and the scorer of what was found among them."""

from streams.simulation.errors import BadFile, BadScenario, SimulationError
from streams.simulation.scenario import SMALL, Scenario, demonstration
from streams.simulation.simulation import TRUTH_FILE, Simulation, simulate
from streams.simulation.truth import Truth, read_truth

__all__ = [
    "SMALL",
    "TRUTH_FILE",
    "BadFile",
    "BadScenario",
    "Scenario",
    "Simulation",
    "SimulationError",
    "Truth",
    "demonstration",
    "read_truth",
    "simulate",
]
