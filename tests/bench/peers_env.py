"""The peers in an environment of their own: their pins contradict ours."""

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.runs import Spent

_HERE = Path(__file__).parent
_ENV = _HERE.parents[1] / ".venv-bench"
_LOCK = _HERE / "requirements.lock"
_READY = _ENV / ".ready"
_PYTHON = _ENV / "bin" / "python"
_SECONDS = 900

PEERS = {
    "Quix Streams 3.28, 60 s tumbling count": "quix_count",
    "stock Faust 0.15.3, JSON, count in a dict": "faust_count",
    "Bytewax 0.21, 60 s tumbling count": "bytewax_count",
    "confluent consume(1000) + orjson": "confluent_count",
}


class PeerFailed(Exception):
    """A peer did not finish: the message says why."""


def make_environment() -> None:
    """Create `.venv-bench` from the lock, unless it is there already."""
    digest = sha256(_LOCK.read_bytes()).hexdigest()
    if _READY.is_file() and _READY.read_text() == digest:
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", _ENV], check=True)
    # Isolated (-I): or pip would look at our own package in the working directory.
    install = [str(_PYTHON), "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "--require-hashes", "-r", str(_LOCK)], check=True)
    _READY.write_text(digest)


def run_peer(script: str, bootstrap: str, topic: str, partitions: int, events: int) -> Spent:
    """Let a peer read a topic once from the start. Raises PeerFailed."""
    command = [_PYTHON, _HERE / "peers" / f"{script}.py", bootstrap, topic, partitions, events]
    # Peers keep their state where they run.
    with TemporaryDirectory() as directory:
        done = subprocess.run(
            list(map(str, command)),
            cwd=directory,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        words = (done.stderr or done.stdout).strip().splitlines()
        raise PeerFailed(f"{script}: {words[-1] if words else done.returncode}")
    return Spent(**json.loads(lines[-1]))
