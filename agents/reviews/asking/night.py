"""The answers of a night, put into its labels, and the account of what was asked."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from agents.reviews.asking.applying import apply
from agents.reviews.asking.asks import AskRules, is_open
from agents.reviews.asking.choosing import Chosen, asked_of, waiting
from agents.reviews.asking.question import Frame
from agents.reviews.asking.settled import Settled
from schemas.reviews import ReviewLabel

BUDGET_SPENT = "budget_spent"
MODEL_AWAY = "model_away"


@dataclass
class Night:
    """Puts answers into labels; by key, so that copies of a text share one.

    `settled`: the best end of each question. `left`: why others were not asked. `counts`: what
    became of the labels that the rules leave open: `answered`, `abstained`, `open` with the reason
    after a dot, `left_to_rules`. Can be pickled to where the labels are.
    """

    rules: AskRules
    frame: Frame
    chosen: Chosen
    settled: Mapping[str, Settled]
    left: Mapping[str, str]
    configured: bool
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._asked = {choice.key for choice in self.chosen.choices}

    def applied(self, label: ReviewLabel) -> ReviewLabel:
        """The label as it is written. The same, if it is applied twice."""
        asks, key = asked_of(label, self.rules, self.frame)
        if not asks:
            return apply(label, None, self.configured)
        opened = is_open(label, asks, self.rules)
        if not self.configured:
            self.counts["left_to_rules"] += opened
            return apply(label, None, configured=False)
        if (end := self.settled.get(key)) is not None and end.answer is not None:
            self.counts["abstained" if end.answer.abstained else "answered"] += 1
            return apply(label, end.answer, configured=True)
        missing = self._missing(label, key, waiting(asks), opened)
        if missing or opened:
            self.counts[f"open.{missing}" if missing else "left_to_rules"] += 1
        return apply(label, None, configured=True, missing=missing)

    def _missing(self, label: ReviewLabel, key: str, wait: str, opened: bool) -> str:
        if key in self._asked:
            end = self.settled.get(key)
            return end.outcome if end else self.left.get(key, wait)
        if not opened or (label.campaign and label.campaign in self.chosen.campaigns):
            return ""
        return BUDGET_SPENT if self.chosen.full else ""


def ends(
    chosen: Chosen,
    settled: Mapping[str, Settled],
    left: Mapping[str, str],
    sent: Collection[str] = (),
) -> dict[str, int]:
    """How the questions of a night ended; the figures add up to `asked`.

    `in_flight`: in a batch file (`sent`) of which no result is known. `missing`: nothing is.
    """
    found: Counter[str] = Counter()
    for choice in chosen.choices:
        end = settled.get(choice.key)
        if end is not None:
            abstained = end.answer is not None and end.answer.abstained
            found["abstained" if abstained else end.outcome] += 1
        elif choice.key in sent:
            found["in_flight"] += 1
        else:
            found[left.get(choice.key, "missing")] += 1
    return {"asked": len(chosen.choices), **dict(sorted(found.items()))}
