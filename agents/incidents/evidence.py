"""The texts that an incident shows: of those themes most that rose most."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from schemas.causes import Evidence
from schemas.signals import Sample
from schemas.times import format_ms


class Voice(NamedTuple):
    """A theme of an incident: how far it is up (any unit above 0), and texts of it."""

    weight: float
    samples: Sequence[Sample]


def pick_evidence(voices: Sequence[Voice], most: int) -> tuple[Evidence, ...]:
    """Distinct texts; of each theme the earliest, one channel after the other.

    Themes have seats by their weights (D'Hondt's highest averages; the first wins a tie), so that
    what rose a little beside the problem does not pass for it.
    """
    queues = [_in_turn(voice.samples) for voice in voices]
    seats = [0] * len(voices)
    picked: list[Sample] = []
    seen: set[str] = set()
    while len(picked) < most and any(queues):
        waiting = [n for n, queue in enumerate(queues) if queue]
        best = max(waiting, key=lambda n: (voices[n].weight / (seats[n] + 1), -n))
        sample = queues[best].pop(0)
        if sample.text not in seen:
            seen.add(sample.text)
            seats[best] += 1
            picked.append(sample)
    return tuple(
        Evidence(f"e{n}", s.channel, format_ms(s.time_ms), s.text, s.source)
        for n, s in enumerate(picked, 1)
    )


def longer(told: Sequence[Evidence], picked: Sequence[Evidence], most: int) -> tuple[Evidence, ...]:
    """What was told stays, under the ids that hypotheses cite; new texts fill it up to `most`."""
    texts = {item.text for item in told}
    new = [item for item in picked if item.text not in texts][: max(0, most - len(told))]
    named = (msgspec.structs.replace(item, id=f"e{n}") for n, item in enumerate(new, len(told) + 1))
    return (*told, *named)


def _in_turn(samples: Sequence[Sample]) -> list[Sample]:
    """The earliest first, one channel after the other."""
    places: dict[str, int] = {}
    order = []
    for sample in sorted(samples, key=lambda s: (s.time_ms, s.source)):
        place = places[sample.channel] = places.get(sample.channel, -1) + 1
        order.append((place, sample.channel, sample))
    return [sample for *_, sample in sorted(order, key=lambda entry: entry[:2])]
