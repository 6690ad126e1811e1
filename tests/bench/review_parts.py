"""What each part of the check of a single review costs, by itself."""

import time
from collections.abc import Callable, Sequence
from itertools import islice
from statistics import median

from agents.reviews.campaigns import Traces
from agents.reviews.checking import Checker
from agents.reviews.contacts import contacts
from agents.reviews.drafts import Word, draft
from agents.reviews.human import needs_human
from agents.reviews.language import language
from schemas.events import MAX_TEXT
from schemas.reviews import Review, ReviewLabel
from streams.reviews.night import CHUNK
from streams.reviews.options import RulesOptions
from streams.reviews.rules import made_checker, read_rules
from streams.reviews.simulation import Day, simulate
from tests.bench.results import Bench, Result, Value

SAMPLE = 20_000
_ROUNDS = 3


def run(bench: Bench, day: Day) -> Result:
    """Of a sample of the day, in this process."""
    bench.say("reviews: the parts of the check")
    reviews = [review for review, _ in islice(simulate(day), SAMPLE)]
    checker = made_checker(read_rules(RulesOptions()))
    rounds = 1 if bench.quick else _ROUNDS
    rows: list[dict[str, Value]] = []
    for name, part in _parts(checker, reviews, str(day.day)).items():
        # Not measured: what is made at first use.
        part(reviews[:CHUNK])
        rows.append({"part": name, "CPU us/review": median(_spent(part, reviews, rounds))})
    return Result(f"The check by part, alone over {len(reviews):,} reviews", rows)


def _spent(
    part: Callable[[Sequence[Review]], object], reviews: Sequence[Review], rounds: int
) -> list[float]:
    found = []
    for _ in range(rounds):
        began = time.process_time()
        for at in range(0, len(reviews), CHUNK):
            part(reviews[at : at + CHUNK])
        found.append(1e6 * (time.process_time() - began) / len(reviews))
    return found


def _parts(
    checker: Checker, reviews: Sequence[Review], date: str
) -> dict[str, Callable[[Sequence[Review]], object]]:
    langs = {one.source: language(one.text[:MAX_TEXT], one.lang) for one in reviews}
    drafts = {one.source: one for one in checker.check(reviews, date)}

    def each(find: Callable[[str], object]) -> Callable[[Sequence[Review]], object]:
        return lambda some: [find(one.text[:MAX_TEXT]) for one in some]

    def written(some: Sequence[Review]) -> list[ReviewLabel]:
        return [draft(one, date, _word(drafts[one.source]), checker.versions, "") for one in some]

    return {
        "language": lambda some: [language(one.text[:MAX_TEXT], one.lang) for one in some],
        "sentiment": lambda some: checker.sentiments.judge(
            [one.text[:MAX_TEXT] for one in some], [langs[one.source] for one in some]
        ),
        "banned words": each(checker.banned.find),
        "contacts and adverts": each(contacts),
        "needs a human": each(needs_human),
        "attributes": each(checker.attributes.find),
        "drafts of labels": written,
        "traces for campaigns": lambda some: Traces.of(some, [0.0] * len(some)),
        "all of it but traces, in one": lambda some: checker.check(some, date),
    }


def _word(label: ReviewLabel) -> Word:
    sure = label.sentiment_confidence
    return Word(label.lang, label.sentiment, sure, label.aspects, label.findings)
