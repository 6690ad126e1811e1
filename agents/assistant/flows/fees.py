"""What things cost, and why a fee was charged."""

import re

from agents.assistant.facts import transactions
from agents.assistant.flows.transfer import looked_back
from agents.assistant.picking import entry, meant_transactions
from agents.assistant.talk import Talk
from schemas.tools import ListTransactions

_DAYS = 90
_PRICE = re.compile(
    r"what (?:is|are) the|how much (?:is|are|does|do)|怎么收|收费标准|要多少|收多少|多少手续费",
    re.I,
)
_MINE = re.compile(r"\bme\b|\bmy\b|\bi\b|why|为什么|扣了|收了|被", re.I)


async def run(talk: Talk) -> None:
    """Fees that were charged are facts of the bank; what a fee is for stands in an article."""
    if talk.intent == "unknown_fee" and _PRICE.search(talk.said) and not _MINE.search(talk.said):
        talk.intent = "fees"
    if talk.intent == "unknown_fee":
        days = looked_back(talk, _DAYS)
        found = await transactions(talk, ListTransactions(days=days, most=50))
        if found is not None:
            every = [one for one in found if one.kind == "fee"]
            meant = meant_transactions(talk, every, lambda _one: True)
            fees = (meant or every)[:3]
            said = "charged" if meant else "none_like" if fees else "none_charged"
            talk.say(f"fees.{said}", days=days)
            talk.lines += [entry(talk, one) for one in fees]
            if fees:
                talk.offer("intent:dispute", "choice.dispute")
    passages = talk.knowledge.search(talk.said, talk.lang, talk.today, talk.intent, 1)
    if passages and (passages[0].sure or talk.intent == "fees"):
        talk.quote(passages[0])
    elif talk.intent == "fees":
        talk.say("fees.see_list")
    talk.link("fees")
