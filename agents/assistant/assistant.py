"""The assistant: one turn in, one answer out; no clock, no network, no memory of its own."""

import hashlib
from collections.abc import Callable
from datetime import date

import msgspec

from agents.assistant.answer import Answer, Keep, Partly, keep_nothing, show_nothing
from agents.assistant.choosing import press
from agents.assistant.clauses import understood
from agents.assistant.confirming import lapse, settle
from agents.assistant.danger import in_danger
from agents.assistant.facts import language
from agents.assistant.hearing import hear
from agents.assistant.hiding import hide, without_secrets
from agents.assistant.known import known, state_of
from agents.assistant.languages import is_wordless, spoken
from agents.assistant.modelling import add, reword
from agents.assistant.others import asks_for_others
from agents.assistant.passage import Knowledge
from agents.assistant.reading import Reading, Understanding
from agents.assistant.repair import common, silence
from agents.assistant.talk import Talk
from agents.assistant.tools import Toolbox
from agents.assistant.words import Words
from agents.privacy import redact
from schemas.conduct import ActionRecord, Interaction
from schemas.sessions import EXPIRES_MS, MOST_EXCHANGES, MOST_REPLIES, Session
from schemas.times import format_ms
from schemas.turns import Exchange, Reply, Timing, Turn
from windows.texts import clean

_KEPT = 500
"""Characters of what was said, and of what was answered, that are kept."""
_RECORDED = ("tool_result", "form_prefill", "hand_over")
_JUST_ACTS = ("affirm", "deny", "cancel", "thanks")


class Assistant:
    """`salt`: key of the hash that stands for the user in interactions."""

    def __init__(
        self, understanding: Understanding, knowledge: Knowledge, *, salt: bytes = b""
    ) -> None:
        self._understanding = understanding
        self._knowledge = knowledge
        self._salt = hashlib.blake2b(salt, digest_size=32).digest()

    async def answer(
        self,
        session: Session | None,
        turn: Turn,
        tools: Toolbox,
        *,
        now_ms: int,
        today: date,
        left_ms: Callable[[], float],
        keep: Keep = keep_nothing,
        words: Words | None = None,
        partly: Partly = show_nothing,
    ) -> Answer:
        """The answer to a turn of this session, None for its first. Raises nothing but BadModel.

        `today`: at the bank. `left_ms`: until the deadline. `keep` is awaited before a write is
        sent, with the session that says so. `words`: a language model. `partly` is called with what
        can be shown before the reply is there, which never contradicts it. A turn that was answered
        before gets the same reply, of status `duplicate`; somebody else's session is `refused`.
        """
        if (reply := known(session, turn, now_ms)) is not None:
            return Answer(None, reply)
        now = _current(session, turn, now_ms)
        # Nothing of ours needs a password: not even the understanding sees it.
        heard = "" if turn.choice else clean(turn.text)
        said = without_secrets(heard)
        confided = said != heard
        reading = Reading(now.lang, "", 1.0)
        if said:
            reading = self._understanding.read(
                said, today, turn.lang or (now.lang if session else "")
            )
        more: tuple[Reading, ...] = ()
        if said:
            reading, more = understood(self._understanding, said, today, turn.lang, reading)
        lang = turn.lang or spoken(now, said, reading)
        if session is None and not turn.lang and is_wordless(said):
            lang = await language(tools) or lang
        talk = Talk(
            msgspec.structs.replace(now, lang=lang),
            turn,
            reading,
            more,
            said,
            tools,
            self._knowledge,
            now_ms=now_ms,
            today=today,
            left_ms=left_ms,
            keep=keep,
            words=words,
            partly=partly,
        )
        if confided:
            talk.say("secret.keep")
        await _go(talk)
        await reword(talk)
        return self._answer(talk)

    def _answer(self, talk: Talk) -> Answer:
        reply = _reply(talk)
        at = format_ms(talk.now_ms)
        exchange = Exchange(
            talk.turn.turn, at, hide(_said(talk))[:_KEPT], redact(reply.text)[:_KEPT]
        )
        session = msgspec.structs.replace(
            talk.before,
            seen_ms=talk.now_ms,
            flow=talk.flow,
            stack=tuple(talk.stack),
            pending=talk.pending,
            unsettled=tuple(talk.unsettled),
            exchanges=(*talk.before.exchanges, exchange)[-MOST_EXCHANGES:],
            replies=(*talk.before.replies, reply)[-MOST_REPLIES:],
            cost=add(talk.before.cost, talk.cost),
        )
        return Answer(
            session,
            reply,
            tuple(talk.audit),
            tuple(_records(talk)),
            self._interaction(talk, reply, exchange),
        )

    def _interaction(self, talk: Talk, reply: Reply, exchange: Exchange) -> Interaction:
        turn = talk.turn
        who = f"{turn.tenant}\x1f{turn.user}".encode()
        nameless = _nameless(talk, reply.text)
        return Interaction(
            id=f"{turn.session}:{turn.turn}",
            time=exchange.at,
            # A button of a transaction names somebody.
            text="[choice]" if turn.choice.startswith("txn:") else exchange.said,
            answer=exchange.answered if nameless == reply.text else redact(nameless)[:_KEPT],
            author=hashlib.blake2b(who, key=self._salt, digest_size=12).hexdigest(),
            lang=reply.lang,
            attributes={
                "intent": reply.intent,
                "state": reply.state,
                "status": reply.status,
                "degraded": " ".join(reply.degraded),
                "lang": reply.lang,
                "tenant": turn.tenant,
            },
            confidence=reply.confidence,
            cost=reply.cost,
        )


