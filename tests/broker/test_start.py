"""A worker that cannot start says why, in one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from streams.broker.machine import free_port
from tests.support.workers import Workers

pytestmark = pytest.mark.broker


def last_words(workers: Workers, **settings: Any) -> str:
    """What stands beside the JSON log, which must be one line."""
    worker = workers.start(**settings)
    assert worker.wait_exit() == 1
    (line,) = (line for line in worker.lines() if not line.startswith("{"))
    return line.removeprefix("groundswell: ")


@pytest.mark.slow
def test_a_wrong_setting_is_named(bootstrap: str, prefix: str, tmp_path: Path) -> None:
    workers = Workers(bootstrap, prefix, tmp_path)
    said = last_words(workers, idle_seconds="soon")
    assert (
        said == "setting idle_seconds (from GROUNDSWELL_IDLE_SECONDS): Expected `float`, got `str`"
    )


@pytest.mark.slow
def test_missing_topics_are_named(bootstrap: str, prefix: str, tmp_path: Path) -> None:
    said = last_words(Workers(bootstrap, prefix, tmp_path))
    assert said == f"topic {prefix}feedback.app does not exist; run: groundswell topics create"


@pytest.mark.slow
def test_an_unreachable_broker_is_named(prefix: str, tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    said = last_words(Workers(address, prefix, tmp_path))
    assert said.startswith(f"cannot write to {address}: ")
