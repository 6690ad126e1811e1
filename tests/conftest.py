"""What every test may ask for: a real Kafka and a prefix of its own for topics and groups."""

from __future__ import annotations

import os
import signal
import uuid
from collections.abc import Generator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from edge import guard
from streams.broker import EmbeddedBroker
from streams.broker.machine import free_port
from tests.support import shut

if TYPE_CHECKING:
    from streams.simulation import Simulation
    from tests.support.stream import Stream


# A shell's background job starts deaf to Ctrl-C, and so would every process of a test.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

SERVICES = {"alertmanager", "browser", "postgres"}
"""Fixtures that start a program of Debian's packages, which a fresh machine does not have."""
REACHED = TemporaryDirectory()
"""Where it is written what reached for another machine; as long as this process."""


@pytest.fixture
def unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    """A device's redactor is unsure of one name."""
    from tests.support.unsure import make_unsure

    make_unsure(monkeypatch)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that use one of them are run by `make slow`."""
    for item in items:
        if SERVICES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.services)


@pytest.hookimpl(wrapper=True)
def _without_a_way_out(item: pytest.Item) -> Generator[None, object, object]:
    """A device's tests, their fixtures and what they start ask no other machine."""
    if not shut.is_of_device(item.path.relative_to(item.config.rootpath).as_posix()):
        return (yield)
    with shut.closed(Path(REACHED.name) / "reached"):
        return (yield)


pytest_runtest_setup = pytest_runtest_call = pytest_runtest_teardown = _without_a_way_out


@pytest.fixture(autouse=True, scope="session")
def _no_guard() -> Iterator[None]:
    """A guard cannot be taken off again: who puts it on in this process is told at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guard, "install", _refused)
        yield


def _refused() -> None:
    raise AssertionError("give the command obj=edge.cli.Unguarded(), or run it as a process")


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


@pytest.fixture
def stream(bootstrap: str, prefix: str, tmp_path: Path) -> Iterator[Stream]:
    """A whole stream of the test's own: topics, input, workers and the ledger."""
    from tests.support.stream import open_stream

    with open_stream(bootstrap, prefix, tmp_path) as stream:
        yield stream


@pytest.fixture(scope="session")
def morning() -> Simulation:
    """Ninety minutes of two products with incidents: 14 666 messages."""
    from streams.simulation import Scenario, simulate
    from streams.simulation.scenario import SMALL

    return simulate(
        Scenario(16, hours=1.5, products=2, rate=150.0, start_ms=SMALL.start_ms, incidents=4)
    )
