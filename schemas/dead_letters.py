"""Refused records: key and value stay the original bytes, the story stands in the headers."""

from collections.abc import Sequence

import msgspec

from schemas.errors import NotOurs, Reason

_PREFIX = "dlq-"


class DeadLetter(msgspec.Struct, frozen=True):
    """Why a record was refused and where it came from; `time_ms` is the record's timestamp."""

    reason: Reason
    detail: str
    topic: str
    partition: int
    offset: int
    time_ms: int

    @property
    def id(self) -> str:
        """Identity: a record is refused once, however often it is read."""
        return f"{self.topic}-{self.partition}@{self.offset}"

    def headers(self) -> list[tuple[str, bytes]]:
        """The Kafka headers that say all this."""
        fields = msgspec.structs.asdict(self)
        return [(_PREFIX + name, str(value).encode()) for name, value in fields.items()]

    @classmethod
    def of_headers(cls, headers: Sequence[tuple[str, bytes]] | None) -> "DeadLetter":
        """Read it back. Raises NotOurs."""
        fields = {
            name.removeprefix(_PREFIX): value.decode(errors="replace")
            for name, value in headers or ()
            if name.startswith(_PREFIX)
        }
        try:
            return msgspec.convert(fields, cls, strict=False)
        except msgspec.ValidationError as error:
            raise NotOurs(f"no dead letter: {error}") from None
