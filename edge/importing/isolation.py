"""Has a file parsed by a process of its own (edge.importing.reader) and distrusts its answer."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from threading import Thread
from typing import IO

import msgspec

from edge import guard
from edge.importing.allowance import wall_seconds
from edge.importing.answer import Answer
from edge.importing.errors import Broken, TooHeavy, refusal
from edge.importing.imported import Reading
from schemas.records import Format

_MOST_ANSWER = 8 << 20
_ROOT = Path(__file__).parents[2]
_decode = msgspec.json.Decoder(Answer).decode


def parse(content: bytes, form: Format, seconds: float | None = None) -> Reading:
    """What the child reads in it within `seconds`. Raises Refused; the child is gone on return."""
    # Nothing of our own environment: it is none of the child's business.
    child = subprocess.Popen(
        guard.child("edge.importing.reader"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd="/",
        env={"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"},
        start_new_session=True,
    )  # fmt: skip
    try:
        return _answer(
            child,
            form.encode() + b"\n" + content,
            wall_seconds(len(content)) if seconds is None else seconds,
        )
    finally:
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()


def _answer(child: subprocess.Popen[bytes], content: bytes, seconds: float) -> Reading:
    assert child.stdin is not None
    assert child.stdout is not None
    said: list[bytes] = []
    told = Thread(target=_tell, args=(child.stdin, content), daemon=True)
    heard = Thread(target=_hear, args=(child.stdout, said), daemon=True)
    told.start()
    heard.start()
    heard.join(seconds)
    if heard.is_alive():
        child.kill()
        heard.join()
        told.join()
        raise TooHeavy("time")
    told.join()
    if child.wait() in (-signal.SIGXCPU, -signal.SIGKILL):
        raise TooHeavy("time")
    return _checked(said[0])


def _tell(pipe: IO[bytes], content: bytes) -> None:
    try:
        pipe.write(content)
        pipe.close()
    except OSError:
        pass  # It ended before it had read all: its answer, or the lack of one, says why.


def _hear(pipe: IO[bytes], said: list[bytes]) -> None:
    said.append(pipe.read(_MOST_ANSWER + 1))


def _checked(said: bytes) -> Reading:
    """An answer in the form agreed, with every place inside the text. Raises Refused."""
    try:
        answer = _decode(said)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Broken("answer") from None
    if answer.reading is None:
        raise refusal(answer.refused)
    reading = answer.reading
    for item in reading.items:
        for span in (item.span, item.sentence):
            if not 0 <= span.start <= span.end <= len(reading.text):
                raise Broken("answer")
    return reading
