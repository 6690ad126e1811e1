import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from schemas.topics import INCIDENTS
from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from streams.broker.machine import free_port
from tests.streams.cli.running import fail, fail_apart, run
from tests.support.fleet import Fleet
from tests.support.incidents import incident
from tests.support.receiver import LocalReceiver, local_receiver, says
from tests.support.waiting import SOON, until

SECRET = "a secret of our own"


@pytest.fixture
def receiver() -> Iterator[LocalReceiver]:
    with local_receiver() as running:
        yield running


@pytest.fixture
def file(tmp_path: Path, receiver: LocalReceiver) -> str:
    path = tmp_path / "sinks.toml"
    path.write_text(
        f'[hook]\ntype = "webhook"\nurl = "{receiver.url}/k3y"\nsecret = "{SECRET}"\n'
        f'[chat]\ntype = "slack"\nurl = "{receiver.url}/k3y"\nmin_severity = "error"\n'
        'products = ["wallet"]\n'
    )
    return str(path)


def test_check_and_list(file: str) -> None:
    checked = run("sinks", "check", "--config", file)
    assert (checked.exit_code, checked.output) == (0, f"{file}: 2 receivers, all well described\n")
    listed = run("sinks", "list", env={"GROUNDSWELL_SINKS_FILE": file})
    assert listed.output.splitlines() == [
        "hook  webhook  info and above  all products  600 a minute",
        "chat  slack  error and above  wallet  20 a minute",
    ]


def test_what_is_wrong_with_the_file_is_one_line(tmp_path: Path) -> None:
    assert fail("sinks", "check") == (
        "name the file of the receivers: --config FILE, or set sinks_file"
    )
    missing = str(tmp_path / "none.toml")
    assert fail("sinks", "check", "--config", missing).startswith(f"cannot read {missing}: ")


def test_a_test_incident_and_its_end(file: str, receiver: LocalReceiver) -> None:
    done = run("sinks", "test", "hook", "--config", file)
    assert (done.exit_code, done.output.splitlines()) == (
        0,
        ["hook: open: taken (200 ok)", "hook: resolved: taken (200 ok)"],
    )
    began, ended = (got.json["incidents"][0] for got in receiver.got)
    assert "TEST" in began["title"]
    assert began["severity"] == "info"
    assert (began["status"], ended["status"]) == ("open", "resolved")
    assert (began["incident_id"], ended["revision"]) == (ended["incident_id"], 2)


def test_what_the_receiver_answers_instead(file: str, receiver: LocalReceiver) -> None:
    receiver.usual = says(403, "no entry")
    line = fail("sinks", "test", "chat", "--config", file)
    assert line == "chat: 127.0.0.1 answered 403 no entry: check its address and key"
    assert fail("sinks", "test", "who", "--config", file) == (
        "there is no receiver who; there are: hook, chat"
    )


@pytest.mark.broker
@pytest.mark.slow
def test_without_topics_it_says_what_to_run(file: str, bootstrap: str, prefix: str) -> None:
    line = fail_apart(
        "sinks", "run", "--config", file, "--bootstrap", bootstrap, "--prefix", prefix
    )
    assert line == f"topic {prefix}incidents does not exist; run: groundswell topics create"


@pytest.mark.broker
@pytest.mark.slow
def test_it_carries_incidents_and_stops_when_asked(
    file: str, receiver: LocalReceiver, bootstrap: str, prefix: str
) -> None:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(1)
    fleet = Fleet(bootstrap, prefix + INCIDENTS)
    port = free_port()
    command = [sys.executable, "-m", "streams", "sinks", "run", "--config", file]
    command += ["--bootstrap", bootstrap, "--prefix", prefix, "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            until(lambda: "true" in page(port, "readyz"), "it is ready", 30)
            asyncio.run(fleet.write(incident(), incident(incident_id="b", product="video")))
            until(lambda: len(receiver.got) == 3, "two for one, one for the other", 30)
            sent = 'groundswell_sink_delivered_total{sink="hook"} 2.0'
            until(lambda: sent in page(port, "metrics"), "the metrics say so", 30)
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=20)
        finally:
            process.kill()
            admin.delete()
    assert process.returncode == 0, errors
    assert "k3y" not in errors
    assert SECRET not in errors


@pytest.mark.broker
@pytest.mark.slow
def test_killed_in_between_it_loses_nothing(
    tmp_path: Path, receiver: LocalReceiver, bootstrap: str, prefix: str
) -> None:
    path = tmp_path / "sinks.toml"
    path.write_text(
        f'[hook]\ntype = "webhook"\nurl = "{receiver.url}"\nsecret = "{SECRET}"\n'
        "max_per_minute = 0\n"
    )
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(1)
    many = [incident(incident_id=f"i{n}", incident_key=f"k{n}") for n in range(300)]
    asyncio.run(Fleet(bootstrap, prefix + INCIDENTS).write(*many))
    command = [sys.executable, "-m", "streams", "sinks", "run", "--config", str(path)]
    command += ["--bootstrap", bootstrap, "--prefix", prefix, "--port", "0"]

    def keys() -> list[str]:
        return [got.headers["Idempotency-Key"] for got in receiver.got]

    def have(least: int) -> bool:
        return len(set(keys())) >= least

    try:
        for enough in (100, 300):
            with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
                try:
                    until(partial(have, enough), "it gets on", 30)
                finally:
                    process.kill()
    finally:
        admin.delete()
    assert set(keys()) == {one.event_id for one in many}
    # The one that had been taken and not yet noted may come twice.
    assert len(keys()) - 300 <= 2


def page(port: int, name: str) -> str:
    try:
        with urlopen(f"http://127.0.0.1:{port}/{name}", timeout=SOON) as answer:
            return str(answer.read().decode())
    except (URLError, OSError):
        return ""
