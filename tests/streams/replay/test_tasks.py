"""Tasks that processes share; what they do with the log is shown in tests/faults."""

from __future__ import annotations

import pickle
from pathlib import Path

import psutil
import pytest

from schemas.signals import END
from sinks.cluster import Cluster, Secret
from sinks.files import locked
from streams.crew import Crew
from streams.errors import OperatorError
from streams.replay.tasks import BUSY, Read, Task, prepare, run
from tests.streams.replay.made import job, stretch


def test_a_job_travels_with_its_password_and_shows_it_to_nobody(tmp_path: Path) -> None:
    cluster = Cluster("h:1", "SASL_SSL", "PLAIN", "me", Secret("hunter2"))
    made = job(tmp_path, cluster=cluster)
    again = pickle.loads(pickle.dumps(made))
    assert again == made
    assert again.cluster.password.reveal() == "hunter2"
    assert "hunter2" not in repr(again)


@pytest.mark.slow
def test_tasks_are_shared_and_nobody_is_left(tmp_path: Path) -> None:
    made = job(tmp_path)
    # Without a record there is nothing to ask of Kafka.
    stretches = [stretch(partition=n, start=5, end=5, stop=5) for n in range(5)]
    for one in stretches:
        made.chunks(one.source).folder.mkdir(parents=True)
    tasks: list[Task] = [Read(one) for one in stretches]
    said: list[int] = []
    with Crew(2, prepare, made, marks=len(tasks)) as crew:
        run(crew, tasks, said.append)
        # Who starts anew must not do so beside them.
        with pytest.raises(BlockingIOError), locked(tmp_path / BUSY):
            pass
        children = [c for c in psutil.Process().children() if "spawn_main" in " ".join(c.cmdline())]
        assert len(children) == 2
    assert not any(child.is_running() for child in children)
    assert said
    for one in stretches:
        last = made.chunks(one.source).last()
        assert last is not None
        assert (last.ended, last.head.closed_through, last.total) == (True, END, 1)


@pytest.mark.slow
def test_what_a_task_says_is_raised_here(tmp_path: Path) -> None:
    made = job(tmp_path)
    tasks: list[Task] = [Read(stretch(start=5, end=5, stop=5))]
    with (
        Crew(1, prepare, made) as crew,
        pytest.raises(OperatorError, match=r"cannot write .* No such file"),
    ):
        run(crew, tasks, lambda _: None)
