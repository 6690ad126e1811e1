"""CPU of an event: our whole intake, and what peers need to count alone."""

from statistics import median

from tests.bench.peers_env import PEERS, make_environment, run_peer
from tests.bench.results import Bench, Goal, Result, Value
from tests.bench.runs import MeasuredRun, Spent
from tests.bench.traffic import Traffic

_EVENTS = 200_000
_PARTITIONS = 4
_TOPIC = "feedback.app"
_INTAKE = "Groundswell intake"
_WORKER = "Groundswell worker (intake and detect)"
_QUIX = next(iter(PEERS))
_GOALS = {"repeating": 0.5, "novel": 1.25}
_NOVEL = {"repeating": 0.0, "novel": 1.0}


def run(bench: Bench) -> list[Result]:
    """One table for repeating texts and one for texts of which no two are equal."""
    bench.say("intake: preparing the environment of the peers")
    make_environment()
    return [_compare(bench, kind) for kind in _GOALS]


def _compare(bench: Bench, kind: str) -> Result:
    rounds = 1 if bench.quick else 3
    spent: dict[str, list[Spent]] = {}
    # In turns, so that a slow minute of the machine hits everybody.
    for n in range(rounds):
        bench.say(f"intake: {kind} text, round {n + 1} of {rounds}")
        for name, found in _round(bench, kind).items():
            spent.setdefault(name, []).append(found)
    cost = {name: median(s.us_per_event for s in found) for name, found in spent.items()}
    rows: list[dict[str, Value]] = [
        {
            "contestant": name,
            "CPU us/event": cost[name],
            "x Quix": cost[name] / cost[_QUIX],
            "events/s": round(median(s.events / s.wall_s for s in found)),
        }
        for name, found in spent.items()
    ]
    goals = [
        Goal(f"{name} / Quix, {kind} text", cost[name] / cost[_QUIX], _GOALS[kind])
        for name in (_INTAKE, _WORKER)
    ]
    return Result(f"Intake of {kind} text", rows, goals)


def _round(bench: Bench, kind: str) -> dict[str, Spent]:
    count = bench.count(_EVENTS, _EVENTS // 4)
    traffic = Traffic(bench.seed, novel=_NOVEL[kind])
    found = {}
    for name in (_INTAKE, _WORKER):
        # State and offsets of one would spare the other the work: each has topics of its own.
        with MeasuredRun(bench.bootstrap, topics=(_TOPIC,), inputs=_PARTITIONS) as run:
            run.feeder.write(traffic.messages(count))
            if name == _INTAKE:
                for peer, script in PEERS.items():
                    topic = run.topics[0]
                    found[peer] = run_peer(script, bench.bootstrap, topic, _PARTITIONS, count)
            found[name] = run.measure(intake_only=name == _INTAKE)
    return {name: found[name] for name in (_INTAKE, _WORKER, *PEERS)}
