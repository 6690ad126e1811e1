from pathlib import Path

import pytest

from streams.cli.evaluate import evaluate
from streams.evaluation.tasks import TASKS, Ask, NoData, data_of, missing


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "loghub_2k").mkdir()
    return tmp_path


def test_data_lies_in_its_place_of_a_data_folder(folder: Path) -> None:
    templates, clusters = TASKS["templates"], TASKS["clusters"]
    assert data_of(templates, None, folder) == folder / "loghub_2k"
    assert data_of(clusters, None, folder) is None
    assert data_of(templates, None, None) is None


def test_what_is_given_is_the_data_itself_or_a_data_folder(folder: Path) -> None:
    templates, slices = TASKS["templates"], TASKS["slices"]
    place = folder / "loghub_2k"
    assert data_of(templates, place, None) == place
    assert data_of(templates, folder, None) == place
    assert data_of(slices, folder, None) == folder
    assert data_of(slices, None, folder) is None


def test_what_is_given_wins(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    assert data_of(TASKS["templates"], other, folder) == other


def test_made_up_data_needs_none(folder: Path) -> None:
    assert data_of(TASKS["stream"], None, folder) is None
    assert missing(TASKS["stream"], None) == missing(TASKS["slices"], None) == ""


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    for given, root in ((tmp_path / "gone", None), (None, tmp_path / "gone")):
        with pytest.raises(NoData, match="gone; a data folder holds nab"):
            data_of(TASKS["spikes"], given, root)


def test_what_is_missing_says_what_to_do(folder: Path) -> None:
    assert "needs nab: give --data" in missing(TASKS["spikes"], None)
    assert missing(TASKS["clusters"], None).endswith("measured on our own set only")
    assert missing(TASKS["templates"], folder) == ""


def test_a_folder_that_is_no_nab_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoData, match="no copy of NAB"):
        TASKS["spikes"].run(Ask(tmp_path))


def test_the_command_offers_every_task() -> None:
    choices = evaluate.params[0].type.choices  # type: ignore[attr-defined]
    assert set(choices) == {*TASKS, "all"}
