"""A shop's own sentiment model: a real one, from scikit-learn through the adapter."""

import json
from pathlib import Path

import pytest
from onnx import TensorProto, helper
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from agents.models.adapter import Exported, export, save
from sinks.errors import Misconfigured
from streams.reviews.config import read_config
from streams.reviews.rules import made_checker, read_rules
from tests.support.shops import DAY, asked_of, row, shop_of, write_shop

RULES = '[rules]\nsentiment_model = "models/own.json"\n'
TEXTS = ["a wibble mug", "a wobble mug"]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Its card, in a folder below that of the shop; in it a wibble is good and a wobble bad."""
    (tmp_path / "models").mkdir()
    card = tmp_path / "models" / "own.json"
    fitted = make_pipeline(CountVectorizer(), LogisticRegression(C=100)).fit(TEXTS, [1, 0])
    exported = export(fitted, TEXTS, "scikit-learn")
    save(exported, card, languages=("en",), positive="probabilities", version="7")
    return card


@pytest.mark.slow
def test_it_judges_the_night_and_is_named_in_every_row(tmp_path: Path, model: Path) -> None:
    rows = [row(1, "a wibble mug, it is"), row(2, "it is a wobble mug"), row(3, "很好用，很满意")]
    with shop_of(write_shop(tmp_path, rows, RULES)) as shop:
        shop.run(DAY)
    found = asked_of(tmp_path, "SELECT sentiment, lang, models FROM review_labels ORDER BY source")
    assert [one[:2] for one in found] == [
        ("positive", "en"),
        ("negative", "en"),
        ("positive", "zh"),
    ]
    (versions,) = {one[2] for one in found}
    assert versions.startswith(
        f"own 7-{json.loads(model.read_bytes())['sha256'][:8]}, sentiment-zh"
    )


def test_without_one_ours_judge(tmp_path: Path) -> None:
    found = made_checker(read_rules(read_config(write_shop(tmp_path, []), {}).rules))
    assert found.versions.models.startswith("sentiment-zh")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sha256": "0" * 64}, "own.onnx is not the file its card describes"),
        ({"file": "gone.onnx"}, "no model file: .*gone.onnx"),
        ({"task": "weather"}, "no model card: .*own.json"),
        ({"positive": "good"}, "no output 'good', but label, probabilities"),
        ({"languages": ["xx"]}, "no model card: .*own.json"),
    ],
)
@pytest.mark.slow
def test_what_is_wrong_with_it_is_told_in_one_line(
    tmp_path: Path, model: Path, changes: dict[str, object], said: str
) -> None:
    model.write_text(json.dumps(json.loads(model.read_bytes()) | changes))
    with pytest.raises(Misconfigured, match=rf"\[rules\] sentiment_model: .*{said}") as raised:
        shop_of(write_shop(tmp_path, [], RULES))
    assert "\n" not in str(raised.value)


@pytest.mark.slow
def test_a_model_that_fails_in_the_night_ends_it_in_one_line(tmp_path: Path) -> None:
    # 5, which is no probability, of the text "wibble" alone.
    nodes = [
        helper.make_node("Equal", ["texts", "wibble"], ["same"]),
        helper.make_node("Cast", ["same"], ["one"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["one", "five"], ["positive"]),
    ]
    constants = [
        helper.make_tensor("wibble", TensorProto.STRING, [1], [b"wibble"]),
        helper.make_tensor("five", TensorProto.FLOAT, [1], [5.0]),
    ]
    asked = helper.make_tensor_value_info("texts", TensorProto.STRING, ["reviews"])
    said = helper.make_tensor_value_info("positive", TensorProto.FLOAT, ["reviews"])
    graph = helper.make_graph(nodes, "odd", [asked], [said], constants)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)])
    made.ir_version = 10
    exported = Exported(made.SerializeToString(), ("positive",), 0.0)
    (tmp_path / "models").mkdir()
    save(exported, tmp_path / "models" / "own.json", languages=("en",), positive="positive")
    file = write_shop(tmp_path, [row(1, "it is good"), row(2, "wibble")], RULES)
    with shop_of(file) as shop, pytest.raises(Misconfigured) as raised:
        shop.run(DAY)
    said_so = "[rules] sentiment_model: own.onnx: positive holds what is no probability"
    assert str(raised.value) == said_so


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    file = write_shop(tmp_path, [], RULES)
    with pytest.raises(
        Misconfigured, match=r"sentiment_model: there is no file .*models/own\.json"
    ):
        read_config(file, {})
