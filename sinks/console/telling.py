"""What people say on the page becomes a command on `incidents.commands`."""

import asyncio
from typing import Any, get_args

import msgspec

from schemas.commands import (
    Acknowledge,
    Command,
    Feedback,
    Note,
    Resolve,
    Silence,
    encode_command,
)
from sinks.cluster import Cluster
from sinks.errors import DeliveryFailed
from sinks.kafka import Message
from sinks.renewed import RenewedSink

PeoplesCommand = Acknowledge | Resolve | Silence | Note | Feedback
ACTIONS = tuple(str(one.__struct_config__.tag) for one in get_args(PeoplesCommand))
NOBODY = "console"
"""Who said it if the person gave no name."""
_FIELDS = ("text", "minutes", "useful")
_PATIENCE = 10.0


class Misspoken(Exception):
    """What was said does not fit the action; `str()` says how."""


def command_of(incident_id: str, action: str, body: bytes) -> Command:
    """The command that the JSON object in `body` asks for.

    Its time is that of the record: nobody can date it back. Raises Misspoken.
    """
    try:
        said = msgspec.json.decode(body, type=dict[str, Any])
        fields = {name: _tidy(said[name]) for name in _FIELDS if name in said}
        by = _tidy(said.get("by")) or NOBODY
        asked = {**fields, "by": by, "action": action, "incident_id": incident_id}
        command: Command = msgspec.convert(asked, PeoplesCommand)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Misspoken(str(error)) from None
    return command


def _tidy(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


class Teller:
    """Writes commands; it connects with the first one."""

    def __init__(self, cluster: Cluster, topic: str) -> None:
        self._sink = RenewedSink(cluster)
        self._topic = topic

    async def tell(self, command: Command) -> None:
        """Return when the log has it. Raises DeliveryFailed."""
        key = command.incident_id.encode()
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._sink.write([Message(self._topic, encode_command(command), key)])
        except TimeoutError:
            raise DeliveryFailed(f"no answer within {_PATIENCE:.0f} s") from None

    async def stop(self) -> None:
        """Disconnect; safe to call twice."""
        await self._sink.stop()
