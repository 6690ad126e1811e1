# mypy: ignore-errors
"""The floor: confluent-kafka in batches, orjson, a count per product and minute in a dict.

Arguments: bootstrap, topic, partitions, records.
"""

import sys
from collections import Counter

import orjson
from confluent_kafka import Consumer, TopicPartition
from marks import Marks

bootstrap, topic, partitions, total = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
marks = Marks(total)
counts: Counter[tuple[str, int]] = Counter()
consumer = Consumer(
    {"bootstrap.servers": bootstrap, "group.id": "bench-confluent", "enable.auto.commit": False}
)
consumer.assign([TopicPartition(topic, n, 0) for n in range(partitions)])
done = False
while not done:
    batch = consumer.consume(1000, timeout=1.0)
    if batch:
        marks.seen(0)
    for message in batch:
        event = orjson.loads(message.value())
        counts[event["product"], message.timestamp()[1] // 60_000] += 1
    done = bool(batch) and marks.seen(len(batch))
consumer.close()
