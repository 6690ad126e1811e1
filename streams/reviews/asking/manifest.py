"""What was put into which batch file of a night."""

from collections.abc import Iterable

import msgspec

from agents.llm.batch import custom_id, key_in
from agents.reviews.asking.question import Question
from agents.reviews.asking.settled import FINAL, Settled, best_of
from sinks.files import save
from streams.errors import OperatorError
from streams.reviews.asking.folder import AskingFolder, told

_NAME = "manifest.json"


class BatchFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file; `keys`: of its questions, in the order of its lines. `lost`: given up by whoever
    runs the night, so that its questions are asked again; its results are welcome still.
    """

    name: str
    round: int
    requests: int
    bytes: int
    sha256: str
    keys: tuple[str, ...]
    lost: bool = False


class Manifest(msgspec.Struct, frozen=True):
    """All batch files of a night, in rounds from 1."""

    date: str
    model: str
    files: tuple[BatchFile, ...] = ()

    @property
    def rounds(self) -> int:
        """How many there are."""
        return max((file.round for file in self.files), default=0)

    def in_flight(self, ends: Iterable[Settled]) -> list[BatchFile]:
        """Files of which no result is known. What a file that came back lacks, is missing."""
        back = {(end.round, end.key) for end in ends if end.round}
        return [
            file
            for file in self.files
            if not file.lost and not any((file.round, key) in back for key in file.keys)
        ]

    def given_up(self, ends: list[Settled]) -> "Manifest":
        """The same without hope for what is in flight."""
        names = {file.name for file in self.in_flight(ends)}
        files = (
            msgspec.structs.replace(file, lost=file.lost or file.name in names)
            for file in self.files
        )
        return msgspec.structs.replace(self, files=tuple(files))


def load_manifest(folder: AskingFolder, date: str, model: str) -> Manifest:
    """What has been written in this night. Raises OperatorError."""
    path = folder.batches / _NAME
    with told(path):
        if not path.exists():
            return Manifest(date, model)
        try:
            return msgspec.json.decode(path.read_bytes(), type=Manifest)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise OperatorError(f"{path} is damaged: remove {folder.path} to ask anew") from None


def save_manifest(folder: AskingFolder, manifest: Manifest) -> None:
    """Durable on return. Raises OperatorError."""
    path = folder.batches / _NAME
    with told(path):
        save(path, [msgspec.json.encode(manifest) + b"\n"])


def unasked(
    questions: Iterable[Question], ends: list[Settled], manifest: Manifest, *, again: bool = False
) -> list[Question]:
    """Those that may be asked: not ended for good, and in no file whose results may still come.

    `again`: also those that the model refused or answered in another form.
    """
    best, final = best_of(ends), {"answered"} if again else FINAL
    done = {key for key, end in best.items() if end.outcome in final}
    waiting = {key for file in manifest.in_flight(ends) for key in file.keys}
    # By key: copies of a text are one question.
    each = {one.key: one for one in questions}
    return [one for key, one in each.items() if key not in done and key not in waiting]


def question_in(
    name: str, questions: dict[str, Question], manifest: Manifest
) -> tuple[Question, int] | None:
    """Whose custom_id this is, and of which round; None: none of this night."""
    key, number = key_in(name)
    question = questions.get(key)
    if question is None or number > manifest.rounds:
        return None
    return (question, number) if custom_id(question.source, key, number) == name else None
