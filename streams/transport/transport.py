"""The transport that plugs the micro-batch consumer into a Faust app."""

from typing import Any

import faust
from faust.transport.drivers import aiokafka as driver

from streams.transport.consumer import BatchConsumer, OnRevoked, ResumeOffsets


class BatchTransport(driver.Transport):
    """Faust's aiokafka transport with ``BatchConsumer`` in place of the stock consumer.

    Set it before the first agent is declared::

        app = faust.App("groundswell-intake", **faust_settings(cluster))
        app.transport = BatchTransport(app, resume_offsets=state.resume_offsets)
        topic = app.topic("feedback.app", schema=BatchSchema())

    Every topic declared with ``BatchSchema`` comes in batches; every other topic stays as Faust
    has it.

    Args:
        app: the app; the brokers are taken from its settings.
        resume_offsets: awaited with the batched partitions just assigned, before any record of
            them is delivered; returns the next offset to read for each one it knows. A partition
            it leaves out starts at the committed offset, else at the earliest. The place to load
            state: it must return within ``broker_max_poll_interval``, and it may be cancelled
            and called again when the group rebalances or ``broker_request_timeout`` passes.
        on_revoked: awaited with the batched partitions that are about to go, while they can
            still be committed. Not called on a graceful stop.
        max_in_flight: batches of one partition that were delivered and are not yet done; the
            partition is not polled beyond it.
    """

    Consumer = BatchConsumer

    def __init__(
        self,
        app: faust.App,
        *,
        resume_offsets: ResumeOffsets | None = None,
        on_revoked: OnRevoked | None = None,
        max_in_flight: int = 4,
        **options: Any,
    ) -> None:
        super().__init__(app.conf.broker_consumer, app, **options)
        self.resume_offsets = resume_offsets
        self.on_revoked = on_revoked
        self.max_in_flight = max_in_flight
