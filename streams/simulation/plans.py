"""Where, when and how large the injected incidents are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from streams.simulation.themes import Kind, Theme
from streams.simulation.world import World

SIZES = (4, 6, 8, 12, 20)
"""Wanted excess in standard deviations of the theme's background over the duration."""
DURATIONS = (5, 15, 30, 60, 120)
_TRIES = 200
_END_MARGIN = 10
_SAME_PRODUCT_GAP = 20
"""Minutes between two onsets of a product, so that each change has one onset to explain."""
_SAME_THEME_GAP = 60
_SURGE_GAP = 20
_NEW_SHARE = 0.2


@dataclass(frozen=True)
class Plan:
    """An incident to inject; `onset` counts minutes from the start of the run."""

    theme: int
    product: int
    onset: int
    duration: int
    size: int
    slice: dict[str, str] | None
    share: float
    change_lead_ms: int | None

    @property
    def end(self) -> int:
        """First minute after it."""
        return self.onset + self.duration


def plan_incidents(world: World) -> list[Plan]:
    """Incidents in order of onset; one that finds no free place in 200 tries is left out."""
    scenario = world.scenario
    rng = scenario.rng("incidents")
    count = scenario.incident_count
    sizes = _dealt(rng, SIZES, count)
    durations = _dealt(rng, DURATIONS, count)
    # Of ten incidents seven are about a slice; of four, three follow a change.
    slice_sizes = _dealt(rng, (1, 1, 1, 1, 2, 2, 2, 0, 0, 0), count)
    changed = _dealt(rng, (1, 1, 1, 0), count)
    slices = [[population.slices(n) for n in (1, 2)] for population in world.populations]
    plans: list[Plan] = []
    for number in range(count):
        product = number % scenario.products
        wanted = slices[product][slice_sizes[number] - 1] if slice_sizes[number] else []
        for attempt in range(_TRIES):
            plan = Plan(
                theme=_theme(rng, world.themes, product),
                product=product,
                onset=int(rng.integers(scenario.quiet_until, scenario.minutes)),
                duration=_shortened(durations[number], attempt),
                size=sizes[number],
                slice=wanted[int(rng.integers(len(wanted)))] if wanted else None,
                share=float(rng.uniform(0.9, 1.0)),
                change_lead_ms=int(rng.integers(60_000, 600_000)) if changed[number] else None,
            )
            if _is_free(world, plan, plans):
                plans.append(plan)
                break
    return sorted(plans, key=lambda plan: (plan.onset, plan.theme))


def _dealt(rng: np.random.Generator, cards: Sequence[int], count: int) -> list[int]:
    # Dealt like shuffled packs, so that even a few incidents differ.
    packs = -(-count // len(cards))
    return [int(card) for _ in range(packs) for card in rng.permutation(cards)][:count]


def _shortened(duration: int, attempt: int) -> int:
    # Where a long incident finds no place, a shorter one is tried.
    shorter = [d for d in DURATIONS if d <= duration]
    return shorter[max(0, len(shorter) - 1 - attempt * len(shorter) // _TRIES)]


def _theme(rng: np.random.Generator, themes: Sequence[Theme], product: int) -> int:
    new = bool(rng.random() < _NEW_SHARE)
    wanted = [
        index
        for index, theme in enumerate(themes)
        if theme.product == product
        and theme.kind is Kind.PROBLEM
        and (theme.rhythm.rate == 0) == new
    ]
    return int(rng.choice(wanted))


def _is_free(world: World, plan: Plan, plans: Sequence[Plan]) -> bool:
    if plan.end > world.scenario.minutes - _END_MARGIN:
        return False
    for other in plans:
        if other.product == plan.product and abs(other.onset - plan.onset) < _SAME_PRODUCT_GAP:
            return False
        if other.theme == plan.theme and _overlap(
            plan, other.onset - _SAME_THEME_GAP, other.end + _SAME_THEME_GAP
        ):
            return False
    return not any(
        surge.product == plan.product
        and _overlap(plan, surge.start - _SURGE_GAP, surge.end + _SURGE_GAP)
        for surge in world.surges
    )


def _overlap(plan: Plan, start: int, end: int) -> bool:
    return plan.onset < end and start < plan.end
