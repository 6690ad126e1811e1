"""The account of a run: its truth, put together from what was drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from schemas.times import MINUTE_MS, Timestamp, format_ms
from schemas.topics import CHANGES, CHANNELS, COLLECTED
from streams.simulation.changes import Change
from streams.simulation.decoys import JOB_MINUTES, job_starts
from streams.simulation.delivery import Delivery
from streams.simulation.events import LANGUAGES, Events
from streams.simulation.injection import Injection
from streams.simulation.population import implied
from streams.simulation.themes import Kind
from streams.simulation.truth import (
    BurstTruth,
    ChangeTruth,
    InjectedIncident,
    SliceTruth,
    SurgeTruth,
    ThemeTruth,
    TopicTotals,
    Truth,
)
from streams.simulation.vocabulary import load_vocabulary
from streams.simulation.world import World


@dataclass(frozen=True)
class Account:
    """What was drawn in one run; `deliveries` per topic, `events` before delivery."""

    world: World
    events: Events
    injections: Sequence[Injection]
    changes: Sequence[Change]
    deliveries: Mapping[str, Delivery]

    def truth(self) -> Truth:
        """The whole truth."""
        scenario = self.world.scenario
        return Truth(
            seed=scenario.seed,
            start=self._time(0),
            scored_from=self._time(scenario.history_minutes),
            end=self._time(scenario.minutes),
            hours=scenario.hours,
            history_days=scenario.history_days,
            rate=scenario.rate,
            products=tuple(product.name for product in self.world.products),
            topics=self._topics(),
            themes=self._themes(),
            incidents=tuple(self._incident(n, i) for n, i in enumerate(self.injections)),
            surges=tuple(
                SurgeTruth(
                    product=self._product(surge.product),
                    start=self._time(surge.start),
                    end=self._time(surge.end),
                    factor=round(surge.factor, 2),
                )
                for surge in self.world.surges
            ),
            bursts=self._bursts(),
        )

    def _time(self, minute: int) -> Timestamp:
        return format_ms((self.world.scenario.first_minute + minute) * MINUTE_MS)

    def _product(self, index: int) -> str:
        return self.world.products[index].name

    def _topics(self) -> dict[str, TopicTotals]:
        is_spam = np.array([theme.kind is Kind.SPAM for theme in self.world.themes])
        spam = np.bincount(
            self.events.channel[is_spam[self.events.theme]], minlength=len(COLLECTED)
        )
        totals = {}
        for channel, topic in enumerate(COLLECTED):
            delivery = self.deliveries[topic]
            broken = sorted(str(reason) for reason, _ in delivery.broken)
            totals[topic] = TopicTotals(
                lines=len(delivery.rows),
                events=len(delivery.rows) - delivery.duplicates - len(broken),
                duplicates=delivery.duplicates,
                spam=int(spam[channel]),
                late=delivery.late,
                out_of_order=delivery.out_of_order,
                broken={reason: broken.count(reason) for reason in dict.fromkeys(broken)},
            )
        return totals | {CHANGES: TopicTotals(lines=len(self.changes), events=len(self.changes))}

    def _themes(self) -> tuple[ThemeTruth, ...]:
        counts = np.bincount(self.events.theme, minlength=len(self.world.themes))
        return tuple(
            ThemeTruth(
                product=self._product(theme.product),
                theme=theme.key,
                kind=str(theme.kind),
                category=theme.category,
                rate=round(float(level.mean()), 4),
                events=int(count),
            )
            for theme, level, count in zip(
                self.world.themes, self.world.levels, counts, strict=True
            )
        )

    def _incident(self, number: int, injection: Injection) -> InjectedIncident:
        plan, theme = injection.plan, self.world.themes[injection.plan.theme]
        change = next((c for c in self.changes if c.plan == number), None)
        at_ms = injection.detectable_at_ms
        return InjectedIncident(
            id=f"injected-{number}",
            product=self._product(plan.product),
            theme=theme.key,
            category=theme.category or "",
            new_theme=theme.rhythm.rate == 0,
            onset=self._time(plan.onset),
            end=self._time(plan.end),
            duration_minutes=plan.duration,
            expected=round(injection.expected, 2),
            injected=len(injection.events),
            authors=injection.authors,
            size_class=plan.size,
            size_sd=round(injection.size_sd, 2),
            detectable=injection.detectable,
            detectable_at=None if at_ms is None else format_ms(at_ms),
            slice=None
            if plan.slice is None
            else SliceTruth(plan.slice, round(injection.share, 4), implied(plan.slice)),
            channels=_named(injection.events.channel, [CHANNELS[topic] for topic in COLLECTED]),
            languages=_named(injection.events.language, LANGUAGES),
            cause=_cause(theme.causes, theme.service, number, change),
            change=None
            if change is None
            else ChangeTruth(change.id, change.summary, format_ms(change.time_ms)),
            terms=theme.terms,
        )

    def _bursts(self) -> tuple[BurstTruth, ...]:
        scenario = self.world.scenario
        return tuple(
            BurstTruth(
                product=self._product(theme.product),
                theme=theme.key,
                terms=theme.terms,
                starts=tuple(self._time(start) for start in job_starts(scenario, theme)),
                duration_minutes=JOB_MINUTES,
            )
            for theme in self.world.themes
            if theme.kind is Kind.JOB
        )


def _named(
    codes: np.ndarray[tuple[int], np.dtype[np.int8]], names: Sequence[str]
) -> dict[str, int]:
    counts = np.bincount(codes, minlength=len(names)).tolist()
    return {name: count for name, count in zip(names, counts, strict=True) if count}


def _cause(causes: Sequence[str], service: str, number: int, change: Change | None) -> str:
    if change is not None:
        return causes[number % len(causes)]
    outside = load_vocabulary().changes["outside"]
    return outside[number % len(outside)].format(service=service)
