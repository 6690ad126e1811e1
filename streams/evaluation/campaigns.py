"""Suspected fakes and campaigns in made-up nights of reviews, beside two simpler ways."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from agents.reviews.campaigns import Traces, Verdicts, find
from agents.reviews.campaigns.copies import clusters
from agents.reviews.campaigns.night import night
from agents.reviews.campaigns.rules import Rules
from streams.evaluation.row import Row
from streams.evaluation.side_by_side import side_by_side
from streams.reviews.simulation import Day, ReviewTruth, simulate

TASK = "campaigns"
SEEDS = (900, 901, 902, 903, 904)
"""Chose no parameter."""
REVIEWS, QUICK_REVIEWS = 20_000, 4_000
_CHUNK = 5_000
_ODD = 0.005
_GOALS = {"precision": 0.95, "recall": 0.9}
_MISHEARD, _LEAST_SURE = 0.07, 0.55
"""How a sentiment model errs."""


@dataclass(frozen=True)
class Night:
    """What to judge: `ages` False leaves out how old accounts are."""

    day: Day
    ages: bool = True


@dataclass
class Tally:
    """Reviews and campaigns that were found, wrongly named, or missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __iadd__(self, other: Tally) -> Tally:
        self.right += other.right
        self.wrong += other.wrong
        self.missed += other.missed
        return self

    @property
    def precision(self) -> float:
        """Of what was named, what is so."""
        named = self.right + self.wrong
        return self.right / named if named else float("nan")

    @property
    def recall(self) -> float:
        """Of what is so, what was named."""
        there = self.right + self.missed
        return self.right / there if there else float("nan")


@dataclass
class Judged:
    """Figures of one night, or of several."""

    reviews: Tally = field(default_factory=Tally)
    members: Tally = field(default_factory=Tally)
    campaigns: Tally = field(default_factory=Tally)
    equal: Tally = field(default_factory=Tally)
    alike: Tally = field(default_factory=Tally)
    kinds: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))

    def __iadd__(self, other: Judged) -> Judged:
        self.reviews += other.reviews
        self.members += other.members
        self.campaigns += other.campaigns
        self.equal += other.equal
        self.alike += other.alike
        for kind, tally in other.kinds.items():
            self.kinds[kind] += tally
        return self


def evaluate(
    seeds: Sequence[int] | None = None,
    *,
    quick: bool = False,
    report: Callable[[str], None] = lambda _: None,
) -> list[Row]:
    """Figures beside their goals, and on harder nights. `quick`: a small night. Raises Stopped."""
    seeds = tuple(seeds or (SEEDS[:1] if quick else SEEDS))
    size = QUICK_REVIEWS if quick else REVIEWS
    nights = [Night(Day(seed, size, odd_share=_ODD)) for seed in seeds]
    judged = _summed(side_by_side(TASK, judge, nights, report))
    data = f"nights of {size:,} made-up reviews, seeds {', '.join(map(str, seeds))}"
    rows = _rows(data, judged)
    if quick:
        return rows
    blind = _summed(side_by_side(TASK, judge, [replace(n, ages=False) for n in nights], report))
    rare = [replace(n, day=replace(n.day, fake_share=0.01)) for n in nights]
    few = _summed(side_by_side(TASK, judge, rare, report))
    return rows + _short("no account ages", blind) + _short("a third of the campaigns", few)


def judge(asked: Night) -> Judged:
    """Make up one night, find what is in it, and score that."""
    made = list(simulate(asked.day))
    reviews = [review for review, _ in made]
    if not asked.ages:
        reviews = [structs.replace(review, account_days=None) for review in reviews]
    truths = [truth for _, truth in made]
    heard = sentiments(truths, asked.day.seed)
    traces = [
        Traces.of(reviews[at : at + _CHUNK], heard[at : at + _CHUNK])
        for at in range(0, len(reviews), _CHUNK)
    ]
    return score(find(traces), truths, traces)


def sentiments(truths: Iterable[ReviewTruth], seed: int) -> list[float]:
    """What a middling model hears: wrong now and then, and more or less sure."""
    random = Random(f"sentiments:{seed}")
    sides = {"positive": 1.0, "negative": -1.0}
    found = []
    for truth in truths:
        side = sides.get(truth.sentiment or "", 0.0)
        side = -side if random.random() < _MISHEARD else side
        found.append(side * random.uniform(_LEAST_SURE, 1.0))
    return found


