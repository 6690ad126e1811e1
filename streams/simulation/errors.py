"""Errors of the simulator and the scorer.

OperatorError
└── SimulationError
    ├── BadScenario   correct the argument it names
    └── BadFile       correct or replace the file it names
"""

from streams.errors import OperatorError


class SimulationError(OperatorError):
    """Root of the errors of this package."""


class BadScenario(SimulationError):
    """An argument of the scenario is out of range."""

    exit_code = 2


class BadFile(SimulationError):
    """A file is missing, in the way, or not what it should be."""
