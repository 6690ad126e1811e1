"""When a likeness is a copy, and when copies are a campaign."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rules:
    """Chosen on made-up nights 1 to 13 (`streams.evaluation.campaigns`); texts are weighed in
    Chinese characters, to which four letters come (`agents.reviews.campaigns.letters`).

    `duplicate_weight`: a lighter text is a phrase that many use, and no duplicate unless the same
    author says it of the same product. `copy_weight`: a lighter text is no evidence of copying;
    `advert_weight`: if it has what an advert has.
    `authors`: fewer are a household. `few_products`: a text on more of them is copied by everybody,
    unless `repeaters` authors or more have posted it `repeated` times each, `repeats` times in all
    and more often than everybody else.

    Evidence is counted in powers of ten of its odds. `enough`: what a campaign needs.

    `new_days`: a younger account is new. `newcomers`: so many new accounts that agree about a
    product within `newcomers_hours`, being `newcomers_share` of all who say so then, are an attack
    or paid praise; where they are `newcomers_most`, accounts of unknown age belong to it.

    `burst_reviews` of one author within `burst_minutes` are a burst, if nobody types that fast
    (`typed_per_minute`) or `burst_many` of them say something (`burst_weight`),
    and it is `burst_share` or more of what the author wrote that day.

    `sure`: the least confidence of a sentiment that stands against the rating. `suspected`: the
    least confidence of a review called fake; no weak reason reaches it alone, nor do all of them.
    """

    duplicate_weight: float = 10.0
    copy_weight: float = 14.0
    advert_weight: float = 7.0
    authors: int = 4
    few_products: int = 8
    repeated: int = 4
    repeaters: int = 2
    repeats: int = 12
    enough: float = 5.0
    new_days: float = 14.0
    newcomers: int = 5
    newcomers_hours: float = 6.0
    newcomers_share: float = 0.4
    newcomers_most: float = 0.8
    burst_reviews: int = 8
    burst_minutes: float = 30.0
    burst_many: int = 15
    burst_weight: float = 10.0
    burst_share: float = 0.5
    typed_per_minute: float = 90.0
    sure: float = 0.9
    suspected: float = 0.75
