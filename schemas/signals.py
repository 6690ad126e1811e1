"""The topic between the two stages: what one input partition counted in one closed minute.

Every record of a source partition carries a `sequence` that rises by one per closed minute;
a reader ignores what it has seen. A source partition writes its partials of a minute first and
then one Progress to every partition of `signals`, so a reader knows that the minute is complete.
"""

from typing import TypeAlias

import msgspec

from schemas.changes import Change
from schemas.commands import Command
from schemas.errors import NotOurs

END = 1 << 40
"""`closed_through` of a source that has ended: later than any minute."""

Leaf: TypeAlias = tuple[tuple[str, ...], int]
"""One combination of attribute values, in the order of `Partial.attributes`, and its count."""


class Sample(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A redacted text kept as evidence; `source` is topic-partition@offset."""

    text: str
    time_ms: int
    channel: str
    source: str


class LocalCluster(msgspec.Struct, omit_defaults=True, gc=False):
    """Similar texts of one minute on one partition.

    `terms` counts texts per term (the heaviest terms only), `authors` is a distinct-author
    sketch (smallest hashes), `late` counts texts whose minute had been closed before, `template`
    is what log lines have in common, with `<*>` for the rest; feedback has none.
    """

    fingerprint: int
    count: int
    terms: dict[str, int]
    late: int = 0
    authors: tuple[int, ...] = ()
    leaves: tuple[Leaf, ...] = ()
    samples: tuple[Sample, ...] = ()
    template: str = ""


class Partial(msgspec.Struct, tag="partial", tag_field="kind", omit_defaults=True, gc=False):
    """One product's share of one closed minute (epoch minutes) of one input partition."""

    topic: str
    partition: int
    sequence: int
    minute: int
    product: str
    attributes: tuple[str, ...]
    clusters: tuple[LocalCluster, ...]
    totals: tuple[Leaf, ...] = ()

    @property
    def accepted(self) -> int:
        """Events in this partial, late ones included."""
        return sum(c.count + c.late for c in self.clusters)


class Counters(msgspec.Struct, omit_defaults=True, gc=False):
    """What became of the records of an input partition since its beginning."""

    accepted: int = 0
    late: int = 0
    duplicates: int = 0
    truncated: int = 0
    refused: dict[str, int] = {}

    def copy(self) -> "Counters":
        """A copy that stays as it is; reasons sorted."""
        return msgspec.structs.replace(self, refused=dict(sorted(self.refused.items())))


class Progress(msgspec.Struct, tag="progress", tag_field="kind", omit_defaults=True, gc=False):
    """An input partition has closed every minute up to `closed_through` (epoch minutes).

    `closed_through` 0: it has no records yet. `idle`: it was silent, by the clock of the worker,
    and need not be waited for; the decision stands here on the log.
    """

    topic: str
    partition: int
    sequence: int
    closed_through: int
    counters: Counters
    idle: bool = False


class Changed(msgspec.Struct, tag="change", tag_field="kind", omit_defaults=True):
    """A change, handed on by the intake of the `changes` topic in the order of that partition."""

    topic: str
    partition: int
    sequence: int
    change: Change


class Commanded(msgspec.Struct, tag="command", tag_field="kind", omit_defaults=True):
    """A command, handed on at once by the intake of `incidents.commands`, with its time in it.

    No minute waits for it: it takes effect where it stands in the order of this topic.
    """

    topic: str
    partition: int
    sequence: int
    command: Command


Signal: TypeAlias = Partial | Progress | Changed | Commanded

encode_signal = msgspec.json.Encoder(order="deterministic").encode
_decoder: msgspec.json.Decoder[Signal] = msgspec.json.Decoder(Signal)


def decode_signal(value: bytes) -> Signal:
    """Decode one message of `signals`. Raises NotOurs."""
    try:
        return _decoder.decode(value)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotOurs(str(error)) from None
