"""Which theme is asked about, of which product, and over which minutes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from schemas.signals import END
from schemas.times import MINUTE_MS, format_ms
from streams.hindsight.errors import Unclear
from streams.hindsight.spool import Spool
from streams.hindsight.survey import Found, Survey, Told
from streams.moments import Moments
from windows.texts import clean, terms

_BEFORE, _AFTER = 45, 30
"""Minutes shown before an incident opens and after its last word."""
_MEMBERS = 6
"""Themes of an incident that are shown beside the leading one."""
_LISTED = 5


@dataclass(frozen=True)
class Question:
    """What a person asks; one of the first three at most. `start`, `stop`: epoch minutes."""

    incident: str | None = None
    theme: str | None = None
    about: str | None = None
    product: str | None = None
    start: int | None = None
    stop: int | None = None

    @property
    def names_one(self) -> bool:
        """Whether it names a theme or an incident."""
        return any(part is not None for part in (self.incident, self.theme, self.about))

    @property
    def span(self) -> range:
        """The epoch minutes asked for."""
        return range(self.start or 0, END if self.stop is None else self.stop + 1)


@dataclass(frozen=True)
class Subject:
    """What is explained: the themes, the one asked for first, and the incident if one was named."""

    themes: list[Told]
    incident: Found | None


def minute_of(option: str, text: str | None) -> int | None:
    """The epoch minute of a time as a person writes it, UTC. Raises Unclear."""
    if text is None:
        return None
    try:
        return Moments().ms(text) // MINUTE_MS
    except ValueError:
        raise Unclear(f"{option} {text}: no time is understood; write 2026-11-20T09:14Z") from None


def product_of(question: Question, spools: Iterable[Spool]) -> str | None:
    """The product to look at; None if all must be searched for an incident. Raises Unclear."""
    names = sorted({name for spool in spools for name in spool.products})
    if question.product is not None:
        if question.product not in names:
            raise Unclear(f"no reports of product {question.product}; there is {_some(names)}")
        return question.product
    if len(names) == 1:
        return names[0]
    if question.incident is not None:
        return None
    raise Unclear(f"there are several products, name one: --product {_some(names)}")


def surveyed(question: Question, surveys: Mapping[str, Survey]) -> Survey:
    """The product that the question is about. Raises Unclear."""
    holding = [
        survey
        for survey in surveys.values()
        if survey.last >= survey.start
        and (question.incident is None or question.incident in survey.incidents)
    ]
    if holding:
        return holding[0]
    if question.incident is None:
        raise Unclear("--from and --to leave nothing of the minutes there are; widen them")
    raise Unclear(
        f"no incident {question.incident} in these minutes, decided with these settings; without"
        " an id the incidents there are listed"
    )


def subject_of(question: Question, survey: Survey) -> Subject:
    """Themes and incident. Raises Unclear."""
    if question.incident is not None:
        found = survey.incidents[question.incident]
        # The leading theme is the one that the incident names.
        return Subject([survey.themes[each] for each in found.members[: 1 + _MEMBERS]], found)
    if question.theme is not None:
        if question.theme not in survey.themes:
            raise Unclear(
                f"no theme {question.theme} in {survey.product}; without --theme the loudest are"
                " listed"
            )
        return Subject([survey.themes[question.theme]], None)
    return Subject([_fitting(question.about or "", survey)], None)


def _fitting(words: str, survey: Survey) -> Told:
    """The theme that shares most terms with some words, then the loudest, then the lowest id."""
    asked = set(terms(clean(words)))

    def shared(told: Told) -> int:
        return len(asked.intersection((*told.terms, *terms(told.words))))

    best = min(
        survey.themes.values(),
        key=lambda told: (-shared(told), -told.reports, told.cluster_id),
        default=None,
    )
    if best is None or not shared(best):
        raise Unclear(
            f"no theme of {survey.product} is about «{words}»; without --about the loudest are"
            " listed"
        )
    return best


def span_of(question: Question, survey: Survey, found: Found | None) -> range:
    """The epoch minutes to look at. Raises Unclear if there are none."""
    start, stop = survey.first, survey.last + 1
    if found is not None:
        start, stop = max(start, found.opened - _BEFORE), min(stop, found.last + 1 + _AFTER)
    start = start if question.start is None else max(question.start, survey.first)
    stop = stop if question.stop is None else survey.last + 1
    if start >= stop:
        raise Unclear(
            f"--from and --to leave nothing: {survey.product} is known from"
            f" {clock(survey.first)} to {clock(survey.last)}"
        )
    return range(start, stop)


def clock(minute: int) -> str:
    """An epoch minute as people read it: 2026-11-20 09:14 (UTC)."""
    return format_ms(minute * MINUTE_MS)[:16].replace("T", " ")


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more
