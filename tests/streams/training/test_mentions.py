import tomllib
from pathlib import Path

import pytest

from agents.models.card import Card, read
from agents.models.mentions import CARD, OWN
from agents.records.guard import HERE
from agents.records.pack import BUNDLED
from streams.evaluation.record_sets import parse
from streams.training import mentions as training
from streams.training.mentions_texts import KINDS, MOULDS, hands, of_moulds, of_notes

NOTE = """=== t-1 | split=tune | date=2025-03-02
有高血压，无糖尿病，父亲患胃癌，冠心病，邻居脑梗死。可疑肺炎。
---
diagnosis | 高血压
diagnosis | 糖尿病 | certainty=refuted
family | 胃癌 | relative=父亲
other | 脑梗死
diagnosis | 肺炎 | certainty=uncertain
"""


def test_two_readings_of_each_mention_that_a_fact_tells_of() -> None:
    told = of_notes({"t": list(parse(NOTE, "t"))})
    assert [one.kind for one in told[::2]] == ["own", "denied", "other", "other", "own"]
    assert [one.kind for one in told[1::2]] == [one.kind for one in told[::2]]
    assert all(HERE in one.text and one.hand == "t" for one in told)


def test_only_notes_that_rules_may_be_chosen_on() -> None:
    notes = hands()
    assert len(notes) >= 12
    assert {one.whole for some in notes.values() for one in some} == {True, False}
    assert {one.half for some in notes.values() for one in some} == {"tune"}


def test_every_mould_has_its_clauses_and_the_same_seed_the_same() -> None:
    moulds = tomllib.loads(MOULDS.read_text("utf-8"))["kinds"]
    assert set(moulds) == set(KINDS)
    assert OWN in KINDS
    first = of_moulds(each=2, seed=7)
    assert len(first) == 2 * sum(map(len, moulds.values()))
    assert of_moulds(each=2, seed=7) == first
    assert of_moulds(each=2, seed=8) != first
    assert all("L" in one for some in moulds.values() for one in some)


@pytest.mark.slow
def test_the_bundled_model_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Its figures take longer than it.
    monkeypatch.setattr(training, "judged", lambda *_: iter(()))
    training.make(tmp_path, today="2026-01-01")
    bundled: Card = read(BUNDLED / CARD)
    assert bundled.sha256 == read(tmp_path / CARD).sha256
