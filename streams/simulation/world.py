"""Everything that holds for a whole run: products, users, themes and their expected volumes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from streams.simulation.counts import intensity
from streams.simulation.decoys import Surge, job_level, plan_surges
from streams.simulation.population import Population, make_population
from streams.simulation.products import Product, make_products
from streams.simulation.scenario import Scenario
from streams.simulation.themes import Kind, Theme, make_themes


@dataclass(frozen=True)
class World:
    """`populations` go with `products`, `levels` (expected events per minute) with `themes`."""

    scenario: Scenario
    products: tuple[Product, ...]
    populations: tuple[Population, ...]
    themes: tuple[Theme, ...]
    surges: tuple[Surge, ...]
    levels: tuple[NDArray[np.float64], ...]

    def usual_level(self, product: int) -> NDArray[np.float64]:
        """The level of the middling reported problem of a product."""
        known = [
            (theme.rhythm.rate, index)
            for index, theme in enumerate(self.themes)
            if theme.product == product and theme.kind is Kind.PROBLEM and theme.rhythm.rate > 0
        ]
        return self.levels[sorted(known)[len(known) // 2][1]]


def make_world(scenario: Scenario) -> World:
    """Draw it."""
    products = make_products(scenario)
    themes = make_themes(scenario, products)
    surges = plan_surges(scenario, len(products))
    minutes = np.arange(scenario.minutes, dtype=np.int64) + scenario.first_minute
    factors = [np.ones(scenario.minutes) for _ in products]
    for surge in surges:
        factors[surge.product] *= surge.profile(scenario.minutes)
    levels = [
        job_level(scenario, theme)
        if theme.kind is Kind.JOB
        else intensity(theme.rhythm, minutes, scenario.rng("drift", str(index)))
        * factors[theme.product]
        for index, theme in enumerate(themes)
    ]
    return World(
        scenario=scenario,
        products=tuple(products),
        populations=tuple(make_population(scenario, product) for product in products),
        themes=tuple(themes),
        surges=tuple(surges),
        levels=tuple(levels),
    )
