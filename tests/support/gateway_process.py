"""A gateway of a test, as an operator runs it."""

import os
import sys
from pathlib import Path

from sinks.cluster import Cluster
from tests.support.waiting import until
from tests.support.workers import ROOT, WorkerProcess


class GatewayProcess(WorkerProcess):
    """One `groundswell gateway --demo`; `settings` through the environment."""

    def __init__(self, cluster: Cluster, prefix: str, folder: Path, **settings: object) -> None:
        environ = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "XDG_CACHE_HOME": str(folder),
            "GROUNDSWELL_GATEWAY_HEALTH_PORT": "0",
        } | {"GROUNDSWELL_" + name.upper(): str(value) for name, value in settings.items()}
        where = ["--bootstrap", cluster.bootstrap, "--prefix", prefix]
        command = [sys.executable, "-m", "streams", "gateway", "--demo", "--port", "0", *where]
        super().__init__(command, folder / "gateway.log", environ)
        until(lambda: bool(self.address("address")), "the gateway listens", 30)

    def address(self, name: str) -> str:
        """`address` or `health`; empty until it listens."""
        found = [m for m in self.messages() if m["message"] == "answering"]
        return f"http://{found[0][name]}" if found else ""
