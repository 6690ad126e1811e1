"""The end of a night: the answers of a language model, tickets, and the account of it all."""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from agents.reviews.asking.night import Night as Answers
from agents.reviews.drafts import Versions
from agents.reviews.labelling import presentable
from agents.reviews.tickets import Tickets
from schemas.commands import Cost
from schemas.nights import NightAccount
from schemas.reviews import ReviewLabel
from schemas.times import format_ms
from sinks.files import save
from sinks.reviews.night import Night as FinishedNight
from streams.reviews.day import Day
from streams.reviews.night import Checked
from streams.reviews.rules import NightRules
from streams.reviews.work import lines, read

_ANSWERED = "answered"


class Asked(NamedTuple):
    """What a language model said, and what that cost.

    `asked`: questions put to it; `answered`: those with an answer, if only that it cannot tell.
    """

    answers: Answers
    asked: int
    answered: int
    cost: Cost


class Frame(NamedTuple):
    """What is told of a night beside its labels."""

    day: Day
    source: str
    code: str
    versions: Versions
    rules: NightRules


def finished(checked: Checked, asked: Asked | None, frame: Frame) -> FinishedNight:
    """Labels as they are written, tickets and account; the seconds are still missing."""
    counts: Counter[tuple[str, str]] = Counter()
    date = str(frame.day.date)
    tickets = Tickets(
        date, frame.day.end_ms, checked.campaigns, frame.rules.tickets, frame.versions
    )
    labels = []
    for path in checked.labels:
        if asked is not None:
            path = _answered(path, asked.answers, frame.rules)
        for label in read(path, ReviewLabel):
            counts[label.status, label.reason] += 1
            # Most reviews are nobody's matter.
            if label.findings or label.campaign:
                tickets.add(label)
        labels.append(path)
    found = tickets.tickets()
    account = NightAccount(
        date=date,
        zone=frame.day.zone.key,
        start=format_ms(frame.day.start_ms),
        end=format_ms(frame.day.end_ms),
        source=frame.source,
        read=checked.records,
        labelled=_of(counts, "labelled"),
        open=_of(counts, "open"),
        refused={r: n for (status, r), n in sorted(counts.items()) if status == "refused"},
        findings=dict(sorted(checked.findings.items())),
        tickets=len(found),
        campaigns=len(checked.campaigns),
        asked=asked.asked if asked else 0,
        answered=asked.answered if asked else 0,
        left_to_rules=asked.answers.counts["left_to_rules"] if asked else checked.unsure,
        calls=asked.cost.calls if asked else 0,
        tokens_in=asked.cost.tokens_in if asked else 0,
        tokens_out=asked.cost.tokens_out if asked else 0,
        cost=asked.cost.money if asked else 0.0,
        code=frame.code,
        rules=frame.versions.rules,
        models=frame.versions.models,
    )
    return FinishedNight(date, labels, found, account)


def _answered(path: Path, answers: Answers, rules: NightRules) -> Path:
    """The labels with the answers in them, in a file beside."""
    beside = path.with_name(f"{_ANSWERED}-{path.name.rpartition('-')[2]}")
    labels = (answers.applied(label) for label in read(path, ReviewLabel))
    save(beside, lines(presentable(label, rules.banned) for label in labels))
    return beside


def _of(counts: Counter[tuple[str, str]], wanted: str) -> int:
    return sum(count for (status, _), count in counts.items() if status == wanted)
