"""Result and error files of batches, taken into the night."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from agents.llm.batch_results import MOST_LINE, BatchResult, read_result, too_long
from agents.reviews.asking.question import Frame
from agents.reviews.asking.settled import Outcome, Settled, settled_from
from streams.errors import OperatorError
from streams.reviews.asking.folder import AskingFolder, told
from streams.reviews.asking.manifest import load_manifest, question_in

_TOGETHER = 500
"""Ends that are made durable at once."""
_BOM = b"\xef\xbb\xbf"


@dataclass
class Taken:
    """What the lines of the files were; they add up to `lines`.

    `new`: ends by their outcome. `known`: taken before. `unknown`: of no question of this night.
    `unreadable`: cut off, or no JSON.
    """

    lines: int
    new: dict[Outcome, int]
    known: int
    unknown: int
    unreadable: int


def take(folder: AskingFolder, paths: Sequence[Path], date: str, frame: Frame) -> Taken:
    """Read these files, in any order; hold the folder.

    What was taken before changes nothing, and no line ends the reading. Raises OperatorError.
    """
    if not paths:
        raise OperatorError("name at least one file with results")
    for path in paths:
        if not path.is_file():
            raise OperatorError(f"{path} is no file")
    questions, seed = folder.questions(), folder.seed()
    manifest = load_manifest(folder, date, frame.model)
    seen = set(folder.ends())
    taken = Taken(0, {}, 0, 0, 0)
    fresh: list[Settled] = []
    for path in sorted(paths):
        with told(path), path.open("rb") as file:
            for result in _results(file):
                taken.lines += 1
                if result is None:
                    taken.unreadable += 1
                    continue
                found = question_in(result.custom_id, questions, manifest)
                if found is None:
                    taken.unknown += 1
                    continue
                end = settled_from(result, found[0], frame, seed, found[1])
                if end in seen:
                    taken.known += 1
                    continue
                seen.add(end)
                taken.new[end.outcome] = taken.new.get(end.outcome, 0) + 1
                fresh.append(end)
                if len(fresh) >= _TOGETHER:
                    folder.learn(fresh)
                    fresh = []
    folder.learn(fresh)
    return taken


def _results(file: BinaryIO) -> Iterator[BatchResult | None]:
    """One for each line that is not blank."""
    first = True
    while line := file.readline(MOST_LINE):
        if first and line.startswith(_BOM):
            line = line.removeprefix(_BOM)
        first = False
        if len(line) >= MOST_LINE and not line.endswith(b"\n"):
            yield too_long(line)
            while (rest := file.readline(MOST_LINE)) and not rest.endswith(b"\n"):
                pass
        elif line.strip():
            yield read_result(line)
