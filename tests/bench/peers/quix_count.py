# mypy: ignore-errors
"""Quix Streams: a 60 s tumbling count per key and nothing else.

Arguments: bootstrap, topic, partitions, records. Changelog topics are off: they would only add to
its cost.
"""

import os
import sys

from marks import Marks
from quixstreams import Application

bootstrap, topic, total = sys.argv[1], sys.argv[2], int(sys.argv[4])
marks = Marks(total)
app = Application(
    broker_address=bootstrap,
    consumer_group=f"bench-quix-{os.getpid()}",
    auto_offset_reset="earliest",
    auto_create_topics=False,
    use_changelog_topics=False,
    state_dir="state",
    loglevel="ERROR",
)


def count_records(_: object) -> None:
    if marks.seen():
        app.stop()


events = app.dataframe(app.topic(topic, value_deserializer="json"))
# In front of the window: the mark is taken before the last record is counted.
events = events.update(count_records)
events.tumbling_window(60_000, grace_ms=10_000).count().final()
app.run()
