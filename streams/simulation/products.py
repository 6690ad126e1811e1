"""The products of a simulation: the three of the vocabulary, then recombined ones."""

from dataclasses import dataclass

from streams.simulation.scenario import Scenario
from streams.simulation.vocabulary import ProductKind, Words, load_vocabulary


@dataclass(frozen=True)
class Product:
    """A product; `kind` says which themes it can have."""

    name: str
    kind: str
    chinese_share: float
    services: tuple[str, ...]
    features: Words
    pages: Words


def make_products(scenario: Scenario) -> list[Product]:
    """As many products as the scenario asks for."""
    kinds = load_vocabulary().product
    return [_product(index, kinds) for index in range(scenario.products)]


def _product(index: int, kinds: tuple[ProductKind, ...]) -> Product:
    kind = kinds[index % len(kinds)]
    if index < len(kinds):
        name, other = kind.name, kind
    else:
        name = f"{kind.name}-{index + 1}"
        other = kinds[(index + index // len(kinds)) % len(kinds)]
    return Product(
        name=name,
        kind=kind.name,
        chinese_share=(kind.chinese_share + other.chinese_share) / 2,
        services=tuple(dict.fromkeys(kind.services + other.services)),
        features=_mixed(kind.features, other.features),
        pages=kind.pages,
    )


def _mixed(own: Words, other: Words) -> Words:
    return Words(
        zh=tuple(dict.fromkeys(own.zh[:4] + other.zh[2:])),
        en=tuple(dict.fromkeys(own.en[:4] + other.en[2:])),
    )