def score(verdicts: Verdicts, truths: Sequence[ReviewTruth], traces: Sequence[Traces]) -> Judged:
    """Compare what was found with the truth, and with what simpler ways find."""
    fake = np.array([truth.fake for truth in truths], bool)
    suspected = np.array(list(_suspected(verdicts)), bool)
    judged = Judged(reviews=_tally(fake, suspected), members=_tally(fake, verdicts.campaign >= 0))
    judged.campaigns = _by_campaign(verdicts, truths)
    for kind in sorted({truth.kind for truth in truths if truth.fake}):
        mine = np.array([truth.fake and truth.kind == kind for truth in truths], bool)
        judged.kinds[kind] = _tally(mine, suspected & mine)
    equal, alike = _simpler(traces)
    judged.equal, judged.alike = _tally(fake, equal), _tally(fake, alike)
    return judged


def _suspected(verdicts: Verdicts) -> Iterator[bool]:
    for chunk in range(len(verdicts.ends)):
        part = verdicts.part(chunk)
        for review in range(len(part)):
            yield any(finding.kind == "fake" for finding in part.findings(review))


def _tally(true: NDArray[np.bool_], named: NDArray[np.bool_]) -> Tally:
    return Tally(
        int(np.count_nonzero(true & named)),
        int(np.count_nonzero(~true & named)),
        int(np.count_nonzero(true & ~named)),
    )


def _by_campaign(verdicts: Verdicts, truths: Sequence[ReviewTruth]) -> Tally:
    """One is found if half of it is in one that is named, most of which is of it."""
    sizes = Counter(truth.campaign for truth in truths if truth.campaign)
    found: set[str] = set()
    wrong = 0
    for campaign in verdicts.campaigns:
        inside = Counter(truths[member].campaign for member in campaign.members)
        name, most = inside.most_common(1)[0]
        if name and most > len(campaign.members) / 2:
            if most >= sizes[name] / 2:
                found.add(name)
        else:
            wrong += 1
    return Tally(len(found), wrong, len(sizes) - len(found))


def _simpler(traces: Sequence[Traces]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Who is suspected for a text that three reviews share: exactly; as MinHash sees it."""
    rules = Rules()
    whole = night(traces, rules)
    told = whole.weight >= rules.duplicate_weight
    _, of, times = np.unique(whole.name, return_inverse=True, return_counts=True)
    alike = np.zeros(len(whole), bool)
    for cluster in clusters(whole):
        if len(cluster.reviews) > 2:
            alike[cluster.reviews] = True
    return (times[of] > 2) & told, alike


def _summed(some: Iterable[Judged]) -> Judged:
    total = Judged()
    for one in some:
        total += one
    return total


def _rows(data: str, judged: Judged) -> list[Row]:
    peers = {"exact copies": judged.equal, "bare MinHash": judged.alike}
    rows: list[Row] = []
    for what, tally in (
        ("suspected fakes", judged.reviews),
        ("reviews in campaigns", judged.members),
        ("campaigns", judged.campaigns),
    ):
        for measure in ("precision", "recall"):
            others = peers if what == "suspected fakes" else {}
            rows.append(_row(data, f"{what}, {measure}", measure, tally, others, goal=True))
    rows += [
        _row(data, f"recall of {kind}", "recall", tally, {})
        for kind, tally in sorted(judged.kinds.items())
    ]
    return rows


def _short(name: str, judged: Judged) -> list[Row]:
    return [
        _row(f"the same, {name}", f"suspected fakes, {measure}", measure, judged.reviews, {})
        for measure in ("precision", "recall")
    ]


def _row(
    data: str,
    label: str,
    measure: str,
    tally: Tally,
    peers: Mapping[str, Tally],
    *,
    goal: bool = False,
) -> Row:
    of = tally.right + (tally.wrong if measure == "precision" else tally.missed)
    return Row(
        TASK,
        data,
        label,
        getattr(tally, measure),
        _GOALS[measure] if goal else None,
        True,
        ", ".join(f"{name} {getattr(peer, measure):.3f}" for name, peer in peers.items()),
        f"{tally.right} of {of}",
    )
