"""How much may still be spent on the language model: per incident, hour and day."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from agents.llm.errors import BudgetSpent
from agents.llm.settings import Limits, ModelSettings

_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS


@dataclass
class Spending:
    """One call: what is held back for it, and in the end what it came to."""

    incident_id: str
    at_ms: int
    tokens_in: int
    tokens_out: int
    money: float


class Budget:
    """Spent is what the last 60 minutes, the last 24 hours and an incident within these have had.

    It is known to this process only: a restart begins anew.
    """

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._spent: deque[Spending] = deque()

    def reserve(self, incident_id: str, tokens_in: int, tokens_out: int, now_ms: int) -> Spending:
        """Hold back what a call may cost at most. Raises BudgetSpent, which names the limit."""
        while self._spent and self._spent[0].at_ms <= now_ms - _DAY_MS:
            self._spent.popleft()
        call = Spending(incident_id, now_ms, tokens_in, tokens_out, 0.0)
        call.money = self._price(call)
        settings = self._settings
        day = [*self._spent, call]
        hour = [one for one in day if one.at_ms > now_ms - _HOUR_MS]
        own = [one for one in day if one.incident_id == incident_id]
        _check(own, settings.per_incident, "this incident")
        _check(hour, settings.per_hour, "this hour")
        _check(day, settings.per_day, "this day")
        self._spent.append(call)
        return call

    def settle(self, call: Spending, tokens_in: int, tokens_out: int) -> None:
        """What the call came to; the call itself stays counted."""
        call.tokens_in, call.tokens_out = tokens_in, tokens_out
        call.money = self._price(call)

    def release(self, call: Spending) -> None:
        """The call was never made."""
        if call in self._spent:
            self._spent.remove(call)

    def _price(self, call: Spending) -> float:
        settings = self._settings
        return (call.tokens_in * settings.price_in + call.tokens_out * settings.price_out) / 1000


def estimate(texts: Iterable[str]) -> int:
    """Tokens of a text, rather too many: half of its UTF-8 bytes.

    English has about four bytes a token, Chinese two to four, and hexadecimal codes two.
    """
    return sum(len(text.encode(errors="replace")) // 2 + 8 for text in texts)


def _check(calls: list[Spending], limits: Limits, whose: str) -> None:
    spent = {
        "calls": (len(calls), limits.calls),
        "tokens": (sum(one.tokens_in + one.tokens_out for one in calls), limits.tokens),
        "money": (sum(one.money for one in calls), limits.money),
    }
    for what, (amount, limit) in spent.items():
        if limit and amount > limit:
            raise BudgetSpent(f"the {what} of {whose} are spent: {limit:g}")
