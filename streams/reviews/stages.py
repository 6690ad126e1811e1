"""What a process of a night does with one chunk; each stage leaves a whole file behind."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from agents.models.errors import BadModel
from agents.reviews.asking.asks import AskRules, asks_of, is_open
from agents.reviews.campaigns import Part, Traces
from agents.reviews.checking import Checker
from agents.reviews.drafts import refused
from agents.reviews.labelling import labelled
from schemas.reviews import LabelStatus, Review, ReviewLabel
from sinks.files import save
from streams.reviews.options import RulesOptions
from streams.reviews.rules import made_checker, read_rules, unfit
from streams.reviews.sources.record import Unreadable
from streams.reviews.work import lines, read

READ, DRAFT, TRACE, VERDICT, LABEL = "read", "draft", "trace", "verdict", "label"
_SIGN = {"positive": 1.0, "negative": -1.0}


class Line(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One record of the day as it was read: one of the two.

    `time_ms`: of one that is no review, that of the record before it.
    """

    review: Review | None = None
    unreadable: Unreadable | None = None
    time_ms: int = 0


class Chunk(NamedTuple):
    """One chunk of a night, whose files are in `folder`."""

    folder: Path
    date: str
    number: int

    def path(self, stage: str) -> Path:
        """Its file of a stage."""
        return self.folder / f"{stage}-{self.number:05d}"


_checkers: list[Checker] = []


def prepare(rules: RulesOptions) -> None:
    """Once in each process."""
    _checkers.append(made_checker(read_rules(rules)))


def check(chunk: Chunk) -> int:
    """Records into drafts and traces; how many records there are."""
    found = read(chunk.path(READ), Line)
    if chunk.path(DRAFT).exists():
        return len(found)
    (checker,) = _checkers
    reviews = [line.review for line in found if line.review is not None]
    try:
        drafts = checker.check(reviews, chunk.date)
    except BadModel as error:
        raise unfit(error) from None
    kept = [n for n, draft in enumerate(drafts) if draft.status != "refused"]
    traces = Traces.of([reviews[n] for n in kept], [_sign(drafts[n]) for n in kept])
    save(chunk.path(TRACE), [traces.to_bytes()])
    # The drafts last: where they are, the traces are.
    save(chunk.path(DRAFT), lines(_all(found, iter(drafts), chunk.date, checker)))
    return len(found)


def _sign(draft: ReviewLabel) -> float:
    return _SIGN.get(draft.sentiment, 0.0) * draft.sentiment_confidence


def _all(
    found: Sequence[Line], drafts: Iterator[ReviewLabel], date: str, checker: Checker
) -> Iterator[ReviewLabel]:
    for line in found:
        if line.unreadable is None:
            yield next(drafts)
        else:
            no = line.unreadable
            yield refused(no.source, line.time_ms, date, no.reason, no.detail, checker.versions)


class Labelled(NamedTuple):
    """Counts of one chunk: labels by status and reason, reviews by kind of finding."""

    records: int
    counts: Counter[tuple[str, str]]
    findings: Counter[str]
    unsure: int
    """Reviews that a language model would be asked about for their own sake."""


def label(task: tuple[Chunk, Sequence[str]]) -> Labelled:
    """Drafts and verdicts into labels; the task: a chunk, and the ids of the campaigns."""
    chunk, campaigns = task
    if chunk.path(LABEL).exists():
        labels = read(chunk.path(LABEL), ReviewLabel)
    else:
        drafts = read(chunk.path(DRAFT), ReviewLabel)
        part = Part.from_bytes(chunk.path(VERDICT).read_bytes())
        labels = list(_labels(drafts, part, campaigns))
        save(chunk.path(LABEL), lines(labels))
    rules = AskRules()
    return Labelled(
        len(labels),
        Counter((one.status, one.reason) for one in labels),
        Counter(kind for one in labels for kind in {found.kind for found in one.findings}),
        sum(is_open(one, asks_of(one, rules), rules) for one in labels),
    )


def _labels(
    drafts: Sequence[ReviewLabel], part: Part, campaigns: Sequence[str]
) -> Iterator[ReviewLabel]:
    number = 0
    for draft in drafts:
        if draft.status == "refused":
            yield draft
            continue
        campaign = part.campaign(number)
        company = part.findings(number)
        yield labelled(draft, company, campaigns[campaign] if campaign >= 0 else "")
        number += 1


class _Where(msgspec.Struct, frozen=True):
    """What of a draft says where it is from: the rest is passed over."""

    source: str
    status: LabelStatus


def sources_of(chunk: Chunk) -> list[str]:
    """Coordinates of the reviews that have traces, in their order."""
    drafts = read(chunk.path(DRAFT), _Where)
    return [draft.source for draft in drafts if draft.status != "refused"]
