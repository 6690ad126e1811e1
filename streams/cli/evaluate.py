"""`groundswell eval`: how good the decisions are, on labelled data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from rich.console import Console

    from streams.evaluation.report import Outcome, Report
    from streams.evaluation.tasks import Ask, Task

_TASKS = (
    *("spikes", "simulation", "clusters", "templates", "slices", "banned", "attributes"),
    *("sentiment", "campaigns", "knowledge", "dialogues", "stream", "causes"),
    *("intents-zh", "intents-en", "intents-other", "banking77", "clinc150", "slots"),
    "records",
    "records-summary",
    "redaction",
    "record-questions",
)


class _Seeds(click.ParamType):
    """Whole numbers and ranges, as in 3,900-909."""

    name = "seeds"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        seeds: list[int] = []
        for part in value.split(","):
            first, _, last = part.strip().partition("-")
            if not (first.isdecimal() and (last or first).isdecimal()):
                self.fail(f"{part!r} is no seed; write 7, 7,8 or 900-909", param, ctx)
            seeds += range(int(first), int(last or first) + 1)
        if not seeds or max(seeds) >= 2**32:
            self.fail(f"{value!r} holds no seed below 2**32", param, ctx)
        return tuple(dict.fromkeys(seeds))


@click.command("eval")
@click.argument("task", type=click.Choice((*_TASKS, "all")))
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Labelled data of the task's form, or a folder with the data of all (GROUNDSWELL_DATA).",
)
@click.option("--seeds", type=_Seeds(), metavar="N,N-M", help="Instead of the task's own.")
@click.option("--quick", is_flag=True, help="A small part: shows that it runs, nothing to quote.")
@click.option(
    "--misses",
    type=click.Choice(("tune", "test")),
    help="Print what is missed and wrong in this half of a set of records.",
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the figures with date, versions and seeds as JSON.",
)
@click.option(
    "--markdown",
    "markdown_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the table as Markdown.",
)
def evaluate(
    task: str,
    data: Path | None,
    seeds: tuple[int, ...] | None,
    quick: bool,
    misses: Literal["tune", "test"] | None,
    json_file: Path | None,
    markdown_file: Path | None,
) -> None:
    """Measure TASK and print its figures beside their goals and the best alternative known.

    Runs the classes that production runs, with production's defaults, in one pass and without
    looking ahead. It is a report: the exit code is 0 whether goals are met or not.

    \b
    spikes      counts of NAB: one threshold for all files
                --data: folder with data/FOLDER/FILE.csv, labels/combined_windows.json
    simulation  outbreaks in made-up counts per minute; takes --seeds
    clusters    short texts by theme: News-T, beside river's TextClust, and a Chinese set of our own
                --data: JSON lines with text (or textCleaned) and clusterNo
    templates   log lines by template: loghub-2k, beside drain3 where that is installed
                --data: folder with SYSTEM/*_structured.csv (Content, EventTemplate)
    slices      for whom it broke, or that no attribute explains it: made-up tables; takes --seeds
                --data: folder with CSV files and truth.json
    banned      evasions of banned words and innocent texts that look like them: our own set
    sentiment   sides of reviews by the committed models: ChnSentiCorp dev, Threads, own sentences
                --data: folder with chnsenticorp/ and reviews/threads_reviews.csv
    stream      simulated feedback and logs through all agents: found, delay, false incidents,
                slice, change, on 10 seeds that chose no parameter; takes --seeds
    causes      what the rules say of these incidents: slice cited, change claimed, none made up,
                on 10 other seeds that chose no parameter; takes --seeds
    attributes  what reviews say of quality, delivery, size, ...: our own hand-labelled Chinese and
                English set, of which one half chose nothing
                --data: JSON lines with text, lang and aspects ([[attribute, polarity], ...])
    campaigns   suspected fakes and campaigns in made-up nights of reviews, beside exact copies and
                bare MinHash, on 5 seeds that chose no parameter; takes --seeds
    knowledge   questions of people and the assistant's articles that answer them: our own Chinese
                and English set, of which one half chose nothing, and a set by another hand
    intents-zh  intents of messages by the committed models, on families of our own set that they
    intents-en  were not trained on
    intents-other
                the same of messages by another hand, as the assistant reads the first of a session
    banking77   the same recipe on 77 intents of a bank, five folds of train
                --data: folder with train.csv (text, category)
    clinc150    the same recipe on 150 intents and what is out of scope
                --data: folder with data_full.json
    records     diagnoses, results, medication, ... of patients' notes, Chinese and English: our own
                hand-written set, of which one half chose nothing; takes --misses
                --data: file or folder of notes in the form of sets/records/GUIDE.md
    records-summary
                the page of a patient: what must and what must not stand there, in thirty made-up
                histories, on which it was tuned; takes --misses
    redaction   identifiers taken out of notes and questions, and what is taken out needlessly: our
                own sets, made-up and by hand, of which one half chose nothing; takes --misses
    record-questions
                what questions about a record ask for, and whether they may be asked outside: our
                own set, of which one half chose nothing; takes --misses
    slots       amounts, cards, days, references and acts of messages: our own set
    dialogues   scripted customers and the assistant over an embedded bank, four times with shuffled
                timing and faults, judged by the bank's end state and what was said; takes --seeds
                --data: folder with TOML files of [[script]]
    all         all of these; takes tens of minutes

    GROUNDSWELL_DATA names a folder that holds nab, short_text/News-T.jsonl and loghub_2k. What
    needs data that is not there is left out, and the table says so.

    \b
    groundswell eval stream --seeds 7-9 --json stream.json
    groundswell eval templates --data logs
    """
    import os
    from datetime import UTC, datetime

    from rich.console import Console

    from streams.cli.progress import progress
    from streams.evaluation.report import Report, encode, markdown, versions
    from streams.evaluation.tasks import TASKS, Ask, data_of

    _check(task, TASKS, data, seeds, misses)
    names = list(TASKS) if task == "all" else [task]
    named = os.environ.get("GROUNDSWELL_DATA")
    folder = data if task == "all" and data else Path(named) if named else None
    asked = {name: data_of(TASKS[name], None if task == "all" else data, folder) for name in names}
    writers: dict[Path, Callable[[Report], bytes]] = {}
    if json_file:
        writers[json_file] = encode
    if markdown_file:
        writers[markdown_file] = lambda report: markdown(report).encode()
    _check_writable(writers)
    wrong: list[str] = []
    with progress() as say:
        outcomes = tuple(
            _measured(name, TASKS[name], Ask(asked[name], seeds, quick, say, misses, wrong.append))
            for name in names
        )
    for line in wrong:
        click.echo(line)
    report = Report(f"{datetime.now(UTC):%Y-%m-%d}", versions(), quick, outcomes)
    _show(Console(highlight=False), report)
    for file, writer in writers.items():
        file.write_bytes(writer(report))


def _check(
    name: str,
    tasks: dict[str, Task],
    data: Path | None,
    seeds: tuple[int, ...] | None,
    misses: str | None,
) -> None:
    if seeds and (name == "all" or not tasks[name].takes_seeds):
        with_seeds = ", ".join(name for name, task in tasks.items() if task.takes_seeds)
        raise click.UsageError(f"--seeds goes with one of {with_seeds}")
    if misses and (name == "all" or not tasks[name].takes_misses):
        with_misses = ", ".join(name for name, task in tasks.items() if task.takes_misses)
        raise click.UsageError(f"--misses goes with one of {with_misses}")
    if data and name != "all" and not tasks[name].takes_data:
        raise click.UsageError(f"{name} makes its own data; leave out --data")


def _check_writable(files: Iterable[Path]) -> None:
    """Better now than after an hour."""
    import tempfile

    from streams.errors import OperatorError

    for file in files:
        try:
            tempfile.TemporaryFile(dir=file.parent).close()
        except OSError as error:
            raise OperatorError(f"cannot write {file}: {error.strerror}") from None
        if file.is_dir():
            raise OperatorError(f"cannot write {file}: it is a folder")


def _measured(name: str, task: Task, ask: Ask) -> Outcome:
    from time import monotonic

    from streams.evaluation.report import Outcome
    from streams.evaluation.tasks import missing

    gone = missing(task, ask.data)
    if gone and not task.own:
        return Outcome(name, (), gone, ask.seeds, 0.0)
    ask.report(f"{name}: {task.summary}")
    start = monotonic()
    rows = tuple(task.run(ask))
    return Outcome(name, rows, gone, ask.seeds, round(monotonic() - start, 1))


def _show(console: Console, report: Report) -> None:
    from rich.markup import escape
    from rich.table import Table

    from streams.evaluation.report import headline, lines

    console.print(headline(report), markup=False, soft_wrap=True)
    table = Table("task", "data", "measure", "figure", "goal", "", "alternative", box=None)
    for row in lines(report.outcomes):
        table.add_row(*map(escape, row))
    if not console.is_terminal:
        # One line a row, as other programs like it; the table takes what it needs.
        console.width = 10_000
    console.print(table)
