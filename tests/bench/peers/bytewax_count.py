# mypy: ignore-errors
"""Bytewax: JSON with orjson, a 60 s tumbling count per product on one worker.

Arguments: bootstrap, topic, partitions, records.
"""

import os
import sys
from datetime import UTC, datetime, timedelta

import bytewax.operators as op
import bytewax.operators.windowing as win
import orjson
from bytewax.connectors.kafka import KafkaSource, KafkaSourceMessage
from bytewax.dataflow import Dataflow
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.testing import run_main
from marks import Marks

bootstrap, topic, total = sys.argv[1], sys.argv[2], int(sys.argv[4])
marks = Marks(total)


def decode(message: KafkaSourceMessage) -> tuple[str, datetime]:
    product = orjson.loads(message.value)["product"]
    if marks.seen():
        os._exit(0)
    return product, datetime.fromtimestamp(message.timestamp[1] / 1000, UTC)


class _Nowhere(StatelessSinkPartition):
    def write_batch(self, items: list) -> None:
        """Counted, and no longer of interest."""


class _Sink(DynamicSink):
    def build(self, *_: object) -> _Nowhere:
        return _Nowhere()


flow = Dataflow("bench")
source = KafkaSource([bootstrap], [topic], tail=False, batch_size=1000)
events = op.map("decode", op.input("kafka", flow, source), decode)
clock = win.EventClock(lambda event: event[1], wait_for_system_duration=timedelta(seconds=10))
minutes = win.TumblingWindower(
    length=timedelta(minutes=1), align_to=datetime(2025, 1, 1, tzinfo=UTC)
)
counted = win.count_window("count", events, clock, minutes, lambda event: event[0])
op.output("out", counted.down, _Sink())
run_main(flow)
