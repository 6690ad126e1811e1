"""A worker of a test whose assistant echoes, as a process of its own.

It understands `slow SECONDS`, `boom`, and `do WHAT`: an effect in a SQLite file, once for each key,
which it asks for by the session's pending write as the real one does. After `die WHAT` the effect
is done and the process is killed before anything is kept, the first time.
"""

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec

from agents.assistant.answer import Answer, Keep, Partly, show_nothing
from agents.assistant.tools import Done, Failed, Fetched, Toolbox
from agents.assistant.words import Words
from schemas.conduct import ActionRecord, AuditRecord, Interaction
from schemas.sessions import MOST_EXCHANGES, MOST_REPLIES, Pending, Session
from schemas.times import format_ms
from schemas.tools import OpenTicket, ReadCall, Receipt, WriteCall
from schemas.turns import Action, Exchange, Reply, Turn
from sinks.cluster import Cluster
from streams.assistant.worker import run_assistant
from streams.logs import set_up
from streams.metrics import Metrics
from streams.settings import load


class Effects:
    """What was done, by key, in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._open() as base:
            base.execute("create table if not exists effects (key text primary key, user text)")
            base.execute("create table if not exists calls (key text)")

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=30)

    def do(self, key: str, user: str) -> bool:
        """True if it is new."""
        base = self._open()
        with base:
            base.execute("insert into calls values (?)", (key,))
            done = base.execute("insert or ignore into effects values (?, ?)", (key, user))
        base.close()
        return done.rowcount == 1

    def keys(self) -> list[str]:
        base = self._open()
        found = [key for (key,) in base.execute("select key from effects")]
        base.close()
        return found

    def calls(self) -> int:
        base = self._open()
        (found,) = base.execute("select count(*) from calls").fetchone()
        base.close()
        return int(found)


class Tools:
    """One user's effects."""

    def __init__(self, effects: Effects, user: str) -> None:
        self._effects = effects
        self._user = user
        self.spent: dict[str, float] = {}

    async def read(self, call: ReadCall) -> Fetched | Failed:
        self.spent[type(call).__name__] = 0.0
        return Failed("away")

    async def write(self, call: WriteCall, key: str) -> Done | Failed:
        new = await asyncio.to_thread(self._effects.do, key, self._user)
        self.spent["open_ticket"] = 1.0
        if new and isinstance(call, OpenTicket) and call.text == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        return Done(Receipt(key, "open_ticket", f"T-{key}", format_ms(0), not new))


class Echo:
    """Echoes, and numbers what it is told within a session."""

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
        assert today.year >= 2026
        assert left_ms() < 60_000
        before = session or Session(
            session=turn.session,
            tenant=turn.tenant,
            user=turn.user,
            begun_ms=now_ms,
            seen_ms=now_ms,
        )
        verb, _, what = turn.text.partition(" ")
        audit: tuple[AuditRecord, ...] = ()
        actions: tuple[ActionRecord, ...] = ()
        said = f"{len(before.exchanges)}: {turn.text}"
        if verb == "boom":
            raise RuntimeError("it fails on purpose")
        if verb == "slow":
            await asyncio.sleep(float(what))
        pending = before.pending
        if pending is None and verb in ("do", "die"):
            call = OpenTicket(topic="complaint", text=turn.text)
            pending = Pending(f"{turn.session}.{what}", call, what, now_ms + 60_000)
        if pending is not None:
            pending = msgspec.structs.replace(pending, begun=True)
            await keep(msgspec.structs.replace(before, pending=pending))
            outcome = await tools.write(
                msgspec.structs.replace(pending.call, text=verb), pending.key
            )
            assert isinstance(outcome, Done)
            audit = (
                AuditRecord(
                    id=f"{pending.key}:done", key=pending.key, step="done", at=format_ms(now_ms),
                    tenant=turn.tenant, user=turn.user, session=turn.session, turn=turn.turn,
                    call=pending.call, receipt=outcome.receipt,
                ),
            )  # fmt: skip
            action = Action(kind="tool_result", id=pending.key, receipt=outcome.receipt)
            actions = (
                ActionRecord(
                    id=pending.key, at=format_ms(now_ms), tenant=turn.tenant, user=turn.user,
                    session=turn.session, turn=turn.turn, action=action,
                ),
            )  # fmt: skip
            said += f" done {pending.key}"
        reply = Reply(session=turn.session, turn=turn.turn, text=said, intent="echo")
        exchange = Exchange(turn.turn, format_ms(now_ms), turn.text, said)
        after = msgspec.structs.replace(
            before,
            seen_ms=now_ms,
            pending=None,
            exchanges=(*before.exchanges, exchange)[-MOST_EXCHANGES:],
            replies=(*before.replies, reply)[-MOST_REPLIES:],
        )
        interaction = Interaction(
            id=f"{turn.session}:{turn.turn}", time=format_ms(now_ms), text=turn.text, answer=said,
            author="x", lang="en",
        )  # fmt: skip
        return Answer(after, reply, audit, actions, interaction)


def main() -> None:
    """`--bootstrap B --prefix P --port N EFFECTS`, as tests/support/workers.py starts it."""
    _, _, bootstrap, _, prefix, _, port, effects = sys.argv
    set_up("info")
    settings = load(
        overrides={"bootstrap": bootstrap, "prefix": prefix, "assistant_port": int(port)}
    )
    file = Effects(Path(effects))
    working = run_assistant(
        settings, Cluster(bootstrap), Metrics(), Echo(), lambda turn, _: Tools(file, turn.user)
    )
    raise SystemExit(asyncio.run(working))


if __name__ == "__main__":
    main()
