from typing import Any

import faust
import pytest
from mode import CrashingSupervisor

from sinks.cluster import Cluster
from streams.transport.settings import faust_settings


@pytest.fixture(scope="module")
def conf() -> Any:
    return faust.App("settings-test", **faust_settings(Cluster("one:9092, two:9093"))).conf


def test_every_setting_reaches_faust(conf: Any) -> None:
    for name, value in faust_settings(Cluster("one:9092")).items():
        if name not in ("broker", "datadir"):
            assert getattr(conf, name) == value, name
    assert conf.agent_supervisor is CrashingSupervisor


def test_every_broker_of_the_list_is_used(conf: Any) -> None:
    assert [(url.host, url.port) for url in conf.broker] == [("one", 9092), ("two", 9093)]
    assert conf.broker_consumer == conf.broker_producer == conf.broker


def test_the_time_limits_fit_together(conf: Any) -> None:
    assert conf.broker_heartbeat_interval * 3 <= conf.broker_session_timeout
    assert conf.broker_session_timeout <= conf.broker_request_timeout
    assert conf.broker_session_timeout <= conf.broker_rebalance_timeout
    assert conf.broker_rebalance_timeout < conf.broker_request_timeout


def test_nothing_differs_from_the_default_in_name_only(conf: Any) -> None:
    default = faust.App("default").conf
    for name in faust_settings(Cluster("one:9092")):
        assert getattr(conf, name) != getattr(default, name), f"{name} is Faust's default already"
