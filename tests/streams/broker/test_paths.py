from __future__ import annotations

from pathlib import Path

from streams.broker.paths import default_cache, default_home


def test_our_own_variables_come_first() -> None:
    environment = {"GROUNDSWELL_HOME": "/a", "GROUNDSWELL_CACHE": "/b", "XDG_STATE_HOME": "/c"}
    assert default_home(environment) == Path("/a/broker")
    assert default_cache(environment) == Path("/b/kafka")


def test_xdg_and_its_defaults() -> None:
    environment = {"XDG_STATE_HOME": "/c", "XDG_CACHE_HOME": ""}
    assert default_home(environment) == Path("/c/groundswell/broker")
    assert default_cache(environment) == Path.home() / ".cache/groundswell/kafka"
