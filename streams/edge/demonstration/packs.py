"""Made-up versions of the bundled pack: a test more, and a model that was trained on."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from importlib.resources import as_file
from pathlib import Path

import numpy as np

from agents.models.fingerprint import MOST, TENSOR
from agents.models.tensors import content_of, tensors
from agents.records.pack import BUNDLED

FIRST = 1
"""The version that comes with the application."""
MODEL = "lines.onnx"
TEST = "可溶性ST2"
"""What the bundled pack has never heard of."""
VALUE = "52ng/mL"
_GOLDEN = {
    "text": f"辅助检查：{TEST} {VALUE}。",
    "items": [{"kind": "result", "name": TEST, "interpretation": "H"}],
}
_ENTRY = f"""
[sst2]
name = "{TEST}"
aliases = ["sST2"]
unit = "ng/mL"
range = [0, 35]
"""
_EVERY = 100


def write_pack(folder: Path, version: int) -> Path:
    """The folder of a version; each differs from all others."""
    with as_file(BUNDLED) as bundled:
        shutil.copytree(bundled, folder)
    if version == FIRST:
        return folder
    _replace(folder / "pack.toml", f'version = "{FIRST}"', f'version = "{version}"')
    with (folder / "tests.toml").open("a", encoding="utf-8") as tests:
        tests.write(_ENTRY)
    with (folder / "golden.jsonl").open("a", encoding="utf-8") as golden:
        golden.write(json.dumps(_GOLDEN, ensure_ascii=False) + "\n")
    before = (folder / MODEL).read_bytes()
    after = _trained_on(before, version)
    (folder / MODEL).write_bytes(after)
    _replace(folder / "lines.json", sha256(before).hexdigest(), sha256(after).hexdigest())
    return folder


def _trained_on(model: bytes, version: int) -> bytes:
    """One weight of a hundred is a step larger."""
    tensor = next(one for one in tensors(model) if one.name == TENSOR)
    weights = np.frombuffer(content_of(model, tensor), np.int8).copy()
    room = np.flatnonzero((np.abs(weights) > 1) & (np.abs(weights) < MOST))
    chosen = room[version % _EVERY :: _EVERY]
    weights[chosen] += np.sign(weights[chosen])
    return model[: tensor.start] + weights.tobytes() + model[tensor.end :]


def _replace(file: Path, old: str, new: str) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
