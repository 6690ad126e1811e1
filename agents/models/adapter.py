"""One door for models of other frameworks: to ONNX, and back only if it answers as before."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
import onnxruntime

from agents.models.card import Card
from agents.models.errors import BadModel, MissingFramework, Unfaithful

Framework = Literal["scikit-learn", "pytorch", "tensorflow"]
Array = npt.NDArray[Any]
Sample = Sequence[str] | Array

TOLERANCE = 1e-4
"""How far an output may differ; float32 against float64 stays well below."""
_OPSET = 18
_INPUT = "input"
_PACKAGES = {
    "sklearn": "scikit-learn",
    "skl2onnx": "skl2onnx",
    "onnx": "onnx",
    "torch": "torch onnxscript",
}
_PACKAGES |= {"tensorflow": "tensorflow", "tf2onnx": "tf2onnx"}


class Exported(NamedTuple):
    """An ONNX file, its outputs by name, and how far it was from the original on the sample."""

    content: bytes
    outputs: tuple[str, ...]
    difference: float


def export(
    model: Any, sample: Sample, framework: Framework, *, tolerance: float = TOLERANCE
) -> Exported:
    """Convert a fitted model; `sample`: what it is asked, texts or an array, some rows of it.

    scikit-learn: a classifier with `predict_proba`, or a pipeline that ends in one, of texts or
    numbers. pytorch: a module of one tensor. tensorflow: a Keras model of one tensor. The converted
    model answers the whole sample beside the original. Raises MissingFramework, BadModel if the
    framework cannot convert it, Unfaithful if an answer differs by more than `tolerance`.
    """
    if not len(sample):
        raise ValueError("an empty sample proves nothing")
    content, expected = _CONVERTERS[framework](model, sample)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        outputs = tuple(one.name for one in session.get_outputs())
        asked = session.get_inputs()[0]
        found = session.run(None, {asked.name: _input(sample, len(asked.shape))})
    except Exception as error:  # onnxruntime has no error of its own to name
        raise BadModel(f"the converted model does not run: {error}") from None
    same = [np.asarray(one) for one in found if np.shape(one) == expected.shape]
    numbers = [one for one in same if one.dtype.kind == "f"]
    if not numbers:
        shapes = ", ".join(f"{n} {np.shape(one)}" for n, one in zip(outputs, found, strict=True))
        raise Unfaithful(f"the original answers with {expected.shape}, the converted with {shapes}")
    difference = min(float(np.abs(one - expected).max()) for one in numbers)
    # Not `>`: what is no number is not within any tolerance.
    if not difference <= tolerance:
        raise Unfaithful(f"answers differ by up to {difference:.3g}, more than {tolerance:.3g}")
    return Exported(content, outputs, difference)


def save(exported: Exported, card: Path, **facts: Any) -> Card:
    """Write a sentiment model that reads texts, and beside it the card for `Sentiments.load`.

    `facts`: the other fields of `Card`, at least `languages` and `positive`. Raises BadModel.
    """
    file = card.with_suffix(".onnx").name
    digest = hashlib.sha256(exported.content).hexdigest()
    fixed = {"name": card.stem, "task": "sentiment", "file": file, "sha256": digest}
    try:
        made = msgspec.convert({"version": "1"} | facts | fixed, Card)
    except msgspec.ValidationError as error:
        raise BadModel(f"not a card: {error}") from None
    if made.positive not in exported.outputs:
        raise BadModel(f"no output {made.positive!r}, but {', '.join(exported.outputs)}")
    card.with_suffix(".onnx").write_bytes(exported.content)
    card.write_bytes(msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n")
    return made


def _scikit_learn(model: Any, sample: Sample) -> tuple[bytes, Array]:
    skl2onnx = _framework("skl2onnx")
    types = _framework("skl2onnx.common.data_types")
    if isinstance(sample, np.ndarray):
        kind = types.FloatTensorType([None, sample.shape[1]])
    else:
        kind = types.StringTensorType([None, 1])
    expected = np.asarray(model.predict_proba(sample))
    try:
        made = skl2onnx.to_onnx(
            model,
            initial_types=[(_INPUT, kind)],
            options={"zipmap": False},
            target_opset=_OPSET,
        )
    except Exception as error:  # each converter has errors of its own
        raise BadModel(f"scikit-learn's model cannot be converted: {error}") from None
    for node in made.graph.node:
        if node.op_type == "StringNormalizer":
            # Lower case by the en_US locale, which a container does not have. C's is of ASCII only.
            kept = [one for one in node.attribute if one.name != "locale"]
            del node.attribute[:]
            node.attribute.extend([*kept, _framework("onnx.helper").make_attribute("locale", "C")])
    content: bytes = made.SerializeToString()
    return content, expected


def _pytorch(model: Any, sample: Sample) -> tuple[bytes, Array]:
    torch = _framework("torch")
    model.eval()
    tensor = torch.as_tensor(np.asarray(sample))
    with torch.no_grad():
        expected = np.asarray(model(tensor))
    held = io.BytesIO()
    try:
        torch.onnx.export(
            model,
            (tensor,),
            held,
            input_names=[_INPUT],
            output_names=["output"],
            dynamic_axes={_INPUT: {0: "rows"}, "output": {0: "rows"}},
            opset_version=_OPSET,
        )
    except Exception as error:
        raise BadModel(f"PyTorch's model cannot be converted: {error}") from None
    return held.getvalue(), expected


def _tensorflow(model: Any, sample: Sample) -> tuple[bytes, Array]:
    tensorflow = _framework("tensorflow")
    tf2onnx = _framework("tf2onnx")
    array = np.asarray(sample)
    expected = np.asarray(model(array))
    signature = tensorflow.TensorSpec((None, *array.shape[1:]), array.dtype, name=_INPUT)
    try:
        made, _ = tf2onnx.convert.from_keras(model, [signature], opset=_OPSET)
    except Exception as error:
        raise BadModel(f"TensorFlow's model cannot be converted: {error}") from None
    content: bytes = made.SerializeToString()
    return content, expected


_CONVERTERS: dict[Framework, Callable[[Any, Sample], tuple[bytes, Array]]] = {
    "scikit-learn": _scikit_learn,
    "pytorch": _pytorch,
    "tensorflow": _tensorflow,
}


def _framework(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ImportError:
        package = _PACKAGES[name.split(".")[0]]
        raise MissingFramework(f"{name} is not installed: pip install {package}") from None


def _input(sample: Sample, rank: int) -> Array:
    if not isinstance(sample, np.ndarray):
        texts = np.asarray(sample, np.object_)
        return texts.reshape(-1, 1) if rank == 2 else texts
    return sample.astype(np.float32) if sample.dtype == np.float64 else sample
