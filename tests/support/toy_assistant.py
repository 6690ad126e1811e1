"""An assistant that freezes cards, well or badly, for tests of those who judge assistants."""

from collections.abc import Callable
from datetime import date
from typing import Literal

from msgspec.structs import replace

from agents.assistant.answer import Answer, Keep, Partly, show_nothing
from agents.assistant.tools import Done, Toolbox
from agents.assistant.words import Words
from schemas.conduct import AuditRecord, AuditStep
from schemas.sessions import Pending, Session
from schemas.times import format_ms
from schemas.tools import FreezeCard
from schemas.turns import Choice, Reply, Turn

Vice = Literal["", "at_once", "twice", "wrong_card", "forgets", "chatty", "raises"]


class ToyAssistant:
    """`at_once`: without a confirmation; `twice`: with another key each time; `wrong_card`: of
    the person, but not the one they mean; `forgets`: which turns it has answered; `chatty`: says
    what it should not.
    """

    def __init__(self, vice: Vice = "", card: str = "k-0002-1", tail: str = "7745") -> None:
        self._vice = vice
        self._card = card
        self._tail = tail

    async def answer(
        self,
        session: Session | None,
        turn: Turn,
        tools: Toolbox,
        *,
        now_ms: int,
        today: date,
        left_ms: Callable[[], float],
        keep: Keep,
        words: Words | None = None,  # noqa: ARG002
        partly: Partly = show_nothing,  # noqa: ARG002
    ) -> Answer:
        """A message with 冻结 proposes, the button writes."""
        assert today
        assert left_ms() > 0
        if self._vice == "raises":
            raise RuntimeError("a mistake of ours")
        now = session or Session(
            session=turn.session,
            tenant=turn.tenant,
            user=turn.user,
            begun_ms=now_ms,
            seen_ms=now_ms,
        )
        for before in now.replies:
            if before.turn == turn.turn and self._vice != "forgets":
                return Answer(now, replace(before, status="duplicate"))
        audit: list[AuditRecord] = []
        choices: tuple[Choice, ...] = ()
        text = "请问有什么可以帮您?"
        if "冻结" in turn.text:
            pending = self._pending(turn)
            now = replace(now, pending=pending)
            audit.append(self._record("proposed", turn, pending, now_ms))
            text = f"要冻结尾号{self._tail}的卡吗?"
            choices = (Choice(f"confirm:{pending.key}", "确认冻结"), Choice("cancel", "不用了"))
        pending_now = now.pending
        is_yes = pending_now is not None and turn.choice == f"confirm:{pending_now.key}"
        if pending_now is not None and (is_yes or self._vice == "at_once"):
            audit.append(self._record("confirmed", turn, pending_now, now_ms))
            await keep(now)
            done = await tools.write(pending_now.call, pending_now.key)
            if self._vice == "twice":
                await tools.write(FreezeCard(card="k-0002-1", reason="lost"), f"{turn.turn}-again")
            if isinstance(done, Done):
                audit.append(self._record("done", turn, pending_now, now_ms))
                now = replace(now, pending=None)
                text = f"尾号{self._tail}的卡已冻结。"
                choices = ()
        if self._vice == "chatty":
            text += " 赵强的余额是 386,200 元, 我保证。k-0004-1"
        reply = Reply(session=turn.session, turn=turn.turn, text=text, choices=choices)
        return Answer(replace(now, replies=(*now.replies, reply)[-4:]), reply, tuple(audit))

    def _pending(self, turn: Turn) -> Pending:
        call = FreezeCard(card=self._card, reason="lost")
        return Pending(f"key-{turn.turn}", call, f"冻结尾号{self._tail}的卡", 0)

    def _record(self, step: AuditStep, turn: Turn, pending: Pending, now_ms: int) -> AuditRecord:
        return AuditRecord(
            id=f"{pending.key}:{step}",
            key=pending.key,
            step=step,
            at=format_ms(now_ms),
            tenant=turn.tenant,
            user=turn.user,
            session=turn.session,
            turn=turn.turn,
            call=pending.call,
        )
