"""Turns over the request/reply topics."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from schemas.topics import REPLIES, REQUESTS
from schemas.turns import Answered, Part, Reply, Turn
from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from streams.broker import default_home
from streams.gateway.asking import OnPart
from streams.gateway.process import Demo, serve
from streams.metrics import Metrics
from streams.requests import Requester
from streams.requests.errors import NoReply
from streams.requests.headers import TENANT, TRACE
from streams.requests.places import take_place
from streams.settings import Settings
from streams.tracing import begin

_encode = msgspec.json.encode
_decoder: msgspec.json.Decoder[Part | Reply] = msgspec.json.Decoder(Answered)


class OverKafka:
    """An `Asking`; whoever made the requester starts and closes it."""

    def __init__(self, requester: Requester) -> None:
        self._requester = requester

    @property
    def ready(self) -> bool:
        """Whether replies would be heard."""
        return self._requester.ready

    async def ask(
        self,
        turn: Turn,
        *,
        deadline_ms: int,
        trace: Mapping[str, str],
        on_part: OnPart | None = None,
    ) -> Reply:
        """As `Asking.ask`."""
        headers = [(TENANT, turn.tenant.encode())]
        if TRACE in trace:
            headers.append((TRACE, trace[TRACE].encode()))

        def show(value: bytes) -> None:
            with contextlib.suppress(msgspec.MsgspecError):
                part = _decoder.decode(value)
                if on_part is not None and isinstance(part, Part):
                    on_part(part)

        value = await self._requester.ask(
            turn.session.encode(),
            _encode(turn),
            deadline_ms=deadline_ms,
            headers=headers,
            on_part=show if on_part else None,
        )
        try:
            reply = _decoder.decode(value)
        except msgspec.MsgspecError as error:
            raise NoReply(str(error)) from None
        if not isinstance(reply, Reply):
            raise NoReply("a part came as the last answer")
        return reply


async def run_gateway(
    settings: Settings,
    cluster: Cluster,
    *,
    demo: Demo | None,
    told: Callable[[str], None] = lambda _: None,
    places: Path | None = None,
) -> None:
    """The gateway on a reply partition of its own, until it is asked to stop.

    `places`: where the lock on it is, if the topic is of one run only.

    Raises OperatorError, SinkError.
    """
    tracing = begin(settings, "gateway", edge=True)
    metrics, topic = Metrics(), settings.topic(REPLIES)
    partitions = await asyncio.to_thread(TopicAdmin(cluster, settings.prefix).partitions, REPLIES)
    folder = places or default_home().parent / "places"
    where = f"{cluster.bootstrap}-{topic}"
    with take_place(
        settings.reply_partition, partitions, where, socket.gethostname(), folder
    ) as place:
        requester = Requester(
            cluster, settings.topic(REQUESTS), topic, place.partition, metrics, name="gateway"
        )
        await requester.start()
        try:
            await serve(settings, OverKafka(requester), metrics, demo=demo, told=told)
        finally:
            await requester.close(0.0)
            await tracing.close()
