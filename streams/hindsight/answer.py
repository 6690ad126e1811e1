"""From signals to an answer: what there is, or why a theme did or did not open an incident."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from agents.detect.rules import DetectRules
from streams.hindsight.account import Account, Course
from streams.hindsight.errors import Unclear
from streams.hindsight.question import (
    Question,
    product_of,
    span_of,
    subject_of,
    surveyed,
)
from streams.hindsight.reading import Advance
from streams.hindsight.spool import Spool
from streams.hindsight.survey import Survey, follow, survey

Step = Callable[[str], Advance]
"""Begins a step that takes long."""


def answer(
    spools: Sequence[Spool], question: Question, rules: DetectRules, step: Step
) -> Survey | Account:
    """The product's themes and incidents, or if the question names one, the account of it.

    Raises OperatorError.
    """
    product = product_of(question, spools)
    surveys: dict[str, Survey] = {}
    home: dict[str, Spool] = {}
    for spool in spools:
        if product is None or product in spool.products:
            advance = step("looking for themes and incidents")
            found = survey(spool, rules, product, question.span, advance)
            surveys |= found
            home |= dict.fromkeys(found, spool)
    chosen = surveyed(question, surveys)
    if not question.names_one:
        return chosen
    subject = subject_of(question, chosen)
    span = span_of(question, chosen, subject.incident)
    names = [theme.cluster_id for theme in subject.themes]
    advance = step("following the theme")
    traces = follow(home[chosen.product], rules, chosen.product, names, span, advance)
    courses = [Course(t, traces[t.cluster_id]) for t in subject.themes if traces[t.cluster_id]]
    if not courses or courses[0].theme is not subject.themes[0]:
        raise Unclear(f"theme {names[0]} is not known in these minutes; widen --from and --to")
    if subject.incident is None and question.start is None and question.stop is None:
        courses = [courses[0].around()]
    sensitivity = rules.for_product(chosen.product).sensitivity
    return Account(chosen.product, courses, subject.incident, sensitivity)
