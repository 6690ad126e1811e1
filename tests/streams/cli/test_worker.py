import json
import signal
import socket
import subprocess
import sys
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from streams.broker.machine import free_port
from tests.streams.cli.running import fail, fail_apart, run
from tests.support.waiting import until

broker = pytest.mark.broker


def test_a_wrong_setting_is_named() -> None:
    line = fail("worker", env={"GROUNDSWELL_MIN_COUNT": "few"})
    assert line == "setting min_count (from GROUNDSWELL_MIN_COUNT): Expected `int`, got `str`"


def test_a_wrong_port_or_level_is_a_usage_error() -> None:
    for wrong in (("--port", "70000"), ("--port", "x"), ("--log-level", "loud")):
        assert run("worker", *wrong).exit_code == 2


@pytest.mark.slow
def test_a_broker_that_is_away_or_no_address() -> None:
    address = f"127.0.0.1:{free_port()}"
    for wrong in (address, "a:b"):
        assert fail_apart("worker", "--bootstrap", wrong).startswith(f"cannot write to {wrong}: ")


@broker
@pytest.mark.slow
def test_without_topics_it_says_what_to_run(bootstrap: str, prefix: str) -> None:
    line = fail_apart("worker", "--bootstrap", bootstrap, "--prefix", prefix)
    assert line == f"topic {prefix}feedback.app does not exist; run: groundswell topics create"


@broker
def test_it_starts_becomes_ready_and_stops_when_asked(bootstrap: str, prefix: str) -> None:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(1)
    port = free_port()
    command = [sys.executable, "-m", "streams", "worker", "--bootstrap", bootstrap]
    command += ["--prefix", prefix, "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as worker:
        try:
            until(lambda: is_ready(port), "the worker is ready", 30)
            with socket.create_server(("127.0.0.1", 0)) as taken:
                other = str(taken.getsockname()[1])
                line = fail_apart(*command[3:-1], other)
            assert line.startswith(f"cannot listen on 127.0.0.1:{other} (")
            worker.send_signal(signal.SIGTERM)
            _, errors = worker.communicate(timeout=20)
        finally:
            worker.kill()
    assert worker.returncode == 0, errors
    assert json.loads(errors.splitlines()[0])["message"] == "worker started"
    admin.delete()


def is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
            return bool(answer.status == 200)
    except HTTPError as error:
        error.close()
        return False
    except OSError:
        return False
