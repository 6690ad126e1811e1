"""Rows for `groundswell eval dialogues`."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from streams.evaluation.dialogues.loading import scripts
from streams.evaluation.dialogues.running import Judged, run
from streams.evaluation.dialogues.staff import production
from streams.evaluation.row import Row

TASK = "dialogues"
SEEDS = (1, 2, 3, 4)
GOAL = 0.95
_QUICK = 3


def evaluate(
    data: Path | None,
    seeds: Sequence[int] | None = None,
    *,
    quick: bool = False,
    report: Callable[[str], None] = lambda _: None,
) -> list[Row]:
    """Shares of dialogues without a failure and wrong writes, for each run. Raises BadScript.

    `quick`: every third script of the half that may be looked at, once.
    """
    played = scripts(data)
    if quick:
        played = [one for one in played if not one.held_out][::_QUICK]
    staff = production()
    rows: list[Row] = []
    every: list[Judged] = []
    for seed in seeds or SEEDS[: 1 if quick else None]:
        report(f"{TASK}: run {seed}")
        judged = run(played, staff, seed)
        every += judged
        rows += _of_run(seed, judged)
    return [*rows, *_of_all(every)]


def _of_run(seed: int, judged: Sequence[Judged]) -> Iterator[Row]:
    where = f"run {seed}"
    yield _share(where, "dialogues without a failure", judged, GOAL)
    for lang, name in (("zh", "Chinese"), ("en", "English")):
        yield _share(where, f"{name} ones", [one for one in judged if one.script.lang == lang])
    held = [one for one in judged if one.script.held_out]
    yield _share(where, "held-out half", held)
    wrong = float(sum(one.wrong_writes for one in judged))
    yield Row(TASK, where, "wrong writes", wrong, 0.0, False, "")


def _of_all(judged: Sequence[Judged]) -> Iterator[Row]:
    where = "all runs"
    for topic in sorted({one.script.topic for one in judged}):
        yield _share(where, topic, [one for one in judged if one.script.topic == topic])
    causes = Counter(cause for one in judged for cause in {f.cause for f in one.failures})
    for cause, count in causes.most_common():
        yield Row(TASK, where, f"dialogues that failed by: {cause}", count, None, False, "")
    slowest = max((step.seconds for one in judged for step in one.transcript.steps), default=0.0)
    yield Row(TASK, where, "slowest turn, ms", slowest * 1000, None, False, "")


def _share(where: str, measure: str, judged: Sequence[Judged], goal: float | None = None) -> Row:
    right, of = sum(not one.failures for one in judged), len(judged)
    value = right / of if of else float("nan")
    return Row(TASK, where, measure, value, goal, True, "", f"{right} of {of}")
