"""A new phone number: never in a chat, for whoever has the old phone would have the account."""

from agents.assistant.talk import Talk


async def run(talk: Talk) -> None:
    """Where it is done, and why not here."""
    talk.exact = True
    talk.say("phone.why_not_here")
    talk.say("phone.where")
    passages = talk.knowledge.search(talk.said, talk.lang, talk.today, talk.intent, 1)
    if passages and passages[0].sure:
        talk.quote(passages[0])
    talk.form("phone", {"service": "change_phone", "lang": talk.lang})
    talk.link("phone")
    talk.offer("intent:human", "choice.human")
