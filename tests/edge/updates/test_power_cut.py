import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_the_device_runs_the_old_or_the_new_version_wherever_the_power_goes(tmp_path: Path) -> None:
    """SIGKILL before each change to the disk, python-tuf's own among them."""
    command = [sys.executable, "-m", "tests.support.power_cut", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr[-2_000:]
    found = json.loads(done.stdout)
    assert [one["wrong"] for one in found.values()] == [[], [], []]
    assert found["Update"]["points"] >= 50
    assert found["Withdrawal"]["points"] >= 10
    assert found["GoingBack"]["points"] >= 2
