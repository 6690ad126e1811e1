"""What a night has asked and learnt, in a folder: it outlives the process at any moment."""

import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from agents.reviews.asking.question import Question
from agents.reviews.asking.settled import Settled, best_of, decode_settled
from schemas.errors import NotOurs
from sinks.files import locked, save
from streams.errors import OperatorError

_SEED_BYTES = 8


class AskingFolder:
    """`seed`: from it the fences of the data are made; whoever reads it could forge them.
    `questions.ndjson`: every question ever asked in this night. `answers.ndjson`: how each ended,
    a line at a time as it ends. `batch/`: files for a server.

    One process at a time writes to it (`held`). Raises OperatorError for what a folder can do.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.batches = path / "batch"
        self._questions = path / "questions.ndjson"
        self._answers = path / "answers.ndjson"
        self._seed = path / "seed"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Make the folder, and keep others from writing to it."""
        with told(self.path):
            self.batches.mkdir(parents=True, exist_ok=True)
            try:
                lock = locked(self.path / ".lock")
            except BlockingIOError:
                raise OperatorError(
                    f"another process asks for the night of {self.path}: wait for it, or end it"
                ) from None
        with lock:
            yield

    def seed(self) -> int:
        """Made once for a night, so that the same question is the same bytes."""
        with told(self._seed):
            if not self._seed.exists():
                save(self._seed, [secrets.token_hex(_SEED_BYTES).encode()], mode=0o600)
            try:
                return int(self._seed.read_text(), 16)
            except ValueError:
                raise OperatorError(f"{self._seed} is damaged: remove {self.path}") from None

    def questions(self) -> dict[str, Question]:
        """By key, every one ever asked in this night."""
        with told(self._questions):
            if not self._questions.exists():
                return {}
            decode = msgspec.json.Decoder(Question).decode
            try:
                each = [decode(line) for line in self._questions.read_bytes().splitlines()]
            except (msgspec.MsgspecError, UnicodeDecodeError):
                raise OperatorError(
                    f"{self._questions} is damaged: remove {self.path} to ask anew"
                ) from None
        return {one.key: one for one in each}

    def remember(self, questions: Iterable[Question]) -> list[Question]:
        """These questions as they were asked first, if they were; durable on return."""
        known = self.questions()
        before = len(known)
        asked = [known.setdefault(one.key, one) for one in questions]
        if len(known) > before:
            with told(self._questions):
                lines = (msgspec.json.encode(known[key]) + b"\n" for key in sorted(known))
                save(self._questions, lines)
        return asked

    def ends(self) -> list[Settled]:
        """Every end of every question, as they came. What was cut by a crash is left out."""
        with told(self._answers):
            if not self._answers.exists():
                return []
            found = []
            for line in self._answers.read_bytes().splitlines():
                try:
                    found.append(decode_settled(line))
                except NotOurs:
                    continue
        return found

    def settled(self) -> dict[str, Settled]:
        """The best end of each question."""
        return best_of(self.ends())

    def learn(self, ends: Sequence[Settled]) -> None:
        """Durable on return."""
        if not ends:
            return
        with told(self._answers), self._answers.open("a+b") as file:
            # After a crash the last line may have no end; ours must not become part of it.
            if file.tell() and not _ends_line(file.fileno(), file.tell()):
                file.write(b"\n")
            file.write(b"".join(msgspec.json.encode(end) + b"\n" for end in ends))
            file.flush()
            os.fsync(file.fileno())


def _ends_line(handle: int, size: int) -> bool:
    return os.pread(handle, 1, size - 1) == b"\n"


@contextmanager
def told(path: Path) -> Iterator[None]:
    """What the system says of a file, in one line. Raises OperatorError."""
    try:
        yield
    except OSError as error:
        what = error.filename or path
        raise OperatorError(f"cannot use {what}: {error.strerror or error}") from None
