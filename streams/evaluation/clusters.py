"""Clustering of short texts: production's tokens and clusters, one text a minute, one pass."""

import json
import time
from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from river.cluster import TextClust

from streams.errors import OperatorError
from streams.evaluation.corpus import TEXTS, corpus
from streams.evaluation.partitions import Agreement, agreement
from streams.evaluation.row import Row
from windows.clusters import Clusters
from windows.fingerprints import fingerprint
from windows.texts import clean, terms

TASK = "clusters"
OWN = "own Chinese and mixed set"
FASTER_THAN_RIVER = 20.0
TIMED_TEXTS = 4_000
"""Texts on which river is measured, for a whole set would take it minutes."""
QUICK_TEXTS = 600
_RADIUS = 0.7
"""river's radius of the best figures measured on News-T."""

Goals = dict[str, float]
NEWS_GOALS: Goals = {"NMI": 0.91, "ARI": 0.77, "clusters / themes": 3.0}
OWN_GOALS: Goals = {"NMI": 0.90, "ARI": 0.80}


class NoLabelledTexts(OperatorError):
    """Give a JSONL file with `textCleaned` or `text`, and `clusterNo`, on every line."""


class Text(NamedTuple):
    """A text and the name of the theme it is about."""

    text: str
    theme: Hashable


class Run(NamedTuple):
    """How well, and how many texts per second of CPU; tokens are made before the clock starts."""

    agreement: Agreement
    speed: float


def evaluate(data: Path | None, *, quick: bool = False) -> list[Row]:
    """Rows for `data`, JSON lines with `textCleaned` (or `text`) and `clusterNo`, and our own set.

    No set is held out: thresholds were chosen where News-T, our own set, the simulator's phrases
    and two sets of questions are flat together. `quick` takes a few texts of each. Raises
    NoLabelledTexts.
    """
    sets = [(data.stem, list(read(data)), NEWS_GOALS)] if data else []
    own = corpus(QUICK_TEXTS if quick else TEXTS)
    sets.append((OWN, [Text(*labelled) for labelled in own], OWN_GOALS))
    return [
        row
        for name, texts, goals in sets
        for row in _rows(name, texts[:QUICK_TEXTS] if quick else texts, goals)
    ]


def read(data: Path) -> Iterator[Text]:
    """The labelled texts of a JSONL file. Raises NoLabelledTexts."""
    try:
        with data.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                yield _labelled(line, f"{data}, line {number}")
    except OSError as error:
        raise NoLabelledTexts(f"cannot read {data}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise NoLabelledTexts(f"{data} is not UTF-8") from None


def _labelled(line: str, where: str) -> Text:
    try:
        record = json.loads(line)
        text = record["textCleaned"] if "textCleaned" in record else record["text"]
        return Text(text, record["clusterNo"])
    except (ValueError, KeyError, TypeError):
        wanted = '{"text" or "textCleaned": ..., "clusterNo": ...}'
        raise NoLabelledTexts(f"{where} is not {wanted}") from None


def run(texts: Sequence[Text]) -> Run:
    """One pass of `windows.clusters.Clusters`, with links, as `agents.detect` uses it."""
    tokens = [terms(clean(text)) for text, _ in texts]
    clusters = Clusters()
    start = time.process_time()
    found = []
    for minute, words in enumerate(tokens):
        local = dict.fromkeys(words, 1)
        found.append(clusters.assign(local, 1, fingerprint(words), minute).cluster)
        clusters.link()
    speed = len(texts) / (time.process_time() - start)
    roots = [clusters.root(cluster) for cluster in found]
    return Run(agreement([theme for _, theme in texts], roots), speed)


def run_river(texts: Sequence[Text]) -> Run:
    """The same with river's TextClust, which learns a text and then names its cluster."""
    tokens = [dict.fromkeys(terms(clean(text)), 1) for text, _ in texts]
    model = TextClust(radius=_RADIUS, real_time_fading=False)
    start = time.process_time()
    found = []
    for words in tokens:
        model.learn_one(words)
        found.append(model.predict_one(words))
    speed = len(texts) / (time.process_time() - start)
    return Run(agreement([theme for _, theme in texts], found), speed)


def _rows(data: str, texts: Sequence[Text], goals: Goals) -> list[Row]:
    ours = run(texts)
    timed = texts[:TIMED_TEXTS]
    river, same = run_river(timed), run(timed)
    theirs = river.agreement
    themes = len({theme for _, theme in texts})
    on = f"river TextClust on the first {len(timed)}"
    peers = {
        "NMI": f"{on} {theirs.nmi:.3f}, ours {same.agreement.nmi:.3f}",
        "ARI": f"{on} {theirs.ari:.3f}, ours {same.agreement.ari:.3f}",
        "texts per second": f"{on} {river.speed:.0f}, ours {same.speed:.0f}",
    }
    figures = {
        "NMI": ours.agreement.nmi,
        "ARI": ours.agreement.ari,
        "homogeneity": ours.agreement.homogeneity,
        "completeness": ours.agreement.completeness,
        "clusters": float(ours.agreement.clusters),
        "clusters / themes": ours.agreement.clusters / themes,
        "texts per second": ours.speed,
        "speed / river's": same.speed / river.speed,
    }
    goals = {**goals, "speed / river's": FASTER_THAN_RIVER}
    return [
        Row(
            TASK,
            data,
            measure,
            value,
            goals.get(measure),
            not measure.startswith("clusters"),
            peers.get(measure, ""),
        )
        for measure, value in figures.items()
    ]
