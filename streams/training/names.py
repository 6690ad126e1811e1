"""The name model of the pack: what it is fitted on, how it is measured, and its card."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from agents.models.card import Card, Figure, Source
from agents.records.folding import fold
from agents.records.pack import BUNDLED, Pack
from agents.records.redaction import Redactor
from agents.records.redaction.candidates import SLOT_BITS, CandidateFinder
from agents.records.redaction.tagger import Tagger
from streams.evaluation import redaction
from streams.evaluation.redaction_notes.notes import HiddenNote, own_notes
from streams.training.cards import judged_as, made_with, own_source, save, share
from streams.training.names_graph import graph
from streams.training.names_people import MOULDS, People
from streams.training.names_texts import Told, made_up, parts, records, told_of

NAME = "names"
VERSION = "1"
FOLDER = Path("agents/records/data")
"""The model is a file of the pack."""
KNOWN = 0.5
"""How probable a name must be to be taken."""
SEED = 7
COST, ROUNDS = 1.0, 120
LEFT_OUT = ("names-g", "names-h", "written-names")
"""Files by hands of their own: each is judged by a model that has not seen it."""
_NEAR: Final = 5


class Stretches(NamedTuple):
    """Their slots, a row each; whether each is a name; how many of its like it stands for."""

    slots: npt.NDArray[np.int32]
    named: npt.NDArray[np.bool_]
    weights: npt.NDArray[np.float32]


def make(
    folder: Path, *, today: str, left_out: Sequence[str] = LEFT_OUT, most: int | None = None
) -> Card:
    """Fit the model and write it into `folder` with its card. `most`: texts of each source."""
    pack = Pack.load(BUNDLED)
    taught = _taught(pack, most)
    figures = [figure for name in left_out for figure in _apart(name, taught, pack)]
    card = _written(folder, list(taught.values()), today)
    return judged_as(folder, card, figures)


def _taught(pack: Pack, most: int | None) -> dict[str, Stretches]:
    """By source: a file of notes, or what is made up."""
    people, finder = People(pack.redaction), CandidateFinder(pack.redaction)
    told: dict[str, list[Told]] = defaultdict(list)
    for note in own_notes():
        if note.half == "tune":
            told[_file(note)] += told_of(note, people, SEED)
    told["made up"] = list(islice(made_up(pack, people, SEED), most))
    told["records"] = list(islice(records(pack), most))
    return {name: _stretches(some[:most], finder) for name, some in told.items()}


def _file(note: HiddenNote) -> str:
    return note.id.rpartition("-")[0]


def _stretches(told: Iterable[Told], finder: CandidateFinder) -> Stretches:
    some = [_of(one, finder) for one in told]
    return Stretches(*(np.concatenate(column) for column in zip(*some, strict=True)))


def _of(told: Told, finder: CandidateFinder) -> Stretches:
    made = finder.find(told.text, fold(told.text))
    names = set(parts(told))
    pairs = zip(made.starts.tolist(), made.ends.tolist(), strict=True)
    named = np.fromiter((one in names for one in pairs), np.bool_, made.starts.size)
    used = np.arange(named.size) % told.share == 0
    for one in told.unsure:
        used &= (made.starts >= one.end) | (made.ends <= one.start)
    if told.near:
        near = np.zeros(len(told.text) + 1, np.bool_)
        for one in told.names:
            near[max(0, one.start - _NEAR) : one.end + _NEAR] = True
        used &= near[made.starts]
    used |= named
    weights = np.where(named, 1, told.share).astype(np.float32)
    return Stretches(made.slots[used].astype(np.int32), named[used], weights[used])


def fit(taught: Iterable[Stretches]) -> tuple[npt.NDArray[np.float64], float]:
    """The weight of each slot, and the offset."""
    slots, named, weights = (np.concatenate(column) for column in zip(*taught, strict=True))
    ends = np.arange(0, slots.size + 1, slots.shape[1])
    ones = np.ones(slots.size, np.float32)
    seen = sp.csr_matrix((ones, slots.ravel(), ends), shape=(named.size, 1 << SLOT_BITS))
    machine = LogisticRegression(C=COST, max_iter=ROUNDS, tol=1e-6)
    machine.fit(seen, named, sample_weight=weights)
    return machine.coef_[0].astype(np.float64), float(machine.intercept_[0])


def _apart(name: str, taught: dict[str, Stretches], pack: Pack) -> Iterator[Figure]:
    """How much more is found in a file that the model has not seen."""
    notes = [one for one in own_notes() if one.half == "tune" and _file(one) == name]
    with TemporaryDirectory() as folder:
        others = [some for source, some in taught.items() if source != name]
        _written(Path(folder), others, "")
        for told, redactor in (
            ("rules", Redactor(pack.redaction)),
            ("rules and model", Redactor(pack.redaction, Tagger(Path(folder), pack.redaction))),
        ):
            yield from _figures(f"{name}, left out, {told}", notes, redactor)


def _figures(data: str, notes: Sequence[HiddenNote], redactor: Redactor) -> Iterator[Figure]:
    done = [redaction.judge(one, redactor) for one in notes]
    names = sum(true.kind == "name" for one in done for true in one.note.truth)
    missed = sum(true.kind == "name" for one in done for true in one.missed)
    lost, others = sum(len(one.needless) for one in done), sum(one.others for one in done)
    yield share(data, "recall of names", names - missed, names)
    yield share(data, "removed needlessly", lost, others)


def _written(folder: Path, taught: Sequence[Stretches], today: str) -> Card:
    content = graph(*fit(taught))
    card = Card(
        name=NAME,
        task="names",
        languages=("zh", "en"),
        file=f"{NAME}.onnx",
        sha256=hashlib.sha256(content).hexdigest(),
        version=VERSION,
        reads="slots",
        slot_bits=SLOT_BITS,
        known=KNOWN,
        marked=True,
        made=today,
        seed=SEED,
        licence="as the project; made of texts of our own and made-up names",
        trained_on=tuple(sources(sum(one.named.size for one in taught))),
        made_with=made_with(),
        limits=(
            "trained on made-up texts by a few hands, not on messages of patients",
            "finds half of what rules miss at best: a person looks before anything is sent",
        ),
    )
    return save(folder, card, content)


def sources(rows: int) -> Iterator[Source]:
    """What the texts and names are made of."""
    for place, where in ((MOULDS, "streams/training"), (BUNDLED / "redaction.toml", str(FOLDER))):
        yield own_source(place, where, rows)
