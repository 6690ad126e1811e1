import asyncio
from typing import Any

import faust
from faust.types.tuples import ConsumerMessage

from streams.transport.schema import BatchSchema


def test_the_list_of_records_is_the_value_untouched() -> None:
    records: list[Any] = [object(), object()]

    async def decode() -> Any:
        app = faust.App("schema-test")
        message = ConsumerMessage("in", 3, 41, 1.0, 0, None, b"key", records, None)
        return await BatchSchema().compile(app)(message, propagate=True)

    event = asyncio.run(decode())
    assert event.value is records
    assert event.key is None
    assert (event.message.partition, event.message.offset) == (3, 41)
