"""The made-up shop: one shop on all its nights, a bad batch on the last, nothing else touched."""

from collections import Counter
from datetime import date
from pathlib import Path

import msgspec
import pytest

from streams.errors import OperatorError
from streams.reviews.config import read_config
from streams.reviews.demonstration import Demonstration
from streams.reviews.simulation import Day, simulate

MADE = Demonstration(8, 400, 2, date(2026, 11, 20))


def quiet(_: date) -> None:
    pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return MADE.write(tmp_path_factory.mktemp("demo"), quiet).parent


def test_every_day_has_as_many_reviews_with_ids_of_their_own(folder: Path) -> None:
    files = sorted((folder / "exports").iterdir())
    assert [file.name for file in files] == [f"reviews-2026-11-{n}.jsonl" for n in (18, 19, 20)]
    rows = [msgspec.json.decode(row) for file in files for row in file.read_bytes().splitlines()]
    assert len({row["id"] for row in rows}) == len(rows) == 1_200


def test_no_model_is_asked(folder: Path) -> None:
    assert read_config(folder / "reviews.toml", {}).model.ask == "never"


def test_the_same_again_is_the_same(folder: Path, tmp_path: Path) -> None:
    again = MADE.write(tmp_path, quiet).parent
    for file in (folder / "exports").iterdir():
        assert (again / "exports" / file.name).read_bytes() == file.read_bytes()
    assert MADE.write(tmp_path, quiet).exists()


def test_a_file_of_yours_is_not_written_over(tmp_path: Path) -> None:
    own = tmp_path / "reviews.toml"
    own.write_text("zone = 'UTC'\n")
    with pytest.raises(OperatorError, match="name another folder"):
        MADE.write(tmp_path, quiet)
    assert own.read_text() == "zone = 'UTC'\n"
    assert list(tmp_path.iterdir()) == [own]


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OperatorError, match="cannot use"):
        MADE.write(tmp_path / "file", quiet)


def test_days_are_of_one_shop_and_differ() -> None:
    one, other = (
        [review for review, _ in simulate(Day(seed, 2_000, shop=3, products=40))] for seed in (1, 2)
    )
    assert [r.text for r in one] != [r.text for r in other]
    # What sells sells on both days, and is the same thing.
    most = [
        [p for p, _ in Counter(r.product for r in each).most_common(3)] for each in (one, other)
    ]
    assert set(most[0]) & set(most[1])
    regulars = [{r.author for r in each} for each in (one, other)]
    assert len(regulars[0] & regulars[1]) > 100


def test_a_bad_batch_comes_on_top() -> None:
    def complaints(defect: int) -> Counter[str]:
        found = simulate(Day(8, 2_000, products=60, defect=defect))
        return Counter(review.product for review, truth in found if truth.kind == "defect")

    without = complaints(0)
    assert (complaints(60) - without).most_common(1)[0][1] == 60
