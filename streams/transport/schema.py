"""The schema of a batched topic."""

from typing import Any

import faust


class BatchSchema(faust.Schema):
    """Hands the list of raw records through as the value of the event.

    A topic that is declared with this schema is consumed in batches by ``BatchConsumer``: the
    event has no key, and its value is a non-empty ``list[aiokafka.ConsumerRecord]`` of one
    partition in offset order, with ``key`` and ``value`` as undecoded bytes.
    """

    def loads_key(self, *_: Any, **__: Any) -> None:
        """A batch has no key."""

    def loads_value(self, app: Any, message: Any, **_: Any) -> Any:  # noqa: ARG002
        """The records, untouched: a record that does not decode is the agent's business."""
        return message.value
