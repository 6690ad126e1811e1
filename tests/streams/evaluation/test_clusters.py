import json
from pathlib import Path

import pytest

from streams.evaluation.clusters import NoLabelledTexts, Text, evaluate, read, run, run_river
from streams.evaluation.corpus import corpus

TEXTS = [Text(*labelled) for labelled in corpus(600)]


def test_reads_both_forms(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    lines = [{"Id": "1", "clusterNo": 4, "textCleaned": "a b"}, {"clusterNo": "x", "text": "c"}]
    path.write_text("\n".join(map(json.dumps, lines)))
    assert list(read(path)) == [("a b", 4), ("c", "x")]


@pytest.mark.parametrize("wrong", [b'{"clusterNo": 1}', b"plain", b"[1]", b"\xff\xfe"])
def test_another_form_is_refused_with_the_place(tmp_path: Path, wrong: bytes) -> None:
    path = tmp_path / "set.jsonl"
    path.write_bytes(b'{"text": "a", "clusterNo": 1}\n' + wrong)
    with pytest.raises(NoLabelledTexts, match=r"set\.jsonl"):
        list(read(path))
    with pytest.raises(NoLabelledTexts, match="cannot read"):
        list(read(tmp_path / "missing"))


def test_one_pass_is_repeatable_and_far_better_than_chance() -> None:
    first, second = run(TEXTS), run(TEXTS)
    assert first.agreement == second.agreement
    assert first.agreement.ari > 0.4
    assert first.agreement.homogeneity > 0.85
    assert first.speed > 0.0


def test_river_runs_on_the_same_tokens() -> None:
    river = run_river(TEXTS[:150])
    assert 1 < river.agreement.clusters <= 150
    assert river.agreement.nmi > 0.3
    assert river.speed > 0.0


def test_rows_for_the_data_and_for_our_own_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.evaluation.clusters.TIMED_TEXTS", 100)
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join(json.dumps({"text": t, "clusterNo": n}) for t, n in TEXTS))
    rows = evaluate(path)
    measures = [row.measure for row in rows if row.data == "mine"]
    assert measures[:3] == ["NMI", "ARI", "homogeneity"]
    assert {row.data for row in rows} == {"mine", "own Chinese and mixed set"}
    assert all(row.task == "clusters" and row.value > 0.0 for row in rows)
    goals = {row.measure: row.goal for row in rows if row.data == "mine"}
    assert goals["NMI"] == 0.91
    assert goals["texts per second"] is None
    faster = {row.measure: row.higher_is_better for row in rows}
    assert faster["ARI"]
    assert not faster["clusters / themes"]
    assert "river TextClust" in next(row.alternative for row in rows if row.measure == "NMI")


def test_without_data_our_own_set_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.evaluation.clusters.TIMED_TEXTS", 100)
    assert {row.data for row in evaluate(None, quick=True)} == {"own Chinese and mixed set"}
