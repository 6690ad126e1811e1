import os
import subprocess
import sys
from pathlib import Path

import pytest

from agents.reviews.asking.settled import Settled
from streams.errors import OperatorError
from streams.reviews.asking import AskingFolder
from streams.reviews.asking.manifest import load_manifest
from tests.streams.reviews.asking.nights import night, questions_of


def test_the_seed_of_a_night_is_secret_and_stays(tmp_path: Path) -> None:
    with night(tmp_path) as folder:
        seed = folder.seed()
        assert folder.seed() == AskingFolder(folder.path).seed() == seed
        assert (folder.path / "seed").stat().st_mode & 0o077 == 0
    with night(tmp_path / "other") as other:
        assert other.seed() != seed


def test_a_question_is_remembered_as_it_was_asked_first(tmp_path: Path) -> None:
    one, two = questions_of(2)
    with night(tmp_path) as folder:
        assert folder.remember([one]) == [one]
        copy = type(one)(one.key, "t-0@99", one.asks, one.text, one.lang, 0.3)
        assert folder.remember([copy, two]) == [one, two]
        assert folder.questions() == {one.key: one, two.key: two}


def test_what_was_learnt_survives_a_cut_line(tmp_path: Path) -> None:
    first, second, third = (Settled(name, "refused") for name in "abc")
    with night(tmp_path) as folder:
        assert folder.settled() == {}
        folder.learn([first, second])
        path = folder.path / "answers.ndjson"
        path.write_bytes(path.read_bytes()[:-5])
        assert folder.settled() == {"a": first}
        folder.learn([third])
        folder.learn([])
        folder.learn([second])
        assert folder.settled() == {"a": first, "b": second, "c": third}


def test_one_process_at_a_time(tmp_path: Path) -> None:
    with (
        night(tmp_path) as folder,
        pytest.raises(OperatorError, match="another process"),
        AskingFolder(folder.path).held(),
    ):
        pass
    with night(tmp_path):
        pass


@pytest.mark.parametrize("name", ["seed", "questions.ndjson", "batch/manifest.json"])
def test_a_damaged_file_is_told_in_one_line(tmp_path: Path, name: str) -> None:
    with night(tmp_path) as folder:
        (folder.path / name).write_bytes(b"\xff{no")
        with pytest.raises(OperatorError, match="damaged") as error:
            _ = (folder.seed(), folder.questions(), load_manifest(folder, "d", "m"))
        assert "\n" not in str(error.value)


def test_a_folder_that_cannot_be_used_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "asking").write_text("a file")
    with pytest.raises(OperatorError, match="cannot use"), night(tmp_path):
        pass


def test_a_full_disk_is_told_in_one_line(tmp_path: Path) -> None:
    with night(tmp_path) as folder:
        (folder.path / "answers.ndjson").symlink_to("/dev/full")
        with pytest.raises(OperatorError, match="No space left"):
            folder.learn([Settled("a", "refused")])


def test_what_was_learnt_survives_kill_9(tmp_path: Path) -> None:
    """A process that learns without end is killed: all it has told of is there."""
    program = (
        "import sys; from pathlib import Path\n"
        "from streams.reviews.asking import AskingFolder\n"
        "from agents.reviews.asking.settled import Settled\n"
        "folder = AskingFolder(Path(sys.argv[1]))\n"
        "with folder.held():\n"
        "    for n in range(10**9):\n"
        "        folder.learn([Settled(str(n), 'refused', 'x' * 200)])\n"
        "        print(n, flush=True)\n"
    )
    path = tmp_path / "asking"
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, env=environment
    )
    assert process.stdout is not None
    with process, process.stdout as told:
        last = [int(told.readline()) for _ in range(50)][-1]
        process.kill()
        last = max([last, *map(int, told.read().split())])
    with night(tmp_path) as folder:
        known = folder.settled()
        assert {str(n) for n in range(last + 1)} <= known.keys()
        folder.learn([Settled("mine", "refused")])
        assert "mine" in folder.settled()
