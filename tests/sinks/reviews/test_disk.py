"""A disk that is full: nothing half is left, and with room again all is well."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.nights import ask, label, night, prints, ticket, write_night

_WRITER = """
import resource, sys
from pathlib import Path
from sinks.errors import SinkError
from tests.support.nights import label, night, ticket, write_night

place, most = Path(sys.argv[1]), int(sys.argv[2])
labels = [label(f"shop:{n}", excerpt=f"{n * 7919:x}" * 20) for n in range(20_000)]
given = night(place / "in", labels, [ticket("new")], size=5000)
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
try:
    write_night(given, place / "out")
except SinkError as error:
    assert "\\n" not in str(error), error
    sys.exit(f"{type(error).__name__}: {error}")
"""
_ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    "most", [400_000, *(pytest.param(n, marks=pytest.mark.slow) for n in (0, 8_192, 900_000))]
)
def test_a_file_that_cannot_grow(tmp_path: Path, most: int) -> None:
    old = [label("old")]
    write_night(night(tmp_path / "old", old, [ticket("old")]), tmp_path / "out")
    before = prints(tmp_path / "out")
    command = [sys.executable, "-c", _WRITER, str(tmp_path), str(most)]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Unreachable: "), done.stderr
    sources = [source for (source,) in ask(tmp_path / "out", "SELECT source FROM review_labels")]
    if len(sources) == 1:
        assert prints(tmp_path / "out") == before
        assert ask(tmp_path / "out", "SELECT ticket_id FROM risk_tickets") == [("old",)]
    else:
        assert len(sources) == 20_000
        assert ask(tmp_path / "out", "SELECT ticket_id FROM risk_tickets") == [("new",)]
    write_night(night(tmp_path / "again", old, [ticket("old")]), tmp_path / "out")
    assert prints(tmp_path / "out") == before
