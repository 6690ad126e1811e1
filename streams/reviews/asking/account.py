"""What the asking of a night came to."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agents.llm.budget import total
from agents.reviews.asking.choosing import Chosen
from agents.reviews.asking.cost import Measure, Prices, batch_cost, cost_of
from agents.reviews.asking.night import ends
from agents.reviews.asking.question import Frame, Question
from agents.reviews.asking.settled import Settled, best_of
from schemas.commands import Cost
from streams.reviews.asking.folder import AskingFolder
from streams.reviews.asking.manifest import Manifest, load_manifest


class AskingAccount(NamedTuple):
    """`ends`: how the questions ended, which adds up to its `asked`; `cost`: of all that was paid
    for in this night, also of answers that came twice; `measure`: what tokens really were.
    """

    ends: dict[str, int]
    cost: Cost
    measure: Measure


def committed(
    ends: Sequence[Settled],
    manifest: Manifest,
    questions: Mapping[str, Question],
    frame: Frame,
    prices: Prices,
) -> Cost:
    """What is paid for, and what the files in flight will cost."""
    promised = (
        questions[key] for file in manifest.in_flight(ends) for key in file.keys if key in questions
    )
    each = (batch_cost(question, frame, prices) for question in promised)
    return total([cost_of(ends, prices), *each])


def account_of(
    folder: AskingFolder,
    date: str,
    chosen: Chosen,
    frame: Frame,
    prices: Prices,
    left: Mapping[str, str],
) -> AskingAccount:
    """Of a night so far; `left`: why others were not asked, by key. Raises OperatorError."""
    known = folder.ends()
    manifest = load_manifest(folder, date, frame.model)
    sent = {key for file in manifest.in_flight(known) for key in file.keys}
    settled, questions, measure = best_of(known), folder.questions(), Measure()
    for key in sorted(settled.keys() & questions.keys()):
        measure.learn(questions[key], settled[key], frame)
    return AskingAccount(ends(chosen, settled, left, sent), cost_of(known, prices), measure)
