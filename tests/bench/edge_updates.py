"""How large an update is, how long it takes to make, and to verify and apply on a device."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from schemas.packages import Manifest
from streams.edge.deltas import all_of, full
from streams.edge.releases import fetched
from tests.bench.results import Bench, Goal, Result, Value
from tests.support.publisher import House, from_folder, install

T = TypeVar("T")
_ROWS, _WIDTH = 78_400, 64
"""Weights of the model: 5.0 MB as INT8."""
_TERMS = 8_000
_CHANGED = 0.01
_CHANGE = 1e-3
_GOAL_PERCENT = 3.0
_GOAL_SECONDS = 2.0


def run(bench: Bench) -> list[Result]:
    """Two packs: what each algorithm makes of the second, and one update as a device sees it."""
    bench.say("edge-updates: a 5 MB INT8 model and 8,000 terms, changed")
    rng = np.random.default_rng(bench.seed)
    weights = rng.normal(0, 1, (_ROWS, _WIDTH)).astype(np.float32)
    # A retraining keeps the scale: it is frozen.
    scale = float(np.abs(weights).max()) / 127
    uniform = weights * np.float32(1 + _CHANGE)
    noisy = weights * (1 + _CHANGE * rng.normal(0, 1, weights.shape)).astype(np.float32)
    old, table = _model(weights, scale), _terms(bench.seed)
    contents = {
        "all weights x (1 + 1e-3)": (old, _model(uniform, scale)),
        "all weights x (1 + 1e-3 N)": (old, _model(noisy, scale)),
        "1 % of the terms": (table, _changed(table, bench.seed)),
    }
    made: list[dict[str, Value]] = []
    for name, (before, after) in contents.items():
        whole = full(after)
        made += [
            {
                "change": name,
                "by": one.algorithm,
                "bytes": len(one.content),
                "% of whole": 100 * len(one.content) / len(whole.content),
                "make s": one.seconds,
                "apply ms": 1e3 * one.apply_seconds,
            }
            for one in (*all_of(before, after), whole)
        ]
    house = House.build(bench.home / "edge-updates")
    first = {"lines.onnx": old, "terms.tsv": table}
    second = {name: pair[1] for name, pair in zip(first, (
        contents["all weights x (1 + 1e-3)"], contents["1 % of the terms"]
    ), strict=True)}  # fmt: skip
    house.publish(1, first)
    creating, manifest = _timed(lambda: house.publish(2, second))
    updating, (_, got) = _timed(
        lambda: install(from_folder(house.repository.tree), house.first_root, first)
    )
    assert got == second
    difference, whole_size = fetched(manifest, house.repository.release("stable", 1))
    said = _said(house, manifest)
    share = (difference + said) / whole_size
    rows: list[dict[str, Value]] = [
        {
            "update": "1 % of terms, all weights x (1 + 1e-3)",
            "whole, packed": whole_size,
            "differences": difference,
            "manifest and metadata": said,
            "% of whole": 100 * share,
            "publish s": creating,
            "verify + apply s": updating,
        }
    ]
    goals = [
        Goal("update, % of the whole release", 100 * share, _GOAL_PERCENT),
        Goal("verify + apply, s", updating, _GOAL_SECONDS),
    ]
    return [
        Result("What each algorithm makes of a change", made),
        Result("One update, from a folder", rows, goals),
    ]


def _said(house: House, manifest: Manifest) -> int:
    """Bytes that come before the differences, for a device that knows the root."""
    tree = house.repository.tree / "metadata"
    names = [
        f"{house.repository.versions(role)[-1]}.{role}.json" for role in ("targets", "snapshot")
    ]
    sizes = [(tree / name).stat().st_size for name in (*names, "timestamp.json")]
    return sum(sizes) + len(_manifest(house, manifest))


def _manifest(house: House, manifest: Manifest) -> bytes:
    folder = house.repository.folder / "releases" / "stable"
    return (folder / f"{manifest.version}.json").read_bytes()


def _model(weights: np.ndarray, scale: float) -> bytes:
    """A table of embeddings in INT8, summed: the shape of the model that reads lines."""
    table = np.clip(np.round(weights / scale), -127, 127).astype(np.int8)
    nodes = [
        helper.make_node("Gather", ["table", "ids"], ["rows"]),
        helper.make_node("DequantizeLinear", ["rows", "scale"], ["real"]),
        helper.make_node("ReduceSum", ["real"], ["sum"], keepdims=0),
    ]
    held = [
        numpy_helper.from_array(table, "table"),
        numpy_helper.from_array(np.float32(scale), "scale"),
    ]
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, [None])
    out = helper.make_tensor_value_info("sum", TensorProto.FLOAT, [])
    model = helper.make_model(helper.make_graph(nodes, "lines", [ids], [out], held))
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def _terms(seed: int) -> bytes:
    chance = random.Random(seed)
    signs = [chr(0x4E00 + chance.randrange(3000)) for _ in range(900)]
    rows = (
        f"{''.join(chance.choices(signs, k=5))}\t{chance.choice('ABCDEIJKN')}{n % 100:02d}."
        f"{chance.randrange(10)}\t{''.join(chance.choices(signs, k=4))}|term {n}\n"
        for n in range(_TERMS)
    )
    return "".join(sorted(rows)).encode()


def _changed(table: bytes, seed: int) -> bytes:
    """One row of a hundred: an alias more."""
    chance = random.Random(seed + 1)
    rows = table.decode().splitlines()
    for n in chance.sample(range(len(rows)), int(_CHANGED * len(rows))):
        rows[n] += f"|{chr(0x4E00 + chance.randrange(3000))}{chance.randrange(100)}"
    return "\n".join(rows).encode() + b"\n"


def _timed(step: Callable[[], T]) -> tuple[float, T]:
    begin = time.perf_counter()
    made = step()
    return time.perf_counter() - begin, made


if __name__ == "__main__":
    import tempfile

    from rich.console import Console

    with tempfile.TemporaryDirectory() as directory:
        console = Console(highlight=False)
        for result in run(Bench("", Path(directory), 7, False, None, console)):
            result.show(console)
