"""Where the embedded broker lives, after the XDG base directory specification."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def default_home(environment: Mapping[str, str] = os.environ) -> Path:
    """The data and logs: `broker` in GROUNDSWELL_HOME, else ~/.local/state/groundswell."""
    return _base(environment, "GROUNDSWELL_HOME", "XDG_STATE_HOME", "~/.local/state") / "broker"


def default_cache(environment: Mapping[str, str] = os.environ) -> Path:
    """The jars: `kafka` in `cache_of`."""
    return cache_of(environment) / "kafka"


def cache_of(environment: Mapping[str, str]) -> Path:
    """What can be fetched again: GROUNDSWELL_CACHE, else ~/.cache/groundswell."""
    return _base(environment, "GROUNDSWELL_CACHE", "XDG_CACHE_HOME", "~/.cache")


def _base(environment: Mapping[str, str], own: str, xdg: str, fallback: str) -> Path:
    if path := environment.get(own):
        return Path(path).expanduser()
    return Path(environment.get(xdg) or fallback).expanduser() / "groundswell"
