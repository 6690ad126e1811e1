"""A day of made-up reviews, with the truth about each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from schemas.reviews import Review
from streams.reviews.simulation.campaigns import Campaigns, plans
from streams.reviews.simulation.clock import Clock
from streams.reviews.simulation.innocents import Innocents
from streams.reviews.simulation.odd import anything
from streams.reviews.simulation.shop import Shop
from streams.reviews.simulation.truth import Draft, ReviewTruth

_BLOCK = 5_000
"""Reviews that are written and sorted together."""
NAME, CHANNEL = "simulated", "shop"


@dataclass(frozen=True)
class Day:
    """What to make up. The same values give the same reviews on every machine.

    `products`: 0 for one per 60 reviews. `fake_share`: of the reviews, those in campaigns.
    `odd_share`: of the honest ones, those of a night of anything. `shop`: the seed of what is sold,
    who writes and what everybody copies, so that days may be of one shop; None: the same as `seed`.
    `defect`: complaints about one bad batch, beside those that any day may have.
    """

    seed: int
    reviews: int
    day: date = date(2026, 11, 20)
    zone: str = "Asia/Shanghai"
    products: int = 0
    fake_share: float = 0.03
    odd_share: float = 0.0
    shop: int | None = None
    defect: int = 0

    @property
    def shop_seed(self) -> int:
        """What the shop is made up from."""
        return self.seed if self.shop is None else self.shop


def simulate(day: Day, part: int = 0, parts: int = 1) -> Iterator[tuple[Review, ReviewTruth]]:
    """The reviews of a day in blocks, each in order of time; blocks overlap by some hours.

    `part` of `parts` gives the blocks with these numbers only, so that several processes share the
    work: together, block by block, they are the whole.
    """
    clock = Clock(day.day, day.zone)
    shop = Shop(day.shop_seed, day.products or 30 + day.reviews // 60, 10 + day.reviews * 2 // 3)
    innocents = Innocents(day.shop_seed, shop, clock)
    blocks = -(-day.reviews // _BLOCK)
    planned = _planned(day, shop, clock, innocents, blocks)
    for block in range(part, blocks, parts):
        drafts = _block(day, clock, block, blocks, planned.get(block, []), innocents)
        for number, draft in enumerate(drafts):
            yield draft.review(f"{NAME}:{block:04d}-{number:04d}", CHANNEL), draft.truth


def _planned(
    day: Day, shop: Shop, clock: Clock, innocents: Innocents, blocks: int
) -> dict[int, list[Draft]]:
    """The drafts of campaigns and events by the block in whose time they are written."""
    writer = Campaigns(day.seed, shop, clock, innocents)
    ends = [clock.at((block + 1) / blocks) for block in range(blocks)]
    found: dict[int, list[Draft]] = {}
    for number, plan in enumerate(plans(day.seed, day.reviews, day.fake_share, day.defect)):
        for draft in writer.drafts(number, plan):
            if not clock.holds(draft.time_ms):
                continue
            block = next((n for n, end in enumerate(ends) if draft.time_ms < end), blocks - 1)
            found.setdefault(block, []).append(draft)
    return found


def _block(
    day: Day,
    clock: Clock,
    block: int,
    blocks: int,
    planned: list[Draft],
    innocents: Innocents,
) -> list[Draft]:
    size = min(_BLOCK, day.reviews - block * _BLOCK)
    random = Random(f"block:{day.seed}:{block}")
    drafts = planned[:size]
    customers = innocents.drafts(random, block / blocks, (block + 1) / blocks)
    while len(drafts) < size:
        if random.random() < day.odd_share:
            text, kind = anything(random)
            time_ms = next(customers)[0].time_ms
            drafts.append(
                innocents.draft(
                    random, time_ms, f"odd.{kind}", (text, None), 1.0 + random.randrange(5)
                )
            )
        else:
            mine = [draft for draft in next(customers) if clock.holds(draft.time_ms)]
            drafts += mine[: size - len(drafts)]
    drafts.sort(key=lambda draft: draft.time_ms)
    return drafts
