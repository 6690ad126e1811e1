import time

from streams.play.player import _paced
from streams.play.reading import Played

HOUR_MS = 3_600_000


def test_only_what_arrives_later_is_paced() -> None:
    messages = [Played(at, "feedback.app", b"{}") for at in (0, HOUR_MS, 3 * HOUR_MS)]
    messages += [Played(3 * HOUR_MS + late, "feedback.app", b"{}") for late in (100, 200)]
    started = time.monotonic()
    assert list(_paced(messages, 1.0, 2 * HOUR_MS)) == messages
    assert 0.2 <= time.monotonic() - started < 30
