"""Made-up versions of the bundled pack: a medicine more, and a model that was trained on."""

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
MEDICINE = "玛仕度肽"
"""What the bundled pack has never heard of: a model may take the word for one, without a dose."""
DOSE = "4mg"
_GOLDEN = {
    "text": f"处理：{MEDICINE}{DOSE} qw。",
    "items": [{"kind": "medication", "words": MEDICINE, "dose": DOSE}],
}
_EVERY = 100


def write_pack(folder: Path, version: int) -> Path:
    """The folder of a version; each differs from all others."""
    with as_file(BUNDLED) as bundled:
        shutil.copytree(bundled, folder)
    if version == FIRST:
        return folder
    _replace(folder / "pack.toml", f'version = "{FIRST}"', f'version = "{version}"')
    drugs = (folder / "drugs.tsv").read_text(encoding="utf-8").splitlines(keepends=True)
    # Where the others without a code are: the table is sorted.
    at = next(n for n, line in enumerate(drugs) if line.split("\t")[1:2] == [""])
    drugs.insert(at, f"{MEDICINE}\t\tmazdutide\n")
    (folder / "drugs.tsv").write_text("".join(drugs), encoding="utf-8")
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
