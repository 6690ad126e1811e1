"""Answers out of the articles: quoted, or as something to look at."""

from agents.assistant.hiding import hide
from agents.assistant.modelling import explain
from agents.assistant.passage import Passage
from agents.assistant.talk import Talk

_MOST = 3
_QUESTION = 200


async def answer(talk: Talk, question: str, intent: str) -> None:
    """What the articles say; titles to choose from if that is not sure; else a person."""
    if intent == "funds":
        talk.say("knowledge.no_advice")
    passages = talk.knowledge.search(question, talk.lang, talk.today, intent, _MOST)
    if passages and passages[0].sure:
        talk.quote(passages[0])
        return
    if not passages:
        nothing(talk)
        return
    if await explain(talk, question, passages):
        return
    talk.slots = {"q": hide(question)[:_QUESTION], "intent": intent}
    talk.ask("article", "knowledge.maybe")
    for one in passages:
        talk.button(f"article:{one.id}"[:80], one.title)
    talk.offer("intent:human", "choice.human")


def nothing(talk: Talk) -> None:
    """No article fits."""
    talk.say("knowledge.nothing")
    talk.degrade("template")
    talk.link("service")
    talk.offer("intent:human", "choice.human")
    talk.offer("intent:call_back", "choice.call_back")


def chosen(talk: Talk, article: str) -> None:
    """The person pressed a title."""
    slots = talk.flow.slots if talk.flow is not None else {}
    question, intent = str(slots.get("q", "")), str(slots.get("intent", ""))
    for one in talk.knowledge.search(question, talk.lang, talk.today, intent, 2 * _MOST):
        if f"article:{one.id}"[:80] == article:
            talk.quote(one)
            return
    nothing(talk)


def sure(talk: Talk) -> Passage | None:
    """An article that answers the message as it stands."""
    found = talk.knowledge.search(talk.said, talk.lang, talk.today, "", 1)
    return found[0] if found and found[0].sure else None
