"""One setting for Chinese and English. `pytest -rP` shows the figures."""

import os
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from streams.evaluation.clusters import Text, read, run
from streams.evaluation.partitions import Agreement
from tests.windows.chinese_complaints import COMPLAINTS


def clustered(texts: Sequence[Text]) -> Agreement:
    result = run(texts).agreement
    print(" ".join(f"{name} {value:.3f}" for name, value in result._asdict().items()))
    return result


@pytest.mark.parametrize("seed", range(4))
def test_chinese_paraphrases_in_any_order(seed: int) -> None:
    texts = [Text(text, theme) for theme, said in COMPLAINTS.items() for text in said]
    random.Random(seed).shuffle(texts)
    result = clustered(texts)
    assert result.nmi > 0.9
    assert result.ari > 0.72
    assert result.homogeneity > 0.95


def test_english_news_titles_in_stream_order() -> None:
    path = Path(os.environ.get("GROUNDSWELL_DATA", "data"), "short_text", "News-T.jsonl")
    if not path.is_file():
        pytest.skip("set GROUNDSWELL_DATA to the folder that holds short_text/News-T.jsonl")
    texts = list(read(path))
    result = clustered(texts)
    assert result.nmi > 0.9
    assert result.ari > 0.73
    assert result.homogeneity > 0.92
    assert result.clusters < 3 * len({theme for _, theme in texts})
