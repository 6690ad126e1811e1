import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, BinaryIO

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline

from agents.models.adapter import export, save
from agents.models.errors import BadModel, MissingFramework, Unfaithful
from agents.models.sentiment import Sentiments

TEXTS = ["good food", "BAD food", "very good", "very bad", "lovely", "awful thing"]
SIDES = [1, 0, 1, 0, 1, 0]


def pipeline(vectors: CountVectorizer) -> Pipeline:
    return make_pipeline(vectors, LogisticRegression(C=100)).fit(TEXTS, SIDES)


def test_a_pipeline_of_texts_answers_as_before_and_judges_a_night(tmp_path: Path) -> None:
    exported = export(pipeline(TfidfVectorizer()), TEXTS, "scikit-learn")
    assert exported.difference < 1e-6
    place = tmp_path / "ours.json"
    save(exported, place, languages=("en",), positive="probabilities")
    calls = Sentiments.load(place).judge(["good food", "awful", ""], ["en"] * 3)
    assert [call.sentiment for call in calls] == ["positive", "negative", "neutral"]


def test_a_classifier_of_numbers() -> None:
    rows = np.asarray([[0.0, 1.0], [1.0, 0.0], [0.2, 0.9], [0.8, 0.1]], np.float32)
    model = LogisticRegression().fit(rows, [0, 1, 0, 1])
    assert export(model, rows, "scikit-learn").outputs == ("label", "probabilities")


def test_a_model_that_onnx_reads_otherwise_is_refused() -> None:
    # C's lower case knows no umlauts.
    texts = ["ÜBEL", "übel", "gut", "Gut"]
    model = make_pipeline(CountVectorizer(), LogisticRegression()).fit(texts, [0, 0, 1, 1])
    with pytest.raises(Unfaithful, match="differ"):
        export(model, texts, "scikit-learn")


def test_what_cannot_be_converted_is_refused() -> None:
    model = SimpleNamespace(predict_proba=lambda texts: np.zeros((len(texts), 2)))
    with pytest.raises(BadModel, match="cannot be converted"):
        export(model, TEXTS, "scikit-learn")


def test_nothing_is_proved_by_an_empty_sample() -> None:
    with pytest.raises(ValueError, match="empty"):
        export(KNeighborsClassifier(), [], "scikit-learn")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"languages": ["en"], "positive": "label2"}, "no output 'label2'"),
        ({"positive": "probabilities"}, "languages"),
        ({"languages": "en", "positive": "probabilities"}, "not a card"),
    ],
)
def test_a_card_that_would_not_load_is_not_written(
    tmp_path: Path, facts: dict[str, object], said: str
) -> None:
    exported = export(pipeline(TfidfVectorizer()), TEXTS, "scikit-learn")
    with pytest.raises(BadModel, match=said):
        save(exported, tmp_path / "ours.json", **facts)
    assert not list(tmp_path.iterdir())


# PyTorch and TensorFlow are too big for a test machine: doubles that keep to their protocol, with
# a real ONNX file behind them.


def doubled(by: float) -> onnx.ModelProto:
    """input -> input * by."""
    rows: list[str | int] = ["rows", 2]
    graph = helper.make_graph(
        [helper.make_node("Mul", ["input", "by"], ["output"])],
        "double",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, rows)],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, rows)],
        [helper.make_tensor("by", TensorProto.FLOAT, [1], [by])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    model.ir_version = 10
    return model


class TorchModel:
    """A module that doubles; in training mode it would not."""

    training = True

    def eval(self) -> None:
        self.training = False

    def __call__(self, tensor: np.ndarray) -> np.ndarray:
        return tensor * (3 if self.training else 2)


@pytest.fixture
def torch(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """`torch`, as far as the adapter speaks with it; `by`: what the export multiplies with."""
    told = SimpleNamespace(by=2.0)

    class NoGrad:
        def __enter__(self) -> None: ...

        def __exit__(self, *_: object) -> None: ...

    def exporter(model: Any, args: tuple[Any, ...], held: BinaryIO, **options: Any) -> None:
        assert not model.training
        assert len(args) == 1
        assert options["dynamic_axes"]["input"] == {0: "rows"}
        if told.by == 0:
            raise RuntimeError("unsupported operator")
        held.write(doubled(told.by).SerializeToString())

    module = ModuleType("torch")
    module.as_tensor = np.asarray  # type: ignore[attr-defined]
    module.no_grad = NoGrad  # type: ignore[attr-defined]
    module.onnx = SimpleNamespace(export=exporter)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch", module)
    return told


SAMPLE = np.asarray([[0.5, 1.0], [2.0, -1.0]], np.float32)


@pytest.mark.usefixtures("torch")
def test_pytorch() -> None:
    assert export(TorchModel(), SAMPLE, "pytorch").difference == 0


def test_pytorch_gone_wrong(torch: SimpleNamespace) -> None:
    torch.by = 2.01
    with pytest.raises(Unfaithful, match=r"up to 0\.02"):
        export(TorchModel(), SAMPLE, "pytorch")
    assert export(TorchModel(), SAMPLE, "pytorch", tolerance=0.1).difference > 0
    torch.by = float("nan")
    with pytest.raises(Unfaithful):
        export(TorchModel(), SAMPLE, "pytorch")
    torch.by = 0
    with pytest.raises(BadModel, match="unsupported operator"):
        export(TorchModel(), SAMPLE, "pytorch")


def test_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Any, ...]] = []

    def from_keras(model: Callable[..., Any], signature: Any, opset: int) -> tuple[Any, None]:
        assert callable(model)
        asked.append((signature, opset))
        return doubled(2.0), None

    tensorflow, tf2onnx = ModuleType("tensorflow"), ModuleType("tf2onnx")
    tensorflow.TensorSpec = lambda *args, **named: (args, named)  # type: ignore[attr-defined]
    tf2onnx.convert = SimpleNamespace(from_keras=from_keras)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tensorflow", tensorflow)
    monkeypatch.setitem(sys.modules, "tf2onnx", tf2onnx)
    assert export(lambda x: x * 2, SAMPLE, "tensorflow").difference == 0
    assert asked == [([(((None, 2), np.float32), {"name": "input"})], 18)]
    with pytest.raises(Unfaithful, match="answers with"):
        export(lambda x: x.sum(axis=1), SAMPLE, "tensorflow")


@pytest.mark.parametrize(
    ("framework", "package"),
    [("pytorch", "torch"), ("tensorflow", "tensorflow"), ("scikit-learn", "skl2onnx")],
)
def test_a_missing_framework_is_named_with_its_package(
    framework: Any, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingFramework, match=f"pip install {package}"):
        export(TorchModel(), SAMPLE, framework)
