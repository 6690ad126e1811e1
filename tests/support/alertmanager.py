"""A real Alertmanager of the test's own."""

import json
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from streams.broker.machine import free_port
from tests.support.waiting import until

PROGRAM = "prometheus-alertmanager"
_CONFIG = """\
route:
  receiver: test
  group_by: [incident_key]
  group_wait: 1s
  group_interval: 1s
  repeat_interval: 1h
receivers:
  - name: test
"""


class Alertmanager:
    """`start` and `stop` as often as one likes; its state is kept in `home`."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it and wait until it is ready."""
        program = shutil.which(PROGRAM)
        assert program, f"install Alertmanager: apt-get install {PROGRAM}"
        config = self._home / "alertmanager.yml"
        config.write_text(_CONFIG)
        with (self._home / "alertmanager.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    program,
                    f"--config.file={config}",
                    f"--storage.path={self._home}",
                    f"--web.listen-address=127.0.0.1:{self._port}",
                    "--cluster.listen-address=",
                ],
                stdout=log,
                stderr=log,
            )
        until(self._ready, "Alertmanager is ready", 30)

    def stop(self) -> None:
        """End it; safe to call twice."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            process.wait(20)

    def alerts(self, **labels: str) -> list[dict[str, Any]]:
        """Those that fire and have these labels."""
        with urllib.request.urlopen(f"{self.url}/api/v2/alerts", timeout=10) as answer:
            found: list[dict[str, Any]] = json.load(answer)
        return [alert for alert in found if labels.items() <= alert["labels"].items()]

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/-/ready", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


@contextmanager
def running_alertmanager(home: Path) -> Iterator[Alertmanager]:
    """A running one."""
    alertmanager = Alertmanager(home)
    try:
        alertmanager.start()
        yield alertmanager
    finally:
        alertmanager.stop()
