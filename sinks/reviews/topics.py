"""Rows that have changed, on the topics `review_labels` and `risk_tickets`.

What is to be written was noted with the rows themselves, in one transaction, and is struck out when
the broker has it: a crash in between repeats a message, it loses none.
"""

from typing import NamedTuple

import duckdb

from schemas.topics import REVIEW_LABELS, RISK_TICKETS
from sinks.kafka import KafkaSink, Message
from sinks.reviews.documents import document, selected
from sinks.reviews.duck import aside
from sinks.reviews.merging import literals
from sinks.reviews.tables import LABELS, PENDING, TICKETS, Table

TOPICS = {REVIEW_LABELS: LABELS, RISK_TICKETS: TICKETS}
_CHUNK = 20_000


class _Chunk(NamedTuple):
    last: int
    messages: list[Message]


async def publish(
    connection: duckdb.DuckDBPyConnection, kafka: KafkaSink, prefix: str
) -> dict[str, int]:
    """Write what is noted; how many messages by topic. Raises DeliveryFailed."""
    written = dict.fromkeys(TOPICS, 0)
    for topic in TOPICS:
        while chunk := await aside(connection, _next, connection, topic, prefix):
            if chunk.messages and not written[topic]:
                # A topic that is missing is told at once.
                await kafka.partitions(prefix + topic)
            await kafka.write(chunk.messages)
            await aside(connection, _strike_out, connection, topic, chunk.last)
            written[topic] += len(chunk.messages)
    return written


def _next(connection: duckdb.DuckDBPyConnection, topic: str, prefix: str) -> _Chunk | None:
    noted = (
        f"SELECT place, key, date FROM {PENDING.name} WHERE target = '{topic}'"
        f" ORDER BY place LIMIT {_CHUNK}"
    )
    ask = f"SELECT max(place), list(DISTINCT date::TEXT) FROM ({noted})"
    found = connection.execute(ask).fetchone()
    assert found is not None
    last, days = found
    if last is None:
        return None
    table = TOPICS[topic]
    (key,) = table.key
    rows = connection.execute(
        f"WITH noted AS MATERIALIZED ({noted}) SELECT noted.key, found.* FROM noted LEFT JOIN"
        f" (SELECT {selected(table)} FROM {table.name}"
        f" WHERE date IN ({literals(days)}) AND {key} IN (SELECT key FROM noted)) AS found"
        f" ON found.{key} = noted.key ORDER BY place"
    ).fetchall()
    messages = (_message(prefix + topic, table, row[0], row[1:]) for row in rows)
    # Only of a compacted topic is something taken back.
    wanted = [m for m in messages if m.value is not None or table is TICKETS]
    return _Chunk(last, wanted)


def _message(topic: str, table: Table, key: str, row: tuple[object, ...]) -> Message:
    # The key of the row is the first column, and missing if the row is.
    value = None if row[0] is None else document(table, row)
    return Message(topic, value, key.encode())


def _strike_out(connection: duckdb.DuckDBPyConnection, topic: str, last: int) -> None:
    connection.execute(
        f"DELETE FROM {PENDING.name} WHERE target = $1 AND place <= $2", [topic, last]
    )
