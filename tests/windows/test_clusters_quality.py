"""One threshold for Chinese and English. `pytest -rP` shows the figures."""

import json
import os
import random
from collections.abc import Hashable, Sequence
from pathlib import Path

import pytest

from tests.windows.chinese_complaints import COMPLAINTS
from tests.windows.partition_scores import Scores, scores
from windows.clusters import Clusters
from windows.texts import clean, terms


def clustered(rows: Sequence[tuple[str, Hashable]]) -> Scores:
    clusters = Clusters()
    found = [
        clusters.assign(dict.fromkeys(terms(clean(text)), 1), 1, n, n // 50).cluster
        for n, (text, _) in enumerate(rows)
    ]
    result = scores([label for _, label in rows], found)
    print(" ".join(f"{name} {value:.3f}" for name, value in result._asdict().items()))
    return result


@pytest.mark.parametrize("seed", range(4))
def test_chinese_paraphrases_in_any_order(seed: int) -> None:
    rows = [(text, theme) for theme, texts in COMPLAINTS.items() for text in texts]
    random.Random(seed).shuffle(rows)
    result = clustered(rows)
    assert result.nmi > 0.88
    assert result.ari > 0.68
    assert result.homogeneity > 0.9


def test_english_news_titles_in_stream_order() -> None:
    path = Path(os.environ.get("GROUNDSWELL_DATA", "data"), "short_text", "News-T.jsonl")
    if not path.is_file():
        pytest.skip("set GROUNDSWELL_DATA to the folder that holds short_text/News-T.jsonl")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    result = clustered([(line["textCleaned"], line["clusterNo"]) for line in lines])
    assert result.nmi > 0.85
    assert result.ari > 0.6
    assert result.homogeneity > 0.9
