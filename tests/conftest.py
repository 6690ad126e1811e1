"""What every test may ask for: a real Kafka and a prefix of its own for topics and groups."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator

import pytest

from streams.broker import EmbeddedBroker
from streams.broker.machine import free_port


@pytest.fixture(scope="session")
def bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of GROUNDSWELL_BOOTSTRAP, else of an embedded Kafka that ends with the run."""
    if given := os.environ.get("GROUNDSWELL_BOOTSTRAP"):
        yield given
        return
    broker = EmbeddedBroker(tmp_path_factory.mktemp("broker"), port=free_port())
    try:
        yield broker.ensure()
    finally:
        broker.wipe()


@pytest.fixture
def prefix() -> str:
    """The start of every topic and group name of a test, such as "t-1a2b3c4d-"."""
    return f"t-{uuid.uuid4().hex[:8]}-"
