"""Whoever runs a model reports nothing to the maker of the runtime, nor prepares to."""

import os
import subprocess
import sys
from pathlib import Path


def test_a_model_leaves_no_trace_of_its_own(tmp_path: Path) -> None:
    """Reports begin with an id of the machine in HOME and one of the session in TMPDIR."""
    places = {name: str(tmp_path) for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME")}
    kept = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    asked = "from agents.records.pack import Pack; Pack.load()"
    subprocess.run([sys.executable, "-c", asked], env=kept | places, check=True, timeout=60)
    assert list(tmp_path.rglob("*")) == []
