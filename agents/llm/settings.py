"""What the asking of a language model may be told."""

import re
from dataclasses import dataclass, field
from typing import Literal

Language = Literal["zh", "en", "auto"]

_URL = re.compile(r"https?://[^/@?#\s]+(/[^?#@\s]*)?")


@dataclass(frozen=True)
class Limits:
    """The most that may be spent; 0: no limit. `money` is in the currency of the prices."""

    calls: int = 0
    tokens: int = 0
    money: float = 0.0


@dataclass(frozen=True)
class ModelSettings:
    """`url`: of an OpenAI-compatible server, such as http://127.0.0.1:8000/v1.

    `timeout_s`: for one answer, repetitions included. `tokens_field`: under which name the server
    wants the most tokens of an answer (`answer_tokens`; a model that thinks aloud needs more).
    `price_in`, `price_out`: of 1,000 tokens. `language`: of the answers; auto: of the feedback.
    `in_flight`: questions at the same time. Raises ValueError if something cannot be.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    timeout_s: float = 30.0
    tokens_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    answer_tokens: int = 1_500
    per_incident: Limits = Limits(calls=6, tokens=40_000)
    per_hour: Limits = Limits(calls=120, tokens=500_000)
    per_day: Limits = Limits(calls=1_000, tokens=4_000_000)
    price_in: float = 0.0
    price_out: float = 0.0
    language: Language = "auto"
    in_flight: int = 4
    cache_hours: float = 6.0

    def __post_init__(self) -> None:
        if not _URL.fullmatch(self.url):
            raise ValueError(
                "the model's url is http://HOST:PORT/v1 or https://..., without a login in it"
            )
        if not self.model:
            raise ValueError("name the model that the server is to use")
        if self.key and not (self.key.isascii() and self.key.isprintable()):
            raise ValueError("the model's key has characters that no HTTP header can carry")
        if min(self.timeout_s, self.answer_tokens, self.in_flight) <= 0:
            raise ValueError("time-out, tokens of an answer and questions in flight are above 0")
