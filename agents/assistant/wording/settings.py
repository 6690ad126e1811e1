"""What the language model of the assistant may take: time, tokens and money."""

from dataclasses import dataclass

from agents.llm.settings import Limits, ModelSettings

PER_SESSION = Limits(calls=12, tokens=20_000)
PER_TENANT = Limits(calls=20_000, tokens=20_000_000)


@dataclass(frozen=True)
class WordingSettings:
    """`model`: the server, its time-out, tokens of an answer, prices, and what all tenants may
    spend in an hour and a day; `per_session`, `per_tenant`: what one may, a tenant in a day.

    `least_ms`: with less time left nothing is asked. Raises ValueError if something cannot be.
    """

    model: ModelSettings
    per_session: Limits = PER_SESSION
    per_tenant: Limits = PER_TENANT
    least_ms: float = 250.0

    def __post_init__(self) -> None:
        if self.least_ms <= 0:
            raise ValueError("the least time for a question is above 0")
