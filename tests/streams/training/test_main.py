import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from agents.models.card import read
from streams.training import sentiment
from streams.training.__main__ import main


def run(*arguments: str, data: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(main, arguments, env={"GROUNDSWELL_DATA": data})
    return result.exit_code, result.output


def test_without_data_it_says_what_to_set() -> None:
    code, said = run()
    assert code == 1
    assert said == "Error: set GROUNDSWELL_DATA to the folder of labelled data\n"


def test_with_an_empty_folder_it_says_what_is_missing(tmp_path: Path) -> None:
    code, said = run("--out", str(tmp_path / "out"), data=str(tmp_path))
    assert code == 1
    assert "chnsenticorp/train.tsv" in said
    assert "GROUNDSWELL_DATA" in said
    assert not (tmp_path / "out").exists()


def test_an_unknown_model_is_refused(tmp_path: Path) -> None:
    code, said = run("topics", data=str(tmp_path))
    assert code == 1
    assert "no model topics; there are sentiment-zh, sentiment-en" in said


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with a few reviews in the form of Threads."""
    (tmp_path / "reviews").mkdir()
    words = {5: "great lovely app", 1: "awful broken app"}
    rows = [
        f"Google Play,{words[rating]} {n},{rating},2023-07-05 10:{n:02}:00"
        for n, rating in enumerate([5, 1] * 30)
    ]
    text = "\n".join(["source,review_description,rating,review_date", *rows])
    (tmp_path / "reviews/threads_reviews.csv").write_text(text)
    return tmp_path


def test_a_model_is_made_with_its_card_twice_the_same(small: Path) -> None:
    out = small / "out"
    code, said = run("sentiment-en", "--out", str(out), data=str(small))
    assert code == 0, said
    assert "balanced accuracy 1.000 (goal 0.90)" in said
    card = read(out / "sentiment-en.json")
    assert card.trained_on[0].rows == 42
    # As if it had been made long ago: the same model keeps its day.
    first = msgspec.structs.replace(card, made="2020-01-01")
    (out / "sentiment-en.json").write_bytes(msgspec.json.encode(first))
    model = (out / "sentiment-en.onnx").read_bytes()
    assert run("sentiment-en", "--out", str(out), data=str(small))[0] == 0
    assert (out / "sentiment-en.onnx").read_bytes() == model
    assert read(out / "sentiment-en.json") == first


def test_another_model_has_another_day(small: Path) -> None:
    out = small / "out"
    plan = sentiment.PLANS[1]
    made = sentiment.make(plan, small, out, today="2020-01-01")
    changed = json.loads((out / "sentiment-en.json").read_bytes()) | {"sha256": "0" * 64}
    (out / "sentiment-en.json").write_text(json.dumps(changed))
    assert sentiment.make(plan, small, out, today="2026-01-01").made == "2026-01-01"
    assert made.made == "2020-01-01"
