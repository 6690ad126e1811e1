"""What people may want, by name: which flow answers, and what it is called."""

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from schemas.turns import Lang

WRITING = frozenset({"callback", "dispute", "human", "limit", "lost", "ticket", "unbind"})
"""Flows that propose to change something."""


class Intent(msgspec.Struct, frozen=True):
    """Without a flow the knowledge answers."""

    zh: str
    en: str
    flow: str = ""

    def label(self, lang: Lang) -> str:
        """What it is called."""
        return self.zh if lang == "zh" else self.en[:1].upper() + self.en[1:]


@cache
def intents() -> dict[str, Intent]:
    """By name."""
    text = (files("agents.assistant") / "intents.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text)["intents"], dict[str, Intent])


def flow_of(intent: str) -> str:
    """The flow that answers; empty if the knowledge does, or there is no such intent."""
    found = intents().get(intent)
    return found.flow if found else ""
