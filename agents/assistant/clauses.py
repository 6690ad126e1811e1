"""A message of several clauses: each is read alone when the whole says too little or too much."""

import re
from datetime import date
from typing import Literal

from agents.assistant.flows import FLOWS
from agents.assistant.intents import flow_of
from agents.assistant.languages import has_han
from agents.assistant.reading import Reading, Understanding
from schemas.turns import Lang

SHOWN_AT_ONCE = frozenset({"balance", "fees", "limits", "repayment", "transactions", "transfer"})
"""Flows that answer in one turn, so that another may follow in the same."""
APART = frozenset({"dispute", "human", "ticket"})
"""Flows to which the rest of the message is part of what they are about."""
_END = re.compile(
    r"[。！？!?；;\n，]+|,(?!\d)|\.(?:\s|$)|<[^<>]{0,80}>|还有|以及|顺便|另外|然后|再帮我|和"
    r"|\b(?:and )?then\b|\band also\b|\band (?=when|what|how|where|why|my)"
)
_SHORTEST, _MOST = 3, 5
_CERTAIN = 0.9


def understood(
    understanding: Understanding,
    said: str,
    today: date,
    lang: Lang | Literal[""],
    whole: Reading,
) -> tuple[Reading, tuple[Reading, ...]]:
    """What the message means, and what else it asks for: at most one thing."""
    parts = [part.strip() for part in _END.split(said)]
    parts = [part for part in parts if len(part) >= (2 if has_han(part) else _SHORTEST)][:_MOST]
    if len(parts) < 2 or whole.act not in ("", "greet"):
        return whole, ()
    readings = [understanding.read(part, today, lang or whole.lang) for part in parts]
    sure = [one for one in readings if one.intent and one.sure and one.known]
    if not (whole.intent and whole.sure and whole.known):
        if not sure:
            return whole, ()
        best = max(sure, key=lambda one: one.confidence)
        whole = best._replace(lang=whole.lang, slots=whole.slots, upset=whole.upset, act="")
    main = flow_of(whole.intent)
    may = SHOWN_AT_ONCE if main in APART else set(FLOWS)
    if main not in SHOWN_AT_ONCE:
        may -= APART
    more = {
        flow_of(one.intent): one
        for one in reversed(sure)
        if one.confidence >= _CERTAIN and flow_of(one.intent) in may - {main}
    }
    return whole, tuple(more.values())[:1]
