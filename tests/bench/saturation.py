"""How many turns a second one gateway and one worker answer, at half of that, and at twice."""

from statistics import median

import psutil

from streams.broker import EmbeddedBroker
from tests.bench.bare_hop import hop
from tests.bench.customers import Town
from tests.bench.results import Bench, Goal, Result, Value, percentile
from tests.bench.turn_figures import LIMIT_MS, answered, late, p, refused, within
from tests.bench.turn_load import Phase, Turned
from tests.bench.turn_stack import Asked, Stack, opened

_FIRST = 50.0
_MOST = 3_200.0
_NEAR = 1.06
"""Between the rate that held and the one that did not, when the search ends."""
_STEP_BACK = 0.93
_HELD = 0.99
_AFTER_S = 10.0
"""After an overload, before all must be as it was."""


def measure(bench: Bench, town: Town) -> tuple[float, list[Result]]:
    """The saturating rate, and what is told of it."""
    with opened(bench, town) as stack:
        if broker := EmbeddedBroker(bench.home).status().pid:
            stack.processes["kafka"] = psutil.Process(broker)
        rate, results = _search(bench, stack)
        half, usual = _half(bench, stack, rate / 2)
        results.append(_twice(bench, stack, rate, float(results[0].rows[0]["answered/s"]), usual))
    results.insert(2, _beside(bench, rate / 2, half))
    return rate, results


def _search(bench: Bench, stack: Stack) -> tuple[float, list[Result]]:
    """Doubles until it does not hold, halves the gap until it is small, then tries for longer."""
    short, long = (4.0, 6.0) if bench.quick else (12.0, 60.0)
    low, high = _FIRST, 2 * _FIRST
    stack.asked(Phase(_FIRST, 3.0))
    while high < _MOST and _holds(bench, stack, high, short):
        low, high = high, 2 * high
    while high / low > (1.3 if bench.quick else _NEAR):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if _holds(bench, stack, middle, short) else (low, middle)
    while True:
        found = stack.asked(Phase(low, 3.0), Phase(low, long))
        turns = within(found.report.turns, 3.0, 3.0 + long)
        if _held(turns) or low < _FIRST / 4:
            return low, [_answers(low, turns, found, long), _costs(found)]
        bench.say(f"assistant: {low:.0f} turns/s do not hold for {long:.0f} s")
        low *= _STEP_BACK


def _holds(bench: Bench, stack: Stack, rate: float, seconds: float) -> bool:
    """Twice before it is believed not to: something else may have taken the machine."""
    return any(_tried(bench, stack, rate, seconds) for _ in range(2))


def _tried(bench: Bench, stack: Stack, rate: float, seconds: float) -> bool:
    turns = within(stack.asked(Phase(rate, seconds + 2.0)).report.turns, 2.0, seconds + 2.0)
    share, p99 = len(answered(turns)) / len(turns), p(answered(turns), 99)
    bench.say(f"assistant: {rate:.0f} turns/s, {share:.3f} answered, p99 {p99:.0f} ms")
    if _held(turns):
        return True
    # What was left over must not burden the next try.
    stack.asked(Phase(_FIRST / 5, 2.0))
    return False


def _held(turns: list[Turned]) -> bool:
    return len(answered(turns)) >= _HELD * len(turns) and p(answered(turns), 99) < LIMIT_MS


def _answers(rate: float, turns: list[Turned], found: Asked, seconds: float) -> Result:
    good = answered(turns)
    row: dict[str, Value] = {
        "turns/s": rate,
        "answered/s": len(good) / seconds,
        "refused": len(refused(turns)),
        "p50 ms": p(good, 50),
        "p99 ms": p(good, 99),
        "sent late ms": found.report.behind_ms,
    }
    return Result("Turns a second of one gateway and one worker", [row])


def _costs(found: Asked) -> Result:
    turns = len(found.report.turns)
    spent = {**found.cpu, "customers": found.report.cpu_s}
    rows: list[dict[str, Value]] = [
        {"process": name, "CPU ms/turn": 1000 * cpu_s / turns, "cores": cpu_s / found.wall_s}
        for name, cpu_s in spent.items()
    ]
    return Result("CPU at that rate", rows)


def _half(bench: Bench, stack: Stack, rate: float) -> tuple[dict[str, Value], float]:
    """Its row, and the p99."""
    seconds = 8.0 if bench.quick else 60.0
    found = stack.asked(Phase(rate, 3.0), Phase(rate, seconds))
    turns = within(found.report.turns, 3.0, 3.0 + seconds)
    good = answered(turns)
    row: dict[str, Value] = {
        "what": "a turn",
        "a second": rate,
        "p50 ms": p(good, 50),
        "p99 ms": p(good, 99),
        "p99.9 ms": p(good, 99.9),
        "waited p50": median(turn.waited for turn in good),
        "worked p50": median(turn.worked for turn in good),
        "worked p99": percentile([turn.worked for turn in good], 99),
        "unanswered": len(turns) - len(good),
    }
    return row, p(good, 99)


def _beside(bench: Bench, rate: float, half: dict[str, Value]) -> Result:
    times = hop(bench, rate, 8.0 if bench.quick else 60.0)
    there = [ms for ms in times if ms >= 0]
    empty: dict[str, Value] = dict.fromkeys(half, "")
    bare: dict[str, Value] = {
        "what": "the bare hop",
        "a second": rate,
        "p50 ms": percentile(there, 50),
        "p99 ms": percentile(there, 99),
        "p99.9 ms": percentile(there, 99.9),
        "unanswered": len(times) - len(there),
    }
    p99 = float(half["p99 ms"])
    goals = [
        Goal("p99 of a turn at half the load, ms", p99, 50),
        Goal("p99 of a turn / of the bare hop (stretch)", p99 / float(bare["p99 ms"]), 2),
    ]
    return Result("At half the saturating rate, without a model", [half, empty | bare], goals)


def _twice(bench: Bench, stack: Stack, rate: float, peak: float, usual: float) -> Result:
    """Twice the rate, then half of it; `usual`: its p99 at other times."""
    seconds, after = (6.0, 14.0) if bench.quick else (30.0, 30.0)
    found = stack.asked(Phase(2 * rate, seconds), Phase(rate / 2, after))
    turns = found.report.turns
    during, later = within(turns, 2.0, seconds), within(turns, seconds + _AFTER_S, seconds + after)
    good, told = answered(during), refused(during)
    row: dict[str, Value] = {
        "turns/s": 2 * rate,
        "answered/s": len(good) / (seconds - 2.0),
        "p99 ms": p(good, 99),
        "refused": len(told),
        "refused p50": p(told, 50),
        "refused p99": p(told, 99),
        "neither": late(during),
        "p99 after 10 s": p(answered(later), 99),
        "not answered then": len(later) - len(answered(later)),
        "sent late ms": found.report.behind_ms,
    }
    goals = [
        Goal("peak / answered at twice the load", peak / float(row["answered/s"]), 1 / 0.9),
        Goal("p99 of refusals, ms", float(row["refused p99"]), 100),
        Goal("p99 10 s later / at other times", float(row["p99 after 10 s"]) / usual, 1.5),
    ]
    return Result("At twice the saturating rate, and then at half", [row], goals)
