import asyncio

import pytest

from schemas.changes import Change
from schemas.topics import CHANGES
from sinks.cluster import Cluster
from sinks.kafka import Message
from streams.changes.log import ChangeLog
from streams.outbox import send


@pytest.mark.broker
def test_changes_are_read_once_and_bad_ones_left_out(
    log: ChangeLog, bootstrap: str, prefix: str
) -> None:
    values = (b'{"id":"a","summary":"x"}', b"{", b'{"id":"a","summary":"y"}', b'{"summary":"z"}')
    for value in values:
        asyncio.run(send(Cluster(bootstrap), Message(prefix + CHANGES, value)))
    found: list[Change] = list(log.all())
    assert [(c.id, c.summary) for c in found] == [("a", "x"), ("changes-0@3", "z")]
