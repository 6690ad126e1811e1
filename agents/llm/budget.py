"""How much may still be spent on the language model: per incident, hour and day."""

from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from agents.llm.errors import BudgetSpent
from agents.llm.settings import Limits, ModelSettings
from schemas.commands import MOST_COSTS, Cost

_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS


@dataclass
class Spending:
    """A call: what is held back for it, and in the end what it came to. Or all of a question."""

    incident_id: str
    at_ms: int
    cost: Cost


async def _unannounced(_: Cost) -> None:
    """Nobody wants to know."""


class Bill:
    """What one question comes to; `announce` is told before each call what that costs at most."""

    def __init__(self, announce: Callable[[Cost], Awaitable[None]] = _unannounced) -> None:
        self.announce = announce
        self.cost = Cost()

    def add(self, cost: Cost) -> None:
        """A call is over."""
        self.cost = total((self.cost, cost))


class Budget:
    """Spent: what the last 60 minutes, the last 24 hours and an incident within these have had."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._spent: deque[Spending] = deque()

    def book(self, incident_id: str, cost: Cost, at_ms: int) -> None:
        """What was spent before the start; oldest first."""
        self._spent.append(Spending(incident_id, at_ms, cost))

    def reserve(self, incident_id: str, tokens_in: int, tokens_out: int, now_ms: int) -> Spending:
        """Hold back what a call may cost at most. Raises BudgetSpent, which names the limit."""
        while self._spent and self._spent[0].at_ms <= now_ms - _DAY_MS:
            self._spent.popleft()
        call = Spending(incident_id, now_ms, self._cost(tokens_in, tokens_out))
        settings = self._settings
        own = (one.cost for one in self._spent if one.incident_id == incident_id)
        hour = (one.cost for one in self._spent if one.at_ms > now_ms - _HOUR_MS)
        day = (one.cost for one in self._spent)
        check(call.cost, own, settings.per_incident, "this incident")
        check(call.cost, hour, settings.per_hour, "this hour")
        check(call.cost, day, settings.per_day, "this day")
        self._spent.append(call)
        return call

    def settle(self, call: Spending, tokens_in: int, tokens_out: int) -> None:
        """What the call came to; the call itself stays counted."""
        call.cost = self._cost(tokens_in, tokens_out)

    def release(self, call: Spending) -> None:
        """The call was never made."""
        if call in self._spent:
            self._spent.remove(call)

    def _cost(self, tokens_in: int, tokens_out: int) -> Cost:
        settings = self._settings
        money = (tokens_in * settings.price_in + tokens_out * settings.price_out) / 1000
        return total([Cost(1, tokens_in, tokens_out, money)])


def total(costs: Iterable[Cost]) -> Cost:
    """The sum, as far as it can be said."""
    each = list(costs)
    return Cost(
        sum(one.calls for one in each),
        sum(one.tokens_in for one in each),
        sum(one.tokens_out for one in each),
        min(MOST_COSTS, sum(one.money for one in each)),
    )


def estimate(texts: Iterable[str]) -> int:
    """Tokens of a text, rather too many: half of its UTF-8 bytes.

    English has about four bytes a token, Chinese two to four, and hexadecimal codes two.
    """
    return sum(len(text.encode(errors="replace")) // 2 + 8 for text in texts)


def check(cost: Cost, before: Iterable[Cost], limits: Limits, whose: str) -> None:
    """Whether a call fits in with what was spent before. Raises BudgetSpent, which names the limit.

    `whose`: such as `this hour`.
    """
    # A night asks thousands of times without a limit: they are not added up for each one.
    if limits == Limits():
        return
    after = total([cost, *before])
    spent = {
        "calls": (after.calls, limits.calls),
        "tokens": (after.tokens_in + after.tokens_out, limits.tokens),
        "money": (after.money, limits.money),
    }
    for what, (amount, limit) in spent.items():
        if limit and amount > limit:
            raise BudgetSpent(f"the {what} of {whose} are spent: {limit:g}")
