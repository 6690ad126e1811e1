"""A process of its own for the tests of traces: `python -m tests.support.tracing_process ROLE ...`.

A process traces once in its life, so each of these roles has one.
"""

import asyncio
import json
import sys
import threading

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from opentelemetry import trace

from schemas.commands import Cost
from streams import spans
from streams.gateway.tracing import carried, spanned
from streams.metrics import Metrics
from streams.settings import Settings, load
from streams.tracing import begin
from streams.wording import wordsmith_of

OUTSIDE = "00-11112222333344445555666677778888-aaaabbbbccccdddd-01"
SECRET = "my card 6222020000001234567 was stolen"
DRAFT = "Your balance is ¥5.00."


async def ask(settings: Settings, topic: str) -> None:
    """As the gateway: a request comes with a trace, and a message goes on with it."""
    tracing = begin(settings, "gateway")
    producer = AIOKafkaProducer(bootstrap_servers=settings.bootstrap)
    await producer.start()
    brought = {"traceparent": OUTSIDE, "cookie": SECRET}
    with spanned("turn say", carried(brought)) as (_, passed):
        headers = [(name, value.encode()) for name, value in passed.items()]
        await producer.send_and_wait(topic, b"{}", headers=headers)
    await producer.stop()
    await tracing.close()


async def answer(settings: Settings, topic: str) -> None:
    """As the worker: a message, a tool that fails, a question to the model."""
    tracing = begin(settings, "worker")
    smith = wordsmith_of(settings, Metrics(), clock_ms=lambda: 1_763_630_000_000)
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=settings.bootstrap, auto_offset_reset="earliest"
    )
    await consumer.start()
    record = await consumer.getone()
    with spans.process(topic, record.partition, record.offset, "workers", record.headers):
        try:
            with spans.tool("transactions") as one:
                one.set_attribute("groundswell.outcome", "away")
                one.set_attribute("groundswell.status", SECRET)
                one.set_attribute("said", SECRET)
                raise ValueError(SECRET)
        except ValueError:
            pass
        # Who does not know how spans are made here.
        try:
            with trace.get_tracer("careless").start_as_current_span("careless"):
                raise ValueError(SECRET)
        except ValueError:
            pass
        if smith is not None:
            await smith.of("bank", "u", "s", Cost()).reword(DRAFT, "en", [], 1_500.0)
            await smith.close()
    await consumer.stop()
    await tracing.close()


def turn(settings: Settings) -> None:
    """Many turns of spans; tells what trace went on, and how many threads that took."""
    tracing = begin(settings, "worker", edge=True)
    for _ in range(1_500):
        brought = {"traceparent": OUTSIDE}
        with spanned("turn say", carried(brought)) as (_, passed), spans.tool("balance"):
            pass
    threads = threading.active_count()
    tracing.stop()
    tracing.stop()
    print(json.dumps({"passed": passed.get("traceparent", ""), "threads": threads}))


def main(arguments: list[str]) -> None:
    """Settings come from the environment."""
    settings = load()
    match arguments:
        case ["ask", topic]:
            asyncio.run(ask(settings, topic))
        case ["answer", topic]:
            asyncio.run(answer(settings, topic))
        case _:
            turn(settings)


if __name__ == "__main__":
    main(sys.argv[1:])
