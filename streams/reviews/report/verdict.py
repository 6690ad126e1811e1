"""Whether somebody has to look, and at what first: the ten seconds of a morning."""

from collections.abc import Callable, Iterator
from math import sqrt
from typing import Literal, NamedTuple

from agents.reviews.rises import MIN_DAYS, rises
from schemas.reviews import TicketSeverity
from streams.reviews.report.facts import Facts
from streams.reviews.report.words import Clock, about, counted, percent

Level = Literal["alarm", "attention", "quiet"]
Name = Callable[[str], str]
"""What people call an attribute."""
HEADS: dict[Level, str] = {
    "alarm": "Act now",
    "attention": "Look at this",
    "quiet": "Nothing out of the ordinary",
}
_MOST_RISEN = 3
_LEAST, _GREATEST = 0.7, 1.4
"""Volume beyond these multiples of the least and the greatest night is told."""
_SIGMA = 3.0
_WEEKDAYS = 3
"""Nights of the same weekday that are enough to compare with."""
_LIFT = 1.15
"""Of the negative share."""
_REFUSED, _REFUSED_TIMES = 0.01, 2.0
_UNANSWERED = 0.5


class Notice(NamedTuple):
    """One thing to look at, and more about it; `place`: the section that tells all."""

    level: Level
    text: str
    more: str
    place: str


class Verdict(NamedTuple):
    """The worst level of its notices, and these, the worst first."""

    level: Level
    notices: list[Notice]


def verdict(facts: Facts, name: Name, clock: Clock) -> Verdict:
    """Of one night."""
    found = [
        *_account(facts),
        *_tickets(facts, clock, "critical", "alarm"),
        *_volume(facts),
        *_tickets(facts, clock, "error", "attention"),
        *_sentiment(facts),
        *_risen(facts, name),
    ]
    levels: tuple[Level, ...] = ("alarm", "attention")
    ordered = [notice for level in levels for notice in found if notice.level == level]
    return Verdict(ordered[0].level if ordered else "quiet", ordered)


def calm(facts: Facts, clock: Clock) -> str:
    """What is said where nothing is to be looked at at once."""
    said = f"{counted(facts.coverage.read, 'review')}, every one accounted for"
    if facts.tickets:
        first = min(one.due for one in facts.tickets)
        tickets = counted(len(facts.tickets), "ticket")
        said += f"; {tickets} without haste, first due {clock.moment(first)}"
    if facts.nights_before < MIN_DAYS:
        return f"{said}. {still_early(facts)}"
    return f"{said}; volume, sentiment and attributes as in the nights before."


def still_early(facts: Facts) -> str:
    """While there is too little to compare with."""
    if not facts.nights_before:
        return "This is the first night: there is nothing yet to compare with."
    have = counted(facts.nights_before, "night")
    return f"What rises is told once there are {MIN_DAYS} nights before; so far {have}."


def _account(facts: Facts) -> Iterator[Notice]:
    account, coverage = facts.account, facts.coverage
    again = f"run the night again: groundswell reviews run --date {account.date}"
    if coverage.missing > 0:
        lost = counted(coverage.missing, "review has", "reviews have")
        yield Notice("alarm", f"{lost} no label and no reason", again, "night")
    elif coverage.missing < 0:
        more = counted(-coverage.missing, "label", "labels")
        yield Notice("alarm", f"{more} more than reviews were read", again, "night")
    if not coverage.read:
        level: Level = "alarm" if sum(facts.volume.reviews) else "attention"
        where = f"is the day there, in {account.source}?"
        yield Notice(level, "No review was read", where, "night")
        return
    refused, usual = sum(coverage.refused.values()), _usually_refused(facts)
    share = refused / coverage.read
    if share > max(_REFUSED, _REFUSED_TIMES * usual):
        told = f"{counted(refused, 'record was', 'records were')} refused"
        more = f"{percent(share)} of those read, usually {percent(usual)}"
        yield Notice("attention", told, more, "night")
    if account.answered < _UNANSWERED * account.asked:
        told = (
            f"The language model has answered {account.answered:,} of {account.asked:,} questions"
        )
        yield Notice("attention", told, "what is left stays with the rules", "night")


def _usually_refused(facts: Facts) -> float:
    """The share of the nights before."""
    read = sum(sum(one.reviews[:-1]) for one in facts.statuses.values())
    refused = facts.statuses.get("refused")
    return sum(refused.reviews[:-1]) / read if refused and read else 0.0


def _tickets(
    facts: Facts, clock: Clock, severity: TicketSeverity, level: Level
) -> Iterator[Notice]:
    found = [one for one in facts.tickets if one.severity == severity]
    if found:
        first = min(found, key=lambda one: one.due)
        count = counted(len(found), f"{severity} ticket")
        due = f"{'first ' if len(found) > 1 else ''}due {clock.moment(first.due)}"
        yield Notice(level, f"{count}, {due}", first.title, "tickets")


def _volume(facts: Facts) -> Iterator[Notice]:
    found = facts.volume
    last = len(facts.calendar) - 1
    at = {of: n for n, of in enumerate(facts.calendar)}
    before = dict(zip(found.days[:-1], found.reviews[:-1], strict=True))
    same = [count for of, count in before.items() if (last - at[of]) % 7 == 0]
    usual = same if len(same) >= _WEEKDAYS else list(before.values())
    if not found.today or len(usual) < _WEEKDAYS:
        return
    low, high = _LEAST * min(usual), _GREATEST * max(usual)
    # Few reviews differ by chance alone.
    if found.today < low - _SIGMA * sqrt(low) or found.today > high + _SIGMA * sqrt(high):
        what = "Only " if found.today < low else ""
        mean = f"usually {about(sum(usual) / len(usual))}"
        yield Notice("attention", f"{what}{counted(found.today, 'review')}", mean, "history")


def _sentiment(facts: Facts) -> Iterator[Notice]:
    bad = facts.sentiment("negative")
    found = facts.compared(bad)
    if found.usual is not None and rises([bad.reviews], facts.volume.reviews, min_lift=_LIFT):
        told = f"{percent(found.share)} of reviews are negative"
        yield Notice("attention", told, f"usually {percent(found.usual)}", "history")


def _risen(facts: Facts, name: Name) -> Iterator[Notice]:
    """Of what rose in all products, no product is named again."""
    bad = [one for one in facts.risen if one.polarity == "negative"]
    everywhere = {one.attribute for one in bad if one.product is None}
    told = [one for one in bad if one.product is None or one.attribute not in everywhere]
    for one in told[:_MOST_RISEN]:
        where = "" if one.product is None else f" of {one.product or 'no product named'}"
        what = f"Complaints about {name(one.attribute)}{where} rose"
        count = f"{counted(one.reviews, 'review')} instead of {about(one.expected)}"
        yield Notice("attention", what, count, "rose")
    if (more := len(told) - _MOST_RISEN) > 0:
        yield Notice("attention", f"{counted(more, 'more complaint')} rose", "", "rose")
