from pathlib import Path

from streams.evaluation.dialogues.evaluation import GOAL, evaluate

_SCRIPTS = """
[[script]]
name = "en-balance-of-mine"
topic = "balance"
manner = "ordinary"
lang = "en"
customer = "c-0003"
turns = ["what is my balance?"]
[script.expect]
says = ["15780"]

[[script]]
name = "en-balance-of-nobody"
topic = "balance"
manner = "ordinary"
lang = "en"
customer = "c-0003"
turns = ["what is my balance?"]
[script.expect]
says = ["999999"]
"""


def test_rows_tell_of_each_run_and_of_all(tmp_path: Path) -> None:
    (tmp_path / "two.toml").write_text(_SCRIPTS)
    said: list[str] = []
    rows = evaluate(tmp_path, (7, 8), report=said.append)
    figures = {(row.data, row.measure): row for row in rows}
    for seed in (7, 8):
        passed = figures[f"run {seed}", "dialogues without a failure"]
        assert (passed.value, passed.goal, passed.counted) == (0.5, GOAL, "1 of 2")
        wrong = figures[f"run {seed}", "wrong writes"]
        assert (wrong.value, wrong.goal, wrong.higher_is_better) == (0.0, 0.0, False)
    assert figures["all runs", "balance"].counted == "2 of 4"
    assert figures["all runs", "dialogues that failed by: unsaid"].value == 2
    assert said == ["dialogues: run 7", "dialogues: run 8"]
