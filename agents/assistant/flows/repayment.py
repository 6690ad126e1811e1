"""What must be repaid and when; what can be done if that is hard."""

import re

from agents.assistant.days import day, parsed, span
from agents.assistant.facts import cards
from agents.assistant.money import money
from agents.assistant.picking import card_name, meant_cards
from agents.assistant.talk import Talk
from schemas.tools import Card

_HOW = re.compile(
    r"最低|分期|提前|晚|逾期|怎么还|minimum|only part|late|early|instal|how (?:can|do) i", re.I
)


async def run(talk: Talk) -> None:
    """The bills of the credit cards."""
    hard = talk.intent == "repayment_trouble"
    if hard:
        talk.say("repayment.trouble")
    found = await cards(talk)
    if found is not None:
        credit = [card for card in found if card.kind == "credit"]
        for card in meant_cards(talk, credit) or credit:
            _line(talk, card)
        if not credit:
            talk.say("repayment.no_card")
    if hard or _HOW.search(talk.said):
        passages = talk.knowledge.search(talk.said, talk.lang, talk.today, talk.intent, 1)
        if passages and passages[0].sure:
            talk.quote(passages[0])
    if hard:
        talk.offer("intent:call_back", "choice.call_back")
        talk.offer("intent:human", "choice.human")
    talk.link("repayment")


def _line(talk: Talk, card: Card) -> None:
    due = parsed(card.due_on)
    name = card_name(talk, card)
    if due is None or card.due_amount <= 0:
        talk.say("repayment.nothing", card=name)
        return
    left = (due - talk.today).days
    when = "late" if left < 0 else "today" if left == 0 else "due"
    talk.say(
        f"repayment.{when}",
        card=name,
        amount=money(card.due_amount, card.currency),
        least=money(card.due_minimum, card.currency),
        on=day(due, talk.lang),
        days=span(abs(left), talk.lang),
    )
