"""One small simulation for all tests that only read it."""

from pathlib import Path

import pytest

from streams.simulation import SMALL, Simulation, simulate


@pytest.fixture(scope="session")
def small() -> Simulation:
    """The small scenario."""
    return simulate(SMALL)


@pytest.fixture(scope="session")
def folder(small: Simulation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small scenario as files."""
    path = tmp_path_factory.mktemp("small")
    small.write(path)
    return path
