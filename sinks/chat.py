"""A group chat with a robot: a card an incident, and one for many when there are many."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from schemas.incidents import Incident
from sinks.cards import Card, Language, card, digest
from sinks.cluster import Secret
from sinks.errors import Rejected, Unreachable
from sinks.http import HttpOptions, HttpSink, check_url


class ChatOptions(HttpOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every chat may be told; its address is its key."""

    url: Annotated[Secret, Meta(description="the robot's webhook address; it is not shown")]
    language: Annotated[Language, Meta(description="en or zh")] = "zh"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_url("url", self.url.reveal())


class ChatSink(HttpSink):
    """Tells what people want to be disturbed for."""

    batch = 1_000
    per_minute = 20
    groups = True

    def __init__(self, name: str, options: ChatOptions) -> None:  # noqa: ARG002
        super().__init__(options)
        self._chat = options

    def wants(self, before: Incident | None, now: Incident) -> bool:
        """A new one, another status or severity, a cause found; nothing that only grows."""
        if before is None:
            return now.status in ("open", "acknowledged")
        explained = before.rca.status != "ok" == now.rca.status
        changed = (before.status, before.severity) != (now.status, now.severity)
        return changed or (explained and now.status != "resolved")

    async def deliver(self, incidents: Sequence[Incident], now_ms: int) -> None:
        options = self._chat
        if len(incidents) == 1:
            told = card(incidents[0], options.language, options.link(incidents[0]))
        else:
            told = digest(incidents, options.language, options.console_url)
        url, message = self.message(told, now_ms)
        said = await self.post(url, msgspec.json.encode(message))
        self.check(said)

    @abstractmethod
    def message(self, told: Card, now_ms: int) -> tuple[str, dict[str, Any]]:
        """Where to post, and what."""

    def check(self, said: bytes) -> None:  # noqa: ARG002
        """For chats that refuse with a status of 200. Raises Unreachable or Rejected."""
        return

    def judge(self, said: bytes, code: str, again: dict[int, str]) -> None:
        """Read the number under `code`, 0 for taken; those of `again` pass, with what to mend.

        Raises Unreachable or Rejected.
        """
        try:
            number = msgspec.json.decode(said)[code]
        except (msgspec.DecodeError, UnicodeDecodeError, LookupError, TypeError):
            raise Unreachable(f"no answer of a robot: {self.answer}", reason="answer") from None
        if number in again:
            hint = again[number]
            raise Unreachable(f"{self.answer}: {hint}", 60.0, f"code_{number}")
        if number != 0:
            raise Rejected(self.answer)
