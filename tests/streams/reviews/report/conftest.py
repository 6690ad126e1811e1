"""The nights of one shop, for all tests of its report."""

from pathlib import Path

import pytest

from tests.support.weeks import weeks


@pytest.fixture(scope="package")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The DuckDB file of 17 nights and the one of DATE; three days have none."""
    return weeks(tmp_path_factory.mktemp("shop"), 120, days=20)