async def _go(talk: Talk) -> None:
    """Clears up what is uncertain, then does what is asked."""
    lapse(talk)
    mine = _says_yes_again(talk)
    told = talk.flow is not None and talk.flow.step == "unknown"
    settled = await settle(talk, mine=mine and not told)
    if settled and (mine or talk.turn.choice == "cancel" or talk.reading.act in _JUST_ACTS):
        return
    if talk.turn.choice:
        await press(talk, talk.turn.choice)
        return
    if not talk.said:
        await silence(talk)
        return
    if in_danger(talk.said):
        _care(talk)
        return
    if talk.reading.upset:
        talk.say("upset.sorry")
    if asks_for_others(talk.said):
        talk.intent, talk.exact = "others_data", True
        talk.say("others.refused")
        common(talk)
    else:
        await hear(talk)
    if talk.reading.upset:
        talk.offer("intent:human", "choice.human")
    if not talk.lines:
        talk.say("unclear.once")


def _care(talk: Talk) -> None:
    """Nothing of the bank comes before this; what was begun waits."""
    talk.intent, talk.exact = "danger", True
    talk.say("danger.care")
    talk.say("danger.help")
    talk.link("hotline")
    talk.offer("intent:human", "choice.human")
    talk.offer("intent:call_back", "choice.call_back")


def _says_yes_again(talk: Talk) -> bool:
    """Whether the message is the yes to a write that was sent already."""
    pending = talk.pending
    if pending is None or not pending.begun:
        return False
    if talk.turn.choice:
        return talk.turn.choice == f"confirm:{pending.key}"
    return talk.reading.act == "affirm"


def _current(session: Session | None, turn: Turn, now_ms: int) -> Session:
    """The session, begun anew if it is over; only what must be cleared up outlives it."""
    fresh = Session(
        session=turn.session,
        tenant=turn.tenant,
        user=turn.user,
        begun_ms=now_ms,
        seen_ms=now_ms,
        lang=turn.lang or "zh",
    )
    if session is None:
        return fresh
    if now_ms - session.seen_ms <= EXPIRES_MS:
        return session
    return msgspec.structs.replace(
        fresh,
        lang=session.lang,
        pending=session.pending,
        unsettled=session.unsettled,
        replies=session.replies,
        cost=session.cost,
    )


def _reply(talk: Talk) -> Reply:
    return Reply(
        session=talk.turn.session,
        turn=talk.turn.turn,
        lang=talk.lang,
        text="\n".join(talk.lines),
        sources=tuple(dict.fromkeys(talk.sources)),
        actions=tuple(talk.actions),
        choices=tuple(talk.choices),
        degraded=tuple(talk.degraded),
        intent=talk.intent,
        confidence=round(talk.reading.confidence, 3),
        timing=Timing(model=round(talk.model_ms, 3)),
        cost=talk.cost,
        state=state_of(talk.flow),
    )


def _records(talk: Talk) -> list[ActionRecord]:
    turn = talk.turn
    return [
        ActionRecord(
            id=f"{turn.session}:{turn.turn}:{action.id}",
            at=format_ms(talk.now_ms),
            tenant=turn.tenant,
            user=turn.user,
            session=turn.session,
            turn=turn.turn,
            action=action,
        )
        for action in talk.actions
        if action.kind in _RECORDED
    ]


def _nameless(talk: Talk, text: str) -> str:
    """Without whom the person paid or was paid by, and what their accounts are called."""
    for name in sorted(filter(None, talk.theirs), key=len, reverse=True):
        text = text.replace(name, "[name]")
    return text


def _said(talk: Talk) -> str:
    """The words, or those on the button."""
    if not talk.turn.choice:
        return talk.said
    for reply in reversed(talk.before.replies):
        for one in reply.choices:
            if one.id == talk.turn.choice:
                return one.label
    return "[choice]"
