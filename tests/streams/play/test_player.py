import pytest

from streams.play import player
from streams.play.reading import Played

HOUR_MS = 3_600_000


class Clock:
    """Goes on by what is slept."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return sum(self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def test_only_what_arrives_later_is_paced(monkeypatch: pytest.MonkeyPatch) -> None:
    messages = [Played(at, "feedback.app", b"{}") for at in (0, HOUR_MS, 3 * HOUR_MS)]
    messages += [Played(3 * HOUR_MS + late, "feedback.app", b"{}") for late in (100, 200)]
    monkeypatch.setattr(player, "time", clock := Clock())
    assert list(player._paced(messages, 1.0, 2 * HOUR_MS)) == messages
    assert clock.slept == pytest.approx([0.1, 0.1])
