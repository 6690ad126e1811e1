"""Hand-made truths and reported incidents for the tests of the scorer."""

from __future__ import annotations

from schemas.causes import Evidence, NearChange, Rca
from schemas.incidents import Grouping, Impact, Incident, Observed, Onset, Slice, SliceCandidate
from schemas.times import MINUTE_MS, format_ms
from streams.simulation.scenario import DEFAULT_START_MS
from streams.simulation.truth import (
    BurstTruth,
    ChangeTruth,
    InjectedIncident,
    SliceTruth,
    SurgeTruth,
    Truth,
)
from streams.simulation.vocabulary import Words

TERMS = Words(zh=("付不了",), en=("cannot pay",), log=("gateway declined",))
OTHER_TERMS = Words(zh=("闪退",), en=("crash",))
JOB_TERMS = Words(log=("export row",))


def at(minute: float) -> str:
    """The wire form of a minute of the run."""
    return format_ms(DEFAULT_START_MS + round(minute * MINUTE_MS))


def injected(
    onset: int = 100,
    *,
    number: int = 0,
    product: str = "wallet",
    duration: int = 30,
    size: int = 8,
    terms: Words = TERMS,
    detectable: bool = True,
    attributes: dict[str, str] | None = None,
    implied: dict[str, str] | None = None,
    change: str | None = None,
) -> InjectedIncident:
    """An injected incident; times in minutes of the run."""
    return InjectedIncident(
        id=f"injected-{number}",
        product=product,
        theme="theme",
        category="payment",
        new_theme=False,
        onset=at(onset),
        end=at(onset + duration),
        duration_minutes=duration,
        expected=10.0,
        injected=60,
        authors=40,
        size_class=size,
        size_sd=float(size),
        detectable=detectable,
        detectable_at=at(onset + 1) if detectable else None,
        slice=None if attributes is None else SliceTruth(attributes, 0.95, implied or {}),
        channels={"app": 60},
        languages={"zh": 60},
        cause="cause",
        change=None if change is None else ChangeTruth("change-1", change, at(onset - 5)),
        terms=terms,
    )


def truth(
    *incidents: InjectedIncident,
    surges: tuple[SurgeTruth, ...] = (),
    bursts: tuple[BurstTruth, ...] = (),
    scored_from: int = 0,
) -> Truth:
    """A truth of two products and one week, plus what comes before `scored_from`."""
    return Truth(
        seed=1,
        start=at(0),
        scored_from=at(scored_from),
        end=at(scored_from + 7 * 1440),
        hours=168.0,
        history_days=0,
        rate=100.0,
        products=("wallet", "video"),
        topics={},
        themes=(),
        incidents=incidents,
        surges=surges,
        bursts=bursts,
    )


def reported(
    detected: float = 102,
    *,
    onset: float | None = None,
    name: str = "i1",
    revision: int = 1,
    updated: float | None = None,
    product: str = "wallet",
    status: str = "open",
    texts: tuple[str, ...] = ("付不了款", "I CANNOT  pay"),
    title: str = "title",
    attributes: dict[str, str] | None = None,
    candidates: tuple[dict[str, str], ...] = (),
    changes: tuple[str, ...] = (),
) -> Incident:
    """One revision; `attributes` None: the slice is abstained."""
    start = at(detected - 2 if onset is None else onset)
    return Incident(
        incident_id=name,
        incident_key=name,
        revision=revision,
        status=status,  # type: ignore[arg-type]
        severity="error",
        title=title,
        product=product,
        service=None,
        opened_at=start,
        detected_at=at(detected),
        updated_at=at(detected if updated is None else updated),
        resolved_at=None,
        onset=Onset(start, start),
        observed=Observed(60, 10.0, 15, 6.0, 40, "filter", 9.0, "baseline"),
        slice=Slice(
            attributes=attributes or {},
            share=0.9,
            lift=5.0,
            abstained=attributes is None,
            candidates=tuple(SliceCandidate(c, 0.5, 2.0) for c in candidates),
            reason="",
        ),
        impact=Impact(40, 30, 50, "basis"),
        channels={"app": 60},
        evidence=tuple(
            Evidence(f"e{n}", "app", at(detected), text, f"feedback.app-0@{n}")
            for n, text in enumerate(texts)
        ),
        changes=tuple(NearChange(f"c{n}", summary, start, 5) for n, summary in enumerate(changes)),
        rca=Rca("pending", "rules", (), (), None),
        grouping=Grouping("c1", ("付不",), "reason", 0.1),
        related_incident_ids=(),
        previous_incident_id=None,
        labels={},
    )
