"""Deploys, flags and configuration changes: those that break something, and decoys."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from schemas.times import MINUTE_MS, format_ms
from streams.simulation.plans import Plan
from streams.simulation.vocabulary import load_vocabulary
from streams.simulation.world import World

_DECOYS_PER_HOUR = 0.8
_FIRST_BUILD = 4001


@dataclass(frozen=True)
class Change:
    """A change; `plan` is the position of the plan that it explains, None for a decoy."""

    time_ms: int
    product: str
    service: str
    attributes: dict[str, str]
    plan: int | None
    id: str = ""
    summary: str = ""

    def line(self, bare: bool) -> bytes:
        """The message: the bare form or PagerDuty's change event."""
        if bare:
            message: dict[str, object] = {
                "id": self.id,
                "time": format_ms(self.time_ms),
                "summary": self.summary,
                "product": self.product,
                "service": self.service,
                "attributes": self.attributes,
            }
        else:
            details = {"product": self.product, "service": self.service, **self.attributes}
            message = {
                "id": self.id,
                "payload": {
                    "summary": self.summary,
                    "timestamp": format_ms(self.time_ms),
                    "source": self.service,
                    "custom_details": details,
                },
                "links": [{"href": f"https://deploy.example.com/{self.id}", "text": "pipeline"}],
            }
        return msgspec.json.encode(message)


def plan_changes(world: World, plans: Sequence[Plan]) -> list[Change]:
    """All changes in order of time, with unique summaries.

    No decoy of the same product lies between a change and the onset that it causes.
    """
    rng = world.scenario.rng("changes")
    start_ms = world.scenario.first_minute * MINUTE_MS
    causes = list(_causes(world, plans, start_ms))
    spans = [
        (change.product, change.time_ms, start_ms + plans[change.plan].onset * MINUTE_MS)
        for change in causes
        if change.plan is not None
    ]
    decoys = [
        decoy
        for decoy in _decoys(world, start_ms, rng)
        if not any(p == decoy.product and a <= decoy.time_ms <= b for p, a, b in spans)
    ]
    ordered = sorted(causes + decoys, key=lambda c: (c.time_ms, c.product, c.service))
    builds = rng.permutation(len(ordered)) + _FIRST_BUILD
    return [
        replace(
            change,
            id=f"change-{world.scenario.seed}-{number}",
            summary=_summary(rng, change, int(builds[number])),
        )
        for number, change in enumerate(ordered)
    ]


def _causes(world: World, plans: Sequence[Plan], start_ms: int) -> Iterator[Change]:
    for number, plan in enumerate(plans):
        if plan.change_lead_ms is not None:
            yield Change(
                time_ms=start_ms + plan.onset * MINUTE_MS - plan.change_lead_ms,
                product=world.products[plan.product].name,
                service=world.themes[plan.theme].service,
                attributes=plan.slice or {},
                plan=number,
            )


def _decoys(world: World, start_ms: int, rng: np.random.Generator) -> Iterator[Change]:
    minutes = world.scenario.minutes
    for product, population in zip(world.products, world.populations, strict=True):
        slices = population.slices(1)
        for _ in range(int(rng.poisson(_DECOYS_PER_HOUR * minutes / 60))):
            yield Change(
                time_ms=start_ms + int(rng.integers(0, minutes * MINUTE_MS)),
                product=product.name,
                service=product.services[int(rng.integers(len(product.services)))],
                attributes=slices[int(rng.integers(len(slices)))] if rng.random() < 0.5 else {},
                plan=None,
            )


def _summary(rng: np.random.Generator, change: Change, build: int) -> str:
    words = load_vocabulary().changes
    if "app_version" in change.attributes:
        kinds: tuple[str, ...] = ("release",)
    else:
        kinds = ("targeted",) if change.attributes else ("deploy", "flag", "config")
    templates = words[kinds[int(rng.integers(len(kinds)))]]
    return templates[int(rng.integers(len(templates)))].format(
        service=change.service,
        version=change.attributes.get("app_version", f"{build % 7 + 1}.{build % 31}.{build % 13}"),
        build=build,
        share=build % 8 * 10 + 20,
        target=" and ".join(f"{name} {value}" for name, value in change.attributes.items()),
    )
