"""Trains as `python -m streams.training` does: with one thread, the same bits on every machine."""

from collections.abc import Iterator

import pytest
from threadpoolctl import threadpool_limits


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Sums come out in one order."""
    with threadpool_limits(1):
        yield
