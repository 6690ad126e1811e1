"""What a run must have kept: every record accounted for once, and the same incidents."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from confluent_kafka import Message

from schemas.dead_letters import DeadLetter
from schemas.incidents import decode_incident
from schemas.signals import END, Counters, Partial, Progress, decode_signal
from schemas.topics import CHANGES
from windows.alignment import Source


@dataclass
class Ledger:
    """What the output topics hold after a run, each identity once."""

    partials: dict[tuple[str, int, int, str], bytes] = field(default_factory=dict)
    progress: dict[Source, Progress] = field(default_factory=dict)
    incidents: dict[str, bytes] = field(default_factory=dict)
    letters: dict[str, Message] = field(default_factory=dict)

    def read_signals(self, messages: Iterable[Message]) -> None:
        """Partials by identity, and the newest progress of each source."""
        for message in messages:
            value = message.value() or b""
            signal = decode_signal(value)
            if isinstance(signal, Partial):
                key = (signal.topic, signal.partition, signal.sequence, signal.product)
                same(self.partials.setdefault(key, value), value, str(key))
            elif isinstance(signal, Progress):
                source = (signal.topic, signal.partition)
                before = self.progress.get(source)
                if before is None or signal.sequence > before.sequence:
                    self.progress[source] = signal

    def read_incidents(self, messages: Iterable[Message]) -> None:
        """Revisions by id:revision; a repetition must be equal to the byte."""
        for message in messages:
            value = message.value() or b""
            identity = decode_incident(value).event_id
            same(self.incidents.setdefault(identity, value), value, identity)

    def read_letters(self, messages: Iterable[Message]) -> None:
        """Dead letters by the place of their record."""
        for message in messages:
            letter = DeadLetter.of_headers(headers_of(message))
            before = self.letters.setdefault(letter.id, message)
            same(before.value() or b"", message.value() or b"", letter.id)

    @property
    def ended(self) -> set[Source]:
        """Sources whose input has ended."""
        return {s for s, progress in self.progress.items() if progress.closed_through == END}

    def counters(self, *, changes: bool = True) -> Iterator[Counters]:
        """Of every source, with or without the `changes` topic, which has no partials."""
        for (topic, _), progress in sorted(self.progress.items()):
            if changes or topic != CHANGES:
                yield progress.counters

    @property
    def refused(self) -> int:
        """Records that went to the dead letters."""
        return sum(sum(c.refused.values()) for c in self.counters())

    @property
    def accounted(self) -> int:
        """Records of which intake said what became of them."""
        return sum(c.accepted + c.duplicates for c in self.counters()) + self.refused

    def check(self, written: int) -> None:
        """`written` records came in: all are accounted for, none twice."""
        assert self.accounted == written, "accepted + duplicates + refused == written"
        counted = [decode_signal(value) for value in self.partials.values()]
        assert sum(p.accepted for p in counted if isinstance(p, Partial)) == sum(
            c.accepted for c in self.counters(changes=False)
        ), "the counts in the signals equal the accepted events"
        late = sum(c.late for p in counted if isinstance(p, Partial) for c in p.clusters)
        assert late == sum(c.late for c in self.counters(changes=False))
        assert len(self.letters) == self.refused, "one dead letter for each refused record"

    def digest(self) -> str:
        """One hash over all incident revisions."""
        return digest(self.incidents)


def digest(incidents: dict[str, bytes]) -> str:
    """One hash over all revisions, by id:revision."""
    lines = (
        b"%s %s\n" % (identity.encode(), incidents[identity]) for identity in sorted(incidents)
    )
    return sha256(b"".join(lines)).hexdigest()


def same(before: bytes, now: bytes, what: str) -> None:
    """A repeated identity must bring the same bytes."""
    assert before == now, f"{what} was written twice with different content"


def headers_of(message: Message) -> list[tuple[str, bytes]]:
    """The headers of a message; the client's own types say less than it does."""
    headers = message.headers() or []
    pairs = headers.items() if isinstance(headers, dict) else headers
    return [(name, value if isinstance(value, bytes) else b"") for name, value in pairs]
