"""Batch files of a night, for a server or for `vllm run-batch`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path

import msgspec

from agents.llm.batch import MOST_BYTES, MOST_REQUESTS, custom_id, parted, request_line
from agents.llm.client import request_of
from agents.llm.probe import Form, response_format
from agents.llm.settings import Limits, ModelSettings
from agents.reviews.asking.cost import Prices, within
from agents.reviews.asking.night import BUDGET_SPENT
from agents.reviews.asking.question import NAME, Frame, Question, marks_of, messages_of, schema_of
from sinks.files import save
from streams.errors import OperatorError
from streams.reviews.asking.account import committed
from streams.reviews.asking.folder import AskingFolder, told
from streams.reviews.asking.manifest import (
    BatchFile,
    load_manifest,
    save_manifest,
    unasked,
)

_Line = Callable[[Question, int], bytes]


@dataclass(frozen=True)
class Sizes:
    """The most requests and bytes of a file. Raises ValueError for more than servers take."""

    requests: int = MOST_REQUESTS
    bytes: int = MOST_BYTES

    def __post_init__(self) -> None:
        if not (0 < self.requests <= MOST_REQUESTS and 0 < self.bytes <= MOST_BYTES):
            raise ValueError(
                f"a batch file has 1 to {MOST_REQUESTS} requests and 1 to {MOST_BYTES} bytes"
            )


@dataclass(frozen=True)
class Exported:
    """`paths`: files to be sent. `left`: why other questions are in none, by key."""

    paths: tuple[Path, ...]
    left: dict[str, str]


def export(
    folder: AskingFolder,
    date: str,
    questions: Sequence[Question],
    model: ModelSettings,
    frame: Frame,
    *,
    night: Limits,
    prices: Prices,
    form: Form = "json_schema",
    sizes: Sizes = Sizes(),
    lost: bool = False,
    again: bool = False,
) -> Exported:
    """Files `DATE.ROUND-PART.jsonl`; none if every question has ended.

    Hold the folder. What no file of an earlier round asks, or what came back expired, failed or not
    at all, makes a new round, as far as the `night` may cost. If there is nothing of that, the
    files that wait for results are given again, with the same bytes even if they were damaged.
    `lost`: give those up and ask anew. `again`: ask also what the model refused or answered in
    another form. Raises OperatorError.
    """
    # Remembered first: no result may find a question unknown.
    asked = folder.remember(questions)
    known, seed, ends = folder.questions(), folder.seed(), folder.ends()
    manifest = load_manifest(folder, date, model.model)
    if lost:
        manifest = manifest.given_up(ends)

    def line(question: Question, number: int) -> bytes:
        messages = messages_of(question, frame, marks_of(question, seed))
        wanted = response_format(form, schema_of(question.asks, frame), NAME)
        body = request_of(model, messages, wanted, model.answer_tokens)
        return request_line(custom_id(question.source, question.key, number), body)

    spent = committed(ends, manifest, known, frame, prices)
    open_ = unasked(asked, ends, manifest, again=again)
    new = within(open_, night, frame, prices, spent)
    left = {question.key: BUDGET_SPENT for question in open_[len(new) :]}
    if new:
        try:
            made = _new_round(folder.batches, date, manifest.rounds + 1, new, line, sizes)
        except ValueError as error:
            raise OperatorError(f"{error}: allow larger files") from None
        # The manifest last: files that it does not name were never given to anybody.
        save_manifest(folder, msgspec.structs.replace(manifest, files=(*manifest.files, *made)))
    else:
        waiting = manifest.in_flight(ends)
        made = [_whole(folder.batches, file, known, line) for file in waiting]
        renewed = {file.name: file for file in made}
        files = tuple(renewed.get(file.name, file) for file in manifest.files)
        if files != manifest.files:
            save_manifest(folder, msgspec.structs.replace(manifest, files=files))
    return Exported(tuple(folder.batches / file.name for file in made), left)


def _new_round(
    path: Path, date: str, number: int, questions: Sequence[Question], line: _Line, sizes: Sizes
) -> list[BatchFile]:
    keys = iter([question.key for question in questions])
    lines = (line(question, number) for question in questions)
    found = []
    with told(path):
        # Of a run that was killed before its manifest: nobody was given them.
        for stale in path.glob(f"{date}.{number}-*.jsonl"):
            stale.unlink()
    for part, group in groupby(parted(lines, sizes.requests, sizes.bytes), key=itemgetter(0)):
        name = f"{date}.{number}-{part:03}.jsonl"
        found.append(_write(path / name, number, [line for _, line in group], keys))
    return found


def _write(path: Path, number: int, lines: list[bytes], keys: Iterator[str]) -> BatchFile:
    with told(path):
        save(path, lines)
    body = sha256()
    for one in lines:
        body.update(one)
    size = sum(map(len, lines))
    own = tuple(islice(keys, len(lines)))
    return BatchFile(path.name, number, len(lines), size, body.hexdigest(), own)


def _whole(path: Path, file: BatchFile, known: dict[str, Question], line: _Line) -> BatchFile:
    """The file as it was given away, written again if it is not."""
    with told(path / file.name):
        try:
            if sha256((path / file.name).read_bytes()).hexdigest() == file.sha256:
                return file
        except FileNotFoundError:
            pass
    lines = [line(known[key], file.round) for key in file.keys if key in known]
    return _write(path / file.name, file.round, lines, iter(file.keys))
