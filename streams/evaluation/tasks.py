"""What `groundswell eval` measures: each task, the data it needs, and how to run it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Literal

from streams.errors import OperatorError
from streams.evaluation.row import Row

LAYOUT = "nab, short_text/News-T.jsonl, loghub_2k, chnsenticorp, reviews/threads_reviews.csv"
_NAB_LABELS = "labels/combined_windows.json"


class NoData(OperatorError):
    """Name a file or folder that is there."""


@dataclass(frozen=True)
class Ask:
    """What a task is to do; `seeds` None: its own; `report` is told what it does now.

    `misses`: the half of a set of which `detail` is told what is wrong, a line each.
    """

    data: Path | None = None
    seeds: tuple[int, ...] | None = None
    quick: bool = False
    report: Callable[[str], None] = lambda _: None
    misses: Literal["tune", "test"] | None = None
    detail: Callable[[str], None] = lambda _: None


@dataclass(frozen=True)
class Task:
    """`place`: where its data lies in the data folder; `own`: what it measures without any.

    `takes_data`, `takes_seeds` and `takes_misses` say which options mean something to it.
    """

    run: Callable[[Ask], Sequence[Row]]
    summary: str
    place: str = ""
    own: str = ""
    takes_data: bool = True
    takes_seeds: bool = False
    takes_misses: bool = False


def data_of(task: Task, given: Path | None, folder: Path | None) -> Path | None:
    """Where the data of a task is, `given` for it alone or in a data folder; None: nowhere.

    Raises NoData if what is named is not there.
    """
    named = given or folder
    if named is None or not task.takes_data:
        return None
    if not named.exists():
        raise NoData(f"no such file or folder: {named}; a data folder holds {LAYOUT}")
    if task.place and (named / task.place).exists():
        return named / task.place
    return given


def missing(task: Task, data: Path | None) -> str:
    """What a task does not measure without data, and what to do; empty if nothing."""
    if data is not None or not task.place:
        return ""
    rest = f"; measured on {task.own} only" if task.own else ""
    return f"needs {task.place}: give --data, or set GROUNDSWELL_DATA to a folder with it{rest}"


def _spikes(ask: Ask) -> list[Row]:
    if ask.data is None:
        raise NoData(missing(TASKS["spikes"], None))
    if not (ask.data / _NAB_LABELS).is_file():
        raise NoData(f"{ask.data} is no copy of NAB: it has no {_NAB_LABELS}")
    spikes = import_module("streams.evaluation.spikes")
    rows: list[Row] = spikes.evaluate_tweets(ask.data)
    return rows if ask.quick else rows + spikes.evaluate_all(ask.data)


def _simulation(ask: Ask) -> list[Row]:
    spikes = import_module("streams.evaluation.spikes")
    seeds = ask.seeds or spikes.SEEDS
    rows: list[Row] = (
        spikes.evaluate_simulation(seeds[:1], clusters=100, days=9, learn_days=7)
        if ask.quick
        else spikes.evaluate_simulation(seeds)
    )
    return rows


def _clusters(ask: Ask) -> list[Row]:
    from streams.evaluation.clusters import evaluate

    return evaluate(ask.data, quick=ask.quick)


def _templates(ask: Ask) -> list[Row]:
    from streams.evaluation.templates import evaluate

    if ask.data is None:
        raise NoData(missing(TASKS["templates"], None))
    return evaluate(ask.data)


def _slices(ask: Ask) -> list[Row]:
    from streams.evaluation.slices import evaluate

    return evaluate(ask.data, ask.seeds, quick=ask.quick)


def _stream(ask: Ask) -> list[Row]:
    from streams.evaluation.stream import evaluate

    return evaluate(ask.seeds, quick=ask.quick, report=ask.report)


def _causes(ask: Ask) -> list[Row]:
    from streams.evaluation.causes import evaluate

    return evaluate(ask.seeds, quick=ask.quick, report=ask.report)


def _banned(_: Ask) -> list[Row]:
    from streams.evaluation.banned import evaluate

    return evaluate()


def _attributes(ask: Ask) -> list[Row]:
    from streams.evaluation.attributes import evaluate

    return evaluate(ask.data, quick=ask.quick)


def _campaigns(ask: Ask) -> list[Row]:
    from streams.evaluation.campaigns import evaluate

    return evaluate(ask.seeds, quick=ask.quick, report=ask.report)


def _knowledge(_: Ask) -> list[Row]:
    from streams.evaluation.knowledge import evaluate

    return evaluate()


def _dialogues(ask: Ask) -> list[Row]:
    from streams.evaluation.dialogues.evaluation import evaluate

    return evaluate(ask.data, ask.seeds, quick=ask.quick, report=ask.report)


def _sentiment(ask: Ask) -> list[Row]:
    from streams.evaluation.sentiment import evaluate

    # Both sets lie in one folder, of which the task's place is a part.
    return evaluate(ask.data.parent if ask.data else None)


def _intents_zh(_: Ask) -> list[Row]:
    from streams.evaluation.intents import evaluate_own

    return evaluate_own("zh")


def _intents_en(_: Ask) -> list[Row]:
    from streams.evaluation.intents import evaluate_own

    return evaluate_own("en")


def _intents_other(_: Ask) -> list[Row]:
    from streams.evaluation.intents_other import evaluate

    return evaluate()


def _banking(ask: Ask) -> list[Row]:
    from streams.evaluation.intents import evaluate_banking

    if ask.data is None:
        raise NoData(missing(TASKS["banking77"], None))
    return evaluate_banking(ask.data.parent, quick=ask.quick)


def _clinc(ask: Ask) -> list[Row]:
    from streams.evaluation.intents import evaluate_clinc

    if ask.data is None:
        raise NoData(missing(TASKS["clinc150"], None))
    return evaluate_clinc(ask.data.parent)


def _slots(_: Ask) -> list[Row]:
    from streams.evaluation.slots import evaluate

    return evaluate()


def _records(ask: Ask) -> list[Row]:
    from streams.evaluation.records import evaluate

    return evaluate(ask.data, quick=ask.quick, misses=ask.misses, detail=ask.detail)


def _records_summary(ask: Ask) -> list[Row]:
    from streams.evaluation.records_summary import evaluate

    return evaluate(misses=ask.misses is not None, detail=ask.detail)


def _redaction(ask: Ask) -> list[Row]:
    from streams.evaluation.redaction import evaluate

    return evaluate(quick=ask.quick, misses=ask.misses, detail=ask.detail)


def _record_questions(ask: Ask) -> list[Row]:
    from streams.evaluation.record_questions import evaluate

    return evaluate(misses=ask.misses, detail=ask.detail)


TASKS = {
    "spikes": Task(_spikes, "spikes in a copy of NAB", "nab"),
    "clusters": Task(
        _clusters,
        "themes of short texts, in the form of News-T, and of our own Chinese set",
        "short_text/News-T.jsonl",
        "our own set",
    ),
    "templates": Task(_templates, "log templates, in the layout of loghub-2k", "loghub_2k"),
    "slices": Task(_slices, "for whom it broke: made-up cases", takes_seeds=True),
    "attributes": Task(_attributes, "attributes with polarity of hand-labelled reviews"),
    "sentiment": Task(
        _sentiment,
        "sides of reviews: ChnSentiCorp, Threads, and our own sentences",
        "chnsenticorp",
        "our own sentences",
    ),
    "intents-zh": Task(_intents_zh, "Chinese intents: our own families", takes_data=False),
    "intents-en": Task(_intents_en, "English intents: our own families", takes_data=False),
    "intents-other": Task(
        _intents_other, "intents of messages by another hand, out of scope too", takes_data=False
    ),
    "banking77": Task(_banking, "English questions to a bank: 77 intents, 5-fold", "banking77"),
    "clinc150": Task(_clinc, "150 intents and what is out of scope", "clinc150"),
    "slots": Task(_slots, "amounts, cards, days and acts: our own set", takes_data=False),
    "simulation": Task(
        _simulation, "outbreaks in made-up minute counts", takes_data=False, takes_seeds=True
    ),
    "banned": Task(_banned, "banned words, however they are written", takes_data=False),
    "knowledge": Task(_knowledge, "questions and the articles that answer them", takes_data=False),
    "records": Task(
        _records, "what patients' notes say: our own hand-written set", takes_misses=True
    ),
    "records-summary": Task(
        _records_summary,
        "the page of a patient: thirty made-up histories",
        takes_data=False,
        takes_misses=True,
    ),
    "redaction": Task(
        _redaction, "who and where, taken out of notes", takes_data=False, takes_misses=True
    ),
    "record-questions": Task(
        _record_questions,
        "what questions about records ask for",
        takes_data=False,
        takes_misses=True,
    ),
    "stream": Task(
        _stream, "simulated incidents through all agents", takes_data=False, takes_seeds=True
    ),
    "causes": Task(
        _causes, "causes of simulated incidents by rules", takes_data=False, takes_seeds=True
    ),
    "dialogues": Task(
        _dialogues, "whole dialogues of scripted customers with the assistant", takes_seeds=True
    ),
    "campaigns": Task(
        _campaigns, "fakes and campaigns among made-up reviews", takes_data=False, takes_seeds=True
    ),
}
"""In the order in which `all` runs them: what may be refused comes first."""
