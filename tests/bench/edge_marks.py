"""What a device's mark costs the models that bear it, with the marks of several devices.

Of the line model the share of lines of the own notes' test half whose kind is right. Of the tag
model, on hands that never taught it, the share of characters of diseases, allergens, drugs,
procedures, advice and identities that it holds for such, with the right label. Needs no Kafka:
`python -m tests.bench.edge_marks`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np

from agents.models.card import model_bytes, read
from agents.models.fingerprint import mark
from agents.models.lines import Lines
from agents.models.tags import GROUPS, Tags
from agents.records.pack import BUNDLED, redaction_tables
from streams.evaluation.record_files import hands, own_sets
from streams.evaluation.redaction_notes.notes import own_notes
from streams.training.lines import headed
from streams.training.tags_hidden import hidden
from streams.training.tags_texts import LEFT_OUT, told
from tests.bench.results import Bench, Goal, Result
from tests.support.leaks import key_of

_POINT = 0.1
_LIKELY = 0.5

Right = Callable[[Path], list[bool]]
"""Of each thing asked about, whether the models of a folder are right."""


def run(bench: Bench) -> list[Result]:
    """Points lost by a mark."""
    rows: list[dict[str, str | int | float]] = []
    goals = []
    for name, right, keys in (("lines", _lines(), 50), ("tags", _tags(), 10)):
        row, lost = _row(name, right, bench.count(keys, 3))
        rows.append(row)
        goals.append(Goal(f"lost by a mark of {name}, points, mean", lost, _POINT))
    return [Result("What a mark costs", rows, goals)]


def _row(name: str, right: Right, keys: int) -> tuple[dict[str, str | int | float], float]:
    card = read(BUNDLED / f"{name}.json")
    pristine = model_bytes(card, BUNDLED)

    def asked(model: bytes) -> list[bool]:
        with tempfile.TemporaryDirectory() as directory:
            folder = Path(directory)
            (folder / card.file).write_bytes(model)
            (folder / f"{name}.json").write_bytes(msgspec.json.encode(card))
            return right(folder)

    before = asked(pristine)
    losses, changed = [], []
    for n in range(keys):
        after = asked(mark(pristine, key_of(f"device {n}")))
        losses.append(100 * (np.mean(before) - np.mean(after)))
        changed.append(sum(a != b for a, b in zip(before, after, strict=True)))
    lost = float(np.mean(losses))
    return {
        "model": name, "things": len(before), "keys": keys, "right %": 100 * float(np.mean(before)),
        "mean loss, points": lost, "greatest loss": float(max(losses)),
        "greatest gain": -float(min(losses)), "judged otherwise, mean": float(np.mean(changed)),
    }, lost  # fmt: skip


def _lines() -> Right:
    asked = list(headed(one for one in own_sets() if one.half == "test"))

    def right(folder: Path) -> list[bool]:
        guesses = Lines(folder).guess([one.text for one in asked])
        return [guess.kind == one.kind for guess, one in zip(guesses, asked, strict=True)]

    return right


def _tags() -> Right:
    notes = [*told(hands()), *hidden(own_notes(), redaction_tables())]
    left = [one for one in notes if one.hand in LEFT_OUT]

    def right(folder: Path) -> list[bool]:
        tags, hits = Tags(folder), []
        for one in left:
            tagged = tags.read(one.text)
            for (group, labels), row in zip(GROUPS.items(), one.labels, strict=True):
                for at in np.flatnonzero(row > 0).tolist():
                    shares = tagged.shares(group, at, at + 1)
                    best = max(shares, key=lambda label: shares[label])
                    likely = tagged.probable(group, at, at + 1) >= _LIKELY
                    hits.append(likely and best == labels[row[at]])
        return hits

    return right


if __name__ == "__main__":
    from rich.console import Console

    with tempfile.TemporaryDirectory() as directory:
        console = Console(highlight=False)
        for result in run(Bench("", Path(directory), 7, False, None, console)):
            result.show(console)
