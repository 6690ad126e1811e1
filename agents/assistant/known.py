"""What is answered without being found anew: a look at the session, a turn that comes again."""

import msgspec

from agents.assistant.texts import text
from schemas.sessions import EXPIRES_MS, Flow, Session
from schemas.turns import Reply, Turn


def known(session: Session | None, turn: Turn, now_ms: int) -> Reply | None:
    """The reply to `show` and to a turn that was answered before. None: it is to be found.

    Whoever is not the session's person is refused: to keep sessions by person is for the caller, so
    that nobody comes upon one of somebody else.
    """
    if session is None:
        return _refusal(turn) if turn.kind == "show" else None
    if (session.tenant, session.user) != (turn.tenant, turn.user):
        return _refusal(turn)
    if turn.kind == "show":
        is_over = now_ms - session.seen_ms > EXPIRES_MS
        return _refusal(turn) if is_over else _history(session, turn)
    for reply in session.replies:
        if reply.turn == turn.turn:
            return msgspec.structs.replace(reply, status="duplicate")
    return None


def state_of(flow: Flow | None) -> str:
    """Flow and step, such as `unbind.confirm`; empty between flows."""
    if flow is None:
        return ""
    return f"{flow.name}.{flow.step}" if flow.step else flow.name


def _history(session: Session, turn: Turn) -> Reply:
    return Reply(
        session=turn.session,
        turn=turn.turn,
        lang=session.lang,
        state=state_of(session.flow),
        choices=session.replies[-1].choices if session.replies else (),
        cost=session.cost,
        history=session.exchanges,
    )


def _refusal(turn: Turn) -> Reply:
    lang = turn.lang or "zh"
    return Reply(
        session=turn.session,
        turn=turn.turn,
        status="refused",
        lang=lang,
        text=text(lang, "session.refused"),
    )
