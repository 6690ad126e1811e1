"""What the assistant may still spend on the language model: per session, tenant, hour and day."""

from dataclasses import dataclass, field

from agents.assistant.wording.settings import WordingSettings
from agents.llm.budget import check, total
from schemas.commands import Cost

_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS
MOST_TENANTS = 1_000
_ALL = ""


@dataclass
class Spent:
    """What somebody has spent in the hour or day of this number."""

    number: int
    cost: Cost = field(default_factory=Cost)


@dataclass(frozen=True)
class Held:
    """A call: the most it may cost, and where that is held back."""

    cost: Cost
    tallies: tuple[tuple[Spent, int], ...]


class Purse:
    """Hours and days of UTC begin anew; one process knows what it has spent itself, and of the day
    what was booked.
    """

    def __init__(self, settings: WordingSettings) -> None:
        self._settings = settings
        self._hour = Spent(0)
        self._days: dict[str, Spent] = {_ALL: Spent(0)}

    def reserve(
        self, tenant: str, session: Cost, tokens_in: int, tokens_out: int, now_ms: int
    ) -> Held:
        """Hold back what a call may cost; `session`: what its session has had.

        Raises BudgetSpent, which names the limit.
        """
        settings, day = self._settings, now_ms // _DAY_MS
        if self._hour.number != now_ms // _HOUR_MS:
            self._hour = Spent(now_ms // _HOUR_MS)
        own = self._own(tenant, day)
        cost = self.cost(tokens_in, tokens_out)
        check(cost, [session], settings.per_session, "this session")
        check(cost, [own.cost], settings.per_tenant, "this tenant")
        check(cost, [self._hour.cost], settings.model.per_hour, "this hour")
        check(cost, [self._days[_ALL].cost], settings.model.per_day, "this day")
        tallies = tuple((spent, spent.number) for spent in (self._hour, self._days[_ALL], own))
        for spent, _ in tallies:
            spent.cost = total((spent.cost, cost))
        return Held(cost, tallies)

    def book(self, tenant: str, cost: Cost, at_ms: int) -> None:
        """What was spent at that time elsewhere, or before the start; of days that are over nothing
        counts.
        """
        day = at_ms // _DAY_MS
        if day >= self._days[_ALL].number:
            for spent in (self._own(tenant, day), self._days[_ALL]):
                spent.cost = total((spent.cost, cost))

    def settle(self, held: Held, cost: Cost) -> None:
        """What the call came to instead; nothing at all if it was never made."""
        for spent, number in held.tallies:
            if spent.number == number:
                spent.cost = _instead(spent.cost, held.cost, cost)

    def today(self, tenant: str, now_ms: int) -> Cost:
        """What this tenant has spent today."""
        spent = self._days.get(tenant)
        return spent.cost if spent is not None and spent.number == now_ms // _DAY_MS else Cost()

    def cost(self, tokens_in: int, tokens_out: int) -> Cost:
        """Of one call."""
        model = self._settings.model
        money = (tokens_in * model.price_in + tokens_out * model.price_out) / 1000
        return total([Cost(1, tokens_in, tokens_out, money)])

    def _own(self, tenant: str, day: int) -> Spent:
        if self._days[_ALL].number != day:
            self._days = {_ALL: Spent(day)}
        # Beyond so many tenants the others share one purse: memory is bounded, and so is spending.
        name = tenant if tenant in self._days or len(self._days) < MOST_TENANTS else "\0others"
        return self._days.setdefault(name, Spent(day))


def _instead(all_in_all: Cost, held: Cost, cost: Cost) -> Cost:
    return Cost(
        max(0, all_in_all.calls - held.calls + cost.calls),
        max(0, all_in_all.tokens_in - held.tokens_in + cost.tokens_in),
        max(0, all_in_all.tokens_out - held.tokens_out + cost.tokens_out),
        max(0.0, all_in_all.money - held.money + cost.money),
    )
