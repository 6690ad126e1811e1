"""Answers of the language model to the same facts, for some hours."""

from collections import OrderedDict
from hashlib import sha256
from typing import Generic, TypeVar

import msgspec

from schemas.incidents import Incident

Answer = TypeVar("Answer")

MOST = 1_000
"""Answers remembered; those not asked for the longest go first."""


def key_of(incident: Incident, asked: str) -> str:
    """What the answer depends on: whom and how one asks (`asked`), the theme, its slice, its facts.

    Counts and times are no part of it: they change with every revision.
    """
    facts = (
        sorted((one.id, one.text) for one in incident.evidence),
        sorted((one.id, one.summary, one.fits) for one in incident.changes),
        sorted((one.id, one.template) for one in incident.risen),
        sorted((one.id, one.resolution) for one in incident.past),
        sorted((one.attribute, one.value) for one in incident.unaffected),
    )
    theme = (incident.product, incident.service, incident.grouping.cluster_id)
    place = sorted(incident.slice.attributes.items())
    return sha256(msgspec.json.encode((asked, theme, place, facts))).hexdigest()


class Cache(Generic[Answer]):
    """Answers by key, forgotten after `hours`."""

    def __init__(self, hours: float) -> None:
        self._keep_ms = hours * 3_600_000
        self._answers: OrderedDict[str, tuple[int, Answer]] = OrderedDict()

    def get(self, key: str, now_ms: int) -> Answer | None:
        """The answer, if there is one that is fresh."""
        found = self._answers.get(key)
        if found is None or now_ms - found[0] >= self._keep_ms:
            return None
        self._answers.move_to_end(key)
        return found[1]

    def put(self, key: str, answer: Answer, now_ms: int) -> None:
        """Remember an answer."""
        self._answers[key] = (now_ms, answer)
        self._answers.move_to_end(key)
        if len(self._answers) > MOST:
            self._answers.popitem(last=False)
