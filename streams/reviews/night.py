"""The reviews of one day read, checked, compared and labelled, on from where it was stopped."""

import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Protocol

import msgspec

from agents.reviews.campaigns import Campaign, Rules, Traces, Verdicts, find
from agents.reviews.tickets import CampaignNote, ticket_id
from schemas.reviews import Review, ReviewLabel
from streams.crew import Crew
from streams.reviews import stages
from streams.reviews.day import Day
from streams.reviews.sources.source import Source
from streams.reviews.stages import LABEL, READ, TRACE, VERDICT, Chunk, Line
from streams.reviews.work import WorkFolder, lines, read

CHUNK = 5_000
"""Records of one task."""
_READ = "read.json"
_CAMPAIGNS = "campaigns.json"
_REASONS = 4
"""Of a campaign that are told, the strongest ones."""


class Progress(Protocol):
    """Is told what a night does."""

    def stage(self, name: str, total: int | None) -> None:
        """A stage begins; of so many records, if that is known."""

    def done(self, records: int) -> None:
        """So many records more went through it."""

    def asked(self, done: int, of: int) -> None:
        """So many of the questions to a language model have an answer."""


class _Read(msgspec.Struct, frozen=True):
    """What was read: frozen, so that a night which is resumed is about the same records."""

    chunks: int
    records: int
    mended: int


class _Named(msgspec.Struct, frozen=True):
    """A campaign with its id."""

    id: str
    kind: str
    reasons: tuple[str, ...]
    confidence: float


@dataclass
class Checked:
    """A night whose labels stand in files, in order of time; `seconds` by stage."""

    labels: list[Path]
    records: int
    mended: int
    campaigns: dict[str, CampaignNote]
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    unsure: int = 0

    def each(self) -> Iterator[ReviewLabel]:
        """All labels."""
        for path in self.labels:
            yield from read(path, ReviewLabel)


class Night:
    """One night in its folder; `seconds` it took by stage."""

    def __init__(self, work: WorkFolder, day: Day, crew: Crew, progress: Progress) -> None:
        self.seconds: dict[str, float] = {}
        self._advanced = 0
        self._work = work
        self._day = day
        self._crew = crew
        self._progress = progress

    def check(self, source: Source) -> Checked:
        """Every record of the day has a label. Raises OperatorError."""
        with self.timed("check"):
            done = self._check(source)
        chunks = self._chunks(done.chunks)
        with self.timed("compare"):
            campaigns = self._compare(chunks, done.records)
        found = Checked(
            [chunk.path(LABEL) for chunk in chunks],
            done.records,
            done.mended,
            {one.id: CampaignNote(one.kind, one.reasons, one.confidence) for one in campaigns},
        )
        with self.timed("label"):
            self._progress.stage("labelling", done.records)
            ids = [one.id for one in campaigns]
            for part in self._crew.each(stages.label, [(chunk, ids) for chunk in chunks]):
                found.counts += part.counts
                found.findings += part.findings
                found.unsure += part.unsure
                self._progress.done(part.records)
        return found

    def advance(self, records: int) -> None:
        """The source has read so many records, of this day or another."""
        self._progress.done(records - self._advanced)
        self._advanced = records

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """What is done within it counts as this stage."""
        began = time.monotonic()
        yield
        self.seconds[stage] = round(time.monotonic() - began, 3)

    def _chunks(self, count: int) -> list[Chunk]:
        return [Chunk(self._work.folder, str(self._day.date), n) for n in range(count)]

    def _check(self, source: Source) -> _Read:
        """Chunks are checked while the next ones are read."""
        if self._work.has(_READ):
            (done,) = read(self._work.path(_READ), _Read)
            self._progress.stage("checking", done.records)
            chunks: Iterator[Chunk] = iter(self._chunks(done.chunks))
        else:
            self._progress.stage("reading", None)
            chunks = self._read(source)
        for records in self._crew.each(stages.check, chunks):
            self._progress.done(records)
        (done,) = read(self._work.path(_READ), _Read)
        return done

    def _read(self, source: Source) -> Iterator[Chunk]:
        # What a reading that was stopped has left could be of other records.
        for path in sorted(self._work.folder.glob("*-*")):
            path.unlink()
        records, number, last_ms = 0, 0, self._day.start_ms
        found = source.reviews(self._day)
        while batch := list(islice(found, CHUNK)):
            if not number:
                self._progress.stage("checking", None)
            written = []
            for one in batch:
                if isinstance(one, Review):
                    last_ms = one.time_ms
                    written.append(Line(review=one))
                else:
                    written.append(Line(None, one, last_ms))
            chunk = Chunk(self._work.folder, str(self._day.date), number)
            self._work.save(chunk.path(READ).name, lines(written))
            records, number = records + len(batch), number + 1
            yield chunk
        self._work.save(_READ, lines([_Read(number, records, source.mended)]))

    def _compare(self, chunks: Sequence[Chunk], records: int) -> list[_Named]:
        """Campaigns and copies; the verdicts on each chunk stand beside it."""
        if self._work.has(_CAMPAIGNS):
            return read(self._work.path(_CAMPAIGNS), _Named)
        self._progress.stage("comparing", None)
        traces = [Traces.from_bytes(chunk.path(TRACE).read_bytes()) for chunk in chunks]
        verdicts = find(traces, Rules())
        for number, chunk in enumerate(chunks):
            self._work.save(chunk.path(VERDICT).name, [verdicts.part(number).to_bytes()])
        named = _named(str(self._day.date), verdicts, chunks)
        self._work.save(_CAMPAIGNS, lines(named))
        self._progress.done(records)
        return named


def _named(date: str, verdicts: Verdicts, chunks: Sequence[Chunk]) -> list[_Named]:
    """By its first review, for that stays if a later run finds more of them."""
    sources = _Sources(chunks, verdicts.ends)

    def named(campaign: Campaign) -> _Named:
        first = sources.of(campaign.members[0])
        return _Named(
            ticket_id(date, "campaign", first, ""),
            campaign.kind,
            campaign.evidence[:_REASONS],
            campaign.confidence,
        )

    return [named(campaign) for campaign in verdicts.campaigns]


class _Sources:
    """Coordinates by number in the night; keeps one chunk, as the numbers asked for ascend."""

    def __init__(self, chunks: Sequence[Chunk], ends: Sequence[int]) -> None:
        self._chunks = chunks
        self._ends = ends
        self._number = -1
        self._held: list[str] = []

    def of(self, review: int) -> str:
        number = bisect_right(self._ends, review)
        if number != self._number:
            self._number, self._held = number, stages.sources_of(self._chunks[number])
        return self._held[review - (self._ends[number - 1] if number else 0)]
