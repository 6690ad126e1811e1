"""Where and with what a run was made."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

_PACKAGES = (
    *("groundswell", "aiokafka", "confluent-kafka", "faust-streaming", "msgspec", "numpy"),
    *("aiohttp", "duckdb", "onnxruntime", "river", "scipy"),
)


def about() -> dict[str, Any]:
    """Date, versions and machine."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in _PACKAGES},
        "machine": {"cores": os.cpu_count(), "cpu": _cpu(), "system": platform.platform()},
    }


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((x.partition(": ")[2] for x in lines if x.startswith("model name")), "unknown")
