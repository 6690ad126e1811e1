"""A scripted customer: what they say, how they react, and what must have come of it."""

import hashlib
import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, TypeAlias

import msgspec

from schemas.turns import Lang

MOST_TURNS = 12
"""Of one dialogue, with what a customer answers of their own accord."""
Groups: TypeAlias = list[str | list[str]]
"""Each of them, and of a list any."""


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A misspelt field is an error."""


class Move(_Strict, frozen=True):
    """One turn: words, or a click on `confirm`, `cancel`, `old` (the first confirm button that
    the dialogue has shown) or on the choice whose label holds these words.

    `wait`: minutes that go by before it; `strong`: the second factor was given just before it.
    `says` and `never` are about the answers to it and to the reactions that follow it.
    """

    say: str | None = None
    click: str = ""
    wait: Annotated[float, msgspec.Meta(ge=0)] = 0
    strong: bool = False
    says: Groups = []
    never: list[str] = []

    def __post_init__(self) -> None:
        """Raises ValueError."""
        if (self.say is None) == (not self.click):
            raise ValueError("a turn either says or clicks")


class Rule(_Strict, frozen=True):
    """A reaction: if an answer or its choices hold one of `asks`, the customer says or clicks."""

    asks: Annotated[list[str], msgspec.Meta(min_length=1)]
    say: str = ""
    click: str = ""
    most: int = 2

    def __post_init__(self) -> None:
        """Raises ValueError."""
        if bool(self.say) == bool(self.click):
            raise ValueError("a reaction either says or clicks")


class Habits(_Strict, frozen=True):
    """How the customer reacts before their next turn; the first that fits, within MOST_TURNS.

    `step_up`: gives the second factor when it is asked for, and confirms again. `yes`: clicks a
    confirm button once it stands beside a text that holds all of `sees`; `yes_words`: says so
    instead. `rules`: in order. `pick`: clicks the choice whose label holds one of these.
    """

    step_up: bool = False
    yes: bool = False
    yes_words: str = ""
    sees: Groups = []
    pick: list[str] = []
    rules: list[Rule] = []


FaultKind = Literal["slow", "dead", "unknown", "lost", "flaky", "refused"]


class Fault(_Strict, frozen=True):
    """What is wrong with a tool (`*`: all) from the turn `since` to the turn `until`, from 1.

    `slow`: answers after seconds; `dead`: not at all; `unknown`: a write has its effect and its
    answer is lost, always; `lost`: that, once; `flaky`: fails once; `refused`: `code`.
    """

    tool: str
    kind: FaultKind
    since: int = 1
    until: int = MOST_TURNS
    code: str = "wrong_state"


class Effect(_Strict, frozen=True):
    """A write that must have happened; only the fields that are given are compared.

    `card`: its id or last four digits; `amount`: in yuan; `text`: words any of which it holds;
    `about`: ids or last four digits, any of them.
    """

    tool: Literal["unbind_card", "freeze_card", "raise_limit", "open_ticket", "call_back"]
    card: str = ""
    service: str = ""
    reason: list[str] = []
    kind: str = ""
    amount: float | None = None
    days: int | None = None
    topic: list[str] = []
    text: list[str] = []
    about: list[str] = []
    window: str = ""


class Expected(_Strict, frozen=True):
    """`effects`: exactly these, and any of `allowed`; nothing else, for nobody.

    `says`: somewhere in the dialogue; `last`: in the last answer; `never`: nowhere. `actions`,
    `sources` and `degraded`: kinds (for `degraded` beginnings) that occur; of a list any.
    """

    effects: list[Effect] = []
    allowed: list[Effect] = []
    says: Groups = []
    last: Groups = []
    never: list[str] = []
    actions: Groups = []
    sources: Groups = []
    degraded: Groups = []


class Script(_Strict, frozen=True):
    """`manner`: what kind of customer it is. `langs`: those that answers may be in, if not `lang`
    alone. `means`: intents; asked what is meant, the customer clicks the one of these.
    `one_worker`: what it remembers matters, so that the session stays with it.
    """

    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]{4,60}$")]
    topic: Annotated[str, msgspec.Meta(pattern=r"^[a-z_]+$")]
    manner: Literal[
        "ordinary", "confused", "impatient", "hostile", "wavering", "prying", "injecting",
        "silent", "correcting", "mistaken", "double", "expired", "stale", "mixed", "typing",
        "several", "returning", "outside", "elderly", "step_up", "broken",
    ]  # fmt: skip
    lang: Lang
    customer: str
    turns: Annotated[list[str | Move], msgspec.Meta(min_length=1, max_length=MOST_TURNS)]
    expect: Expected
    tenant: str = "demo"
    habits: Habits = Habits()
    faults: list[Fault] = []
    langs: list[Lang] = []
    means: list[str] = []
    one_worker: bool = False
    held_out: bool = False

    def __post_init__(self) -> None:
        """Raises ValueError."""
        if unknown := set(self.means) - intents().keys():
            raise ValueError(f"no such intent: {', '.join(sorted(unknown))}")

    @property
    def moves(self) -> list[Move]:
        """The turns, words alone made moves."""
        return [Move(say=turn) if isinstance(turn, str) else turn for turn in self.turns]


@cache
def intents() -> dict[str, dict[str, str]]:
    """What each is called in each language, by its name."""
    file = files("agents.assistant") / "intents.toml"
    found: dict[str, dict[str, str]] = tomllib.loads(file.read_text(encoding="utf-8"))["intents"]
    return found


def is_held_out(name: str) -> bool:
    """By its name's hash: half of the scripts, which choose nothing."""
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 1
