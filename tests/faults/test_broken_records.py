"""Every kind of broken record becomes a dead letter that can be listed, read and sent again."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from schemas.dead_letters import DeadLetter
from schemas.errors import Reason
from schemas.times import MINUTE_MS
from tests.support.burst import START_MS, event
from tests.support.ledger import headers_of
from tests.support.waiting import until
from tests.support.workers import ROOT

if TYPE_CHECKING:
    from tests.support.stream import Stream

pytestmark = [pytest.mark.broker, pytest.mark.slow]

MS = START_MS + 59_000
"""Late in its minute, so that a second of silence closes it."""
QUICK: dict[str, Any] = {"idle_seconds": 1, "lateness_ms": 0}
AHEAD = event("dated ten minutes ahead", MS + 10 * MINUTE_MS, "ahead")
BROKEN: list[tuple[Reason, bytes | None]] = [
    (Reason.NOT_JSON, b'{"text": "cut off'),
    (Reason.NOT_JSON, b'{"text": "deep", "unknown": ' + b"[" * 100_000),
    (Reason.WRONG_TYPE, b'{"text": 17}'),
    (Reason.WRONG_TYPE, b'["text"]'),
    (Reason.WRONG_TYPE, b'{"text": "attributes", "attributes": {"os": ["ios"]}}'),
    (Reason.INVALID_UTF8, b'{"text": "\xff\xfe"}'),
    (Reason.EMPTY_TEXT, b'{"text": " \\n"}'),
    (Reason.EMPTY_TEXT, None),
    (Reason.TEXT_TOO_LONG, b'{"text": "%s"}' % (b"x" * 40_000)),
    (Reason.MESSAGE_TOO_LARGE, b'{"text": "%s"}' % (b"x" * 10_000_000)),
    (Reason.CONTROL_CHARACTERS, b'{"text": "a\\u0000b"}'),
    (Reason.TIME_OUT_OF_RANGE, b'{"text": "years ago", "time": "1970-01-01T00:00:00Z"}'),
    (Reason.FUTURE, AHEAD),
]
SOURCE = ("feedback.app", 1)


def test_every_kind_of_broken_record(stream: Stream) -> None:
    stream.write(SOURCE, [event("fine", MS, "fine")], MS)
    stream.write(SOURCE, [value for _, value in BROKEN], MS)
    worker = stream.workers.start(**QUICK)
    until(lambda: stream.look().accounted == stream.written, "all are accounted for")
    assert worker.stop() == 0
    letters = stream.settle().letters
    assert len(letters) == len(BROKEN)
    for offset, (reason, value) in enumerate(BROKEN, start=1):
        message = letters[f"feedback.app-1@{offset}"]
        letter = DeadLetter.of_headers(headers_of(message))
        assert (letter.reason, letter.topic, letter.partition) == (reason, *SOURCE)
        assert (letter.offset, letter.time_ms) == (offset, MS)
        assert (message.value(), message.key()) == (value, b"key")
        assert ("origin", b"test") in headers_of(message)

    last = f"feedback.app-1@{len(BROKEN)}"
    listed = groundswell(stream, "list").decode().splitlines()
    assert len(listed) == len(BROKEN) + 1
    assert f"{last}  future" in listed[-2]
    assert listed[-1].startswith(f"{len(BROKEN)} dead letters: control_characters 1, empty_text 2,")
    assert groundswell(stream, "show", "feedback.app-1@6") == BROKEN[5][1]

    # The rule has been relaxed, so that what was refused is fine now.
    assert groundswell(stream, "requeue", last) == b"1 records requeued\n"
    stream.requeued(1)
    later_ms = MS + 15 * MINUTE_MS
    for place in range(2):
        stream.write(("feedback.app", place), [event("later", later_ms, f"{place}")], later_ms)
    worker = stream.workers.start(**QUICK, max_ahead_ms=60 * MINUTE_MS)
    until(lambda: stream.look().accounted == stream.written, "it is accounted for")
    until(lambda: all(p.idle for p in stream.look().progress.values()), "all minutes are closed")
    assert len(stream.settle().letters) == len(BROKEN)
    assert sum(c.accepted for c in stream.ledger.counters()) == 1 + 1 + 2
    assert worker.stop() == 0


def groundswell(stream: Stream, *arguments: str) -> bytes:
    """What `groundswell dead-letters` prints."""
    command = [sys.executable, "-m", "streams", "dead-letters", *arguments]
    command += ["--bootstrap", stream.bootstrap, "--prefix", stream.prefix]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
