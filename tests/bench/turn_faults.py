"""Turns while the model or the bank fails: do people get an answer that they can use, in time?"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from urllib.request import Request, urlopen

from streams.broker.machine import free_port
from tests.bench.beside import listens, slow_model, started
from tests.bench.customers import Town
from tests.bench.results import Bench, Goal, Result, Value
from tests.bench.turn_figures import LIMIT_MS, p
from tests.bench.turn_load import Phase, Turned
from tests.bench.turn_stack import opened

_RATE = 20.0
_NEVER_S = 3600.0
_NEEDS = {
    "balance": "accounts",
    "transactions": "transactions",
    "transfer_failed": "transactions",
    "limits": "cards",
    "card_lost": "cards",
    "freeze_card": "cards",
}
"""The tool without which there is no whole answer, by what the reply says it is about."""
_EVERY = frozenset(_NEEDS.values())
Environ = Mapping[str, str]


class _Bank:
    """A bank behind HTTP, whose tools can be made to hang."""

    def __init__(self, bench: Bench, town: Town) -> None:
        self._bench = bench
        self._town = town
        self.port = free_port()
        self.stack = ExitStack()
        self.environ = {"GROUNDSWELL_BANK_URL": f"http://127.0.0.1:{self.port}"}

    def start(self) -> None:
        command = ["-m", "streams", "bank", "serve", "--faults", "--port", str(self.port)]
        file = self._bench.home / "bank.log"
        running = started(file, command, self._town.environ, lambda: listens(self.port))
        self.stack.enter_context(running)

    def hang(self, tool: str) -> None:
        """From now on."""
        asked = Request(
            f"http://127.0.0.1:{self.port}/faults",
            json.dumps({tool: {"hangs": True}}).encode(),
            {"Content-Type": "application/json"},
            method="PUT",
        )
        urlopen(asked, timeout=5).close()

    def die(self) -> None:
        """Nobody listens there any more."""
        self.stack.close()


@contextmanager
def _dead_model() -> Iterator[Environ]:
    """Nobody listens at its address."""
    url = f"http://127.0.0.1:{free_port()}/v1"
    yield {"GROUNDSWELL_MODEL_URL": url, "GROUNDSWELL_MODEL_NAME": "dead"}


@dataclass(frozen=True)
class _Trouble:
    """`broken`: tools without which a turn must say that it is degraded."""

    name: str
    model: Callable[[], AbstractContextManager[Environ]] = lambda: nullcontext({})
    spoil: Callable[[_Bank], None] = lambda _: None
    broken: frozenset[str] = frozenset()


_TROUBLES = (
    _Trouble("none"),
    _Trouble("model dead", _dead_model),
    _Trouble("model hangs", lambda: slow_model(_NEVER_S)),
    _Trouble("model takes 10 s", lambda: slow_model(10.0)),
    _Trouble(
        "tool `cards` hangs", spoil=lambda bank: bank.hang("cards"), broken=frozenset({"cards"})
    ),
    _Trouble("bank hangs", spoil=lambda bank: bank.hang("*"), broken=_EVERY),
    _Trouble("bank dead", spoil=_Bank.die, broken=_EVERY),
)


def measure(bench: Bench, town: Town) -> Result:
    """One row a trouble."""
    chosen = _TROUBLES[2::2] if bench.quick else _TROUBLES
    rows = [_row(bench, town, trouble) for trouble in chosen]
    goals = [Goal(f"p99 ms: {row['trouble']}", float(row["p99 ms"]), LIMIT_MS) for row in rows]
    useless = max(float(row["not useful %"]) for row in rows)
    goals.append(Goal("% not answered usefully, the worst", useless, 0.0))
    return Result(f"Answers in trouble, {_RATE:.0f} turns a second", rows, goals)


def _row(bench: Bench, town: Town, trouble: _Trouble) -> dict[str, Value]:
    seconds = 5.0 if bench.quick else 30.0
    bench.say(f"assistant: {trouble.name}")
    bank = _Bank(bench, town)
    with bank.stack, trouble.model() as model:
        bank.start()
        with opened(bench, town, {**bank.environ, **model}) as stack:
            trouble.spoil(bank)
            # From the first turn on: no breaker is open yet.
            turns = stack.asked(Phase(_RATE, seconds)).report.turns
    return _figures(trouble, turns)


def _figures(trouble: _Trouble, turns: Sequence[Turned]) -> dict[str, Value]:
    silent = sum(_NEEDS.get(turn.intent) in trouble.broken and not turn.degraded for turn in turns)
    useless = sum(not turn.useful for turn in turns)
    return {
        "trouble": trouble.name,
        "turns": len(turns),
        "p50 ms": p(turns, 50),
        "p99 ms": p(turns, 99),
        "most ms": p(turns, 100),
        "late": sum(turn.status == "late" for turn in turns),
        "degraded %": 100 * sum(bool(turn.degraded) for turn in turns) / len(turns),
        "silent": silent,
        "not useful %": 100 * (silent + useless) / len(turns),
    }
